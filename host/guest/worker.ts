import nodeModule, { syncBuiltinESMExports } from 'node:module';
import threads, { parentPort, workerData } from 'node:worker_threads';
import { constants, setPriority } from 'node:os';
import { frame } from '../wire/frame.ts';
import type { GuestCall } from '../wire/messages.ts';
import { askHost } from './ask-host.ts';
import { BlockingChannel } from './blocking-channel.ts';
import { collectMemories } from './collect.ts';
import type { CompiledModule } from './compiled-module.ts';
import { Runner } from './runner.ts';

/** What a worker is for. */
export interface Task {
  readonly module: CompiledModule;
  readonly reuse: boolean;
}

// A worker made with options of its own is free of the permission model. Only the main thread makes workers.
Object.assign(threads, { Worker: undefined });
Object.assign(nodeModule, { register: undefined, registerHooks: undefined });
syncBuiltinESMExports();

const channel = new BlockingChannel(workerData as number);

/** Runs the calls that come over the channel, one after the other, until it is closed and the thread ends with it. */
function serve({ module, reuse }: Task): never {
  const runner = new Runner(module, reuse);
  // Of this thread alone: those that end a guest have the processor before those that run one.
  if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  for (;;) {
    // The trusted side is not suspected here.
    const call = channel.receive() as unknown as GuestCall;
    const outcome = runner.run(call, (...request) => askHost(channel, call.messageBytes, request));
    channel.send(frame({ ...outcome }));
    collectMemories();
    runner.prepare();
  }
}

parentPort?.once('message', serve);
