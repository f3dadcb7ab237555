import { Socket } from 'node:net';
import { Piscina } from 'piscina';
import { SkillError } from '../errors.ts';
import { FIXED } from '../limits.ts';
import { decode, type WireValue } from '../wire/codec.ts';
import { frame, FrameSplitter } from '../wire/frame.ts';
import type { FromGuest, ToGuest } from '../wire/messages.ts';
import { loadModule } from './load-module.ts';
import type { CompiledModule } from './run-call.ts';
import type { Task } from './worker.ts';

/** The guest process: one control channel to the trusted side, a pool of workers, one module. */
const CONTROL_FD = 3;
const MAX_CONTROL_BYTES = 128 * 1024 * 1024;

const [firstChannel = 4, workerCount = 1] = process.argv.slice(2).map(Number);
const pool = new Piscina<Task, never>({
  filename: new URL('./worker.js', import.meta.url).href,
  minThreads: 1,
  maxThreads: workerCount,
  idleTimeout: Infinity,
  // No `execArgv` and no `env`: a worker that is given either starts without the permission model of the process.
  resourceLimits: {
    maxOldGenerationSizeMb: FIXED.worker_heap_mb.limit,
    maxYoungGenerationSizeMb: 16,
    stackSizeMb: FIXED.stack_kb.limit / 1024,
    codeRangeSizeMb: 32,
  },
});
const control = new Socket({ fd: CONTROL_FD, readable: true, writable: true });
const splitter = new FrameSplitter(MAX_CONTROL_BYTES);
const aborts = new Map<number, AbortController>();
let module: CompiledModule | undefined;
let reuse = false;

function send(message: FromGuest): void {
  control.write(frame(message as { readonly [key in keyof FromGuest]: WireValue }));
}

async function load(message: ToGuest & { op: 'load' }): Promise<void> {
  try {
    module = await loadModule(message.bytes, message);
    reuse = message.reuse;
    send({ op: 'loaded' });
  } catch (error) {
    const {
      code,
      message: text,
      hint,
      details,
    } = error instanceof SkillError ? error : new SkillError('E_MODULE', String(error));
    send({
      op: 'refused',
      code,
      message: text,
      hint: hint ?? null,
      details: (details ?? {}) as Record<string, string | number>,
    });
  }
}

/** Has a worker wait at a channel, for as long as both live. */
async function serve(channel: number): Promise<void> {
  if (module === undefined) return;
  const abort = new AbortController();
  aborts.set(channel, abort);
  let why = '';
  try {
    await pool.run({ fd: firstChannel + channel, module, reuse }, { signal: abort.signal });
  } catch (error) {
    if (!abort.signal.aborted) why = describe(error);
  }
  aborts.delete(channel);
  if (!abort.signal.aborted) send({ op: 'gone', channel, why });
}

/** Ends a worker. It is gone when its thread is: some operations go on for long in a thread that was told to end. */
async function abortChannel(channel: number): Promise<void> {
  const abort = aborts.get(channel);
  // It ended by itself, and that was said.
  if (abort === undefined) return;
  const before = pool.threads;
  const gone = before.map((thread) => new Promise<void>((resolve) => thread.once('exit', () => resolve())));
  abort.abort();
  const after = new Set(pool.threads);
  await Promise.all(gone.filter((_, i) => !after.has(before[i] as (typeof before)[number])));
  send({ op: 'gone', channel, why: '' });
}

/** With the code: `ERR_WORKER_OUT_OF_MEMORY` says more than its sentence. */
function describe(error: unknown): string {
  return error instanceof Error
    ? `${(error as NodeJS.ErrnoException).code ?? error.name}: ${error.message}`
    : String(error);
}

control.on('data', (chunk) => {
  for (const payload of splitter.push(chunk)) {
    const message = decode(payload) as unknown as ToGuest;
    if (message.op === 'load') void load(message);
    else if (message.op === 'serve') void serve(message.channel);
    else void abortChannel(message.channel);
  }
});
// Without the trusted side there is nobody to run for. An ordinary exit would wait for threads that do not end.
control.on('close', () => process.kill(process.pid, 'SIGKILL'));
send({ op: 'ready' });
