import { Socket } from 'node:net';
import { Piscina } from 'piscina';
import { SkillError } from '../errors.ts';
import { FIXED } from '../limits.ts';
import { decode, type WireValue } from '../wire/codec.ts';
import { frame, FrameSplitter } from '../wire/frame.ts';
import type { FromGuest, GuestCall, Outcome, ToGuest } from '../wire/messages.ts';
import { loadModule } from './load-module.ts';
import type { CompiledModule } from './run-call.ts';
import type { Task, WorkerSetup } from './worker.ts';

/** The guest process: one control channel to the trusted side, a pool of workers, one module. */
const CONTROL_FD = 3;
const MAX_CONTROL_BYTES = 128 * 1024 * 1024;

const [firstChannel = 4, channelCount = 1, workerCount = 1] = process.argv.slice(2).map(Number);
const setup: WorkerSetup = {
  channels: Array.from({ length: channelCount }, (_, i) => firstChannel + i),
  taken: new SharedArrayBuffer(4),
};
const pool = new Piscina<Task, Outcome | undefined>({
  filename: new URL('./worker.js', import.meta.url).href,
  minThreads: 1,
  maxThreads: workerCount,
  idleTimeout: Infinity,
  workerData: setup,
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
const aborts = new Map<string, AbortController>();
const endings = new Map<string, Promise<unknown>>();
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

async function run(id: string, call: GuestCall): Promise<void> {
  const abort = new AbortController();
  aborts.set(id, abort);
  const { signal } = abort;
  let outcome: Outcome;
  try {
    const task = { run: id, call, reuse };
    outcome =
      (await pool.run({ ...task, module: undefined }, { signal })) ??
      (await pool.run({ ...task, module }, { signal })) ??
      ended('trap', 'no module is loaded');
  } catch (error) {
    await endings.get(id);
    outcome = signal.aborted ? ended('aborted', '') : ended('died', describe(error));
  }
  endings.delete(id);
  aborts.delete(id);
  send({ op: 'done', run: id, outcome });
}

/** Ends a run. It is over when its thread is gone: some loops go on for minutes in a thread that was told to end. */
function abortRun(id: string): void {
  const running = aborts.get(id);
  if (running === undefined) return;
  const before = pool.threads;
  const gone = before.map((thread) => new Promise<void>((resolve) => thread.once('exit', () => resolve())));
  running.abort();
  const after = new Set(pool.threads);
  endings.set(id, Promise.all(gone.filter((_, i) => !after.has(before[i] as (typeof before)[number]))));
}

/** With the code: `ERR_WORKER_OUT_OF_MEMORY` says more than its sentence. */
function describe(error: unknown): string {
  return error instanceof Error
    ? `${(error as NodeJS.ErrnoException).code ?? error.name}: ${error.message}`
    : String(error);
}

function ended(kind: Outcome['kind'], message: string): Outcome {
  const nothing = new Uint8Array();
  return { kind, message, result: '', status: 0, stdout: nothing, stderr: nothing, memoryBytes: 0, fuelUsed: 0 };
}

control.on('data', (chunk) => {
  for (const payload of splitter.push(chunk)) {
    const message = decode(payload) as unknown as ToGuest;
    if (message.op === 'load') void load(message);
    else if (message.op === 'run') void run(message.run, message.call);
    else abortRun(message.run);
  }
});
// Without the trusted side there is nobody to run for. An ordinary exit would wait for threads that do not end.
control.on('close', () => process.kill(process.pid, 'SIGKILL'));
send({ op: 'ready' });
