import nodeModule, { syncBuiltinESMExports } from 'node:module';
import threads, { workerData } from 'node:worker_threads';
import type { GuestCall, Outcome } from '../wire/messages.ts';
import { BlockingChannel } from './blocking-channel.ts';
import { collectMemories } from './collect.ts';
import { type CompiledModule, type Kept, runCall } from './run-call.ts';

/** What every worker of a guest process is started with. */
export interface WorkerSetup {
  /** File descriptors of the channels to the trusted side, one for each worker this process will ever have. */
  readonly channels: readonly number[];
  /** How many of them are taken; workers count themselves in. */
  readonly taken: SharedArrayBuffer;
}

export interface Task {
  readonly run: string;
  readonly call: GuestCall;
  readonly reuse: boolean;
  /** Sent along until this worker has it. */
  readonly module: CompiledModule | undefined;
}

// A worker made with options of its own is free of the permission model. Only the main thread makes workers.
Object.assign(threads, { Worker: undefined });
Object.assign(nodeModule, { register: undefined, registerHooks: undefined });
syncBuiltinESMExports();

// piscina hands its own `workerData` through as it is.
const { channels, taken } = workerData as WorkerSetup;
const fd = channels[Atomics.add(new Int32Array(taken), 0, 1)];
if (fd === undefined) throw new Error('no channel is left for this worker');
const channel = new BlockingChannel(fd);
const kept: Kept = { live: undefined };
let module: CompiledModule | undefined;

/** Runs one call; answers undefined when this worker does not have the module yet. */
export default function runTask(task: Task): Outcome | undefined {
  module = task.module ?? module;
  if (module === undefined) return undefined;
  try {
    return runCall(
      module,
      task.call,
      (operation, ...args) => channel.call({ run: task.run, maxBytes: task.call.messageBytes }, operation, args),
      task.reuse ? kept : undefined,
    );
  } finally {
    collectMemories();
  }
}
