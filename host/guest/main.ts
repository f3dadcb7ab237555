import { Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { SkillError } from '../errors.ts';
import { FIXED } from '../limits.ts';
import { decode } from '../wire/codec.ts';
import { frame, FrameSplitter } from '../wire/frame.ts';
import type { FromGuest, ToGuest } from '../wire/messages.ts';
import { loadModule } from './load-module.ts';
import type { Task } from './worker.ts';

/** The guest process: one control channel to the trusted side, one module, and a worker for each channel that is served. */
const CONTROL_FD = 3;
const MAX_CONTROL_BYTES = 128 * 1024 * 1024;

const firstChannel = Number(process.argv[2]);
const control = new Socket({ fd: CONTROL_FD, readable: true, writable: true });
const splitter = new FrameSplitter(MAX_CONTROL_BYTES);
const workers = new Map<number, Worker>();
let task: Task | undefined;

function send(message: FromGuest): void {
  control.write(frame(message));
}

function startWorker(channel: number): Worker {
  // No `execArgv` and no `env`: a worker that is given either starts without the permission model of the process.
  const worker = new Worker(new URL('./worker.js', import.meta.url), {
    workerData: firstChannel + channel,
    resourceLimits: {
      maxOldGenerationSizeMb: FIXED.worker_heap_mb.limit,
      maxYoungGenerationSizeMb: 16,
      stackSizeMb: FIXED.stack_kb.limit / 1024,
      codeRangeSizeMb: 32,
    },
  });
  workers.set(channel, worker);
  let why = '';
  worker.on('error', (error) => (why = describe(error)));
  worker.on('exit', () => {
    workers.delete(channel);
    send({ op: 'gone', channel, why });
  });
  return worker;
}

/** Takes the one module of this process; the first worker, which is up already, gets it at once. */
function load({ bytes, reuse, ...limits }: ToGuest & { op: 'load' }): void {
  try {
    task = { module: loadModule(bytes, limits), reuse };
    workers.get(0)?.postMessage(task);
    send({ op: 'loaded' });
  } catch (error) {
    const { code, message, hint, details } =
      error instanceof SkillError ? error : new SkillError('E_MODULE', String(error));
    send({
      op: 'refused',
      code,
      message,
      hint: hint ?? null,
      details: (details ?? {}) as Record<string, string | number>,
    });
  }
}

/** With the code: `ERR_WORKER_OUT_OF_MEMORY` says more than its sentence. */
function describe(error: unknown): string {
  return error instanceof Error
    ? `${(error as NodeJS.ErrnoException).code ?? error.name}: ${error.message}`
    : String(error);
}

control.on('data', (chunk) => {
  for (const payload of splitter.push(chunk)) {
    const message = decode(payload, { owned: true }) as unknown as ToGuest;
    if (message.op === 'load') load(message);
    else if (message.op === 'serve') startWorker(message.channel).postMessage(task);
    // It is gone when its thread is: some operations go on for long in a thread that was told to end.
    else void workers.get(message.channel)?.terminate();
  }
});
// Without the trusted side there is nobody to run for. An ordinary exit would wait for threads that do not end.
control.on('close', () => process.kill(process.pid, 'SIGKILL'));
startWorker(0);
send({ op: 'ready' });
