import nodeModule, { syncBuiltinESMExports } from 'node:module';
import threads from 'node:worker_threads';
import { frame } from '../wire/frame.ts';
import type { GuestCall } from '../wire/messages.ts';
import { askHost } from './ask-host.ts';
import { BlockingChannel } from './blocking-channel.ts';
import { collectMemories } from './collect.ts';
import { type CompiledModule, type Kept, runCall } from './run-call.ts';

/** What a worker does from its first call to its last. */
export interface Task {
  /** The descriptor of its channel to the trusted side. */
  readonly fd: number;
  readonly module: CompiledModule;
  readonly reuse: boolean;
}

// A worker made with options of its own is free of the permission model. Only the main thread makes workers.
Object.assign(threads, { Worker: undefined });
Object.assign(nodeModule, { register: undefined, registerHooks: undefined });
syncBuiltinESMExports();

/** Runs the calls that come over a channel, one after the other, until the channel is closed and the thread ends with it. */
export default function serve({ fd, module, reuse }: Task): never {
  const channel = new BlockingChannel(fd);
  const kept: Kept | undefined = reuse ? { live: undefined } : undefined;
  for (;;) {
    // The trusted side is not suspected here.
    const call = channel.receive() as unknown as GuestCall;
    const outcome = runCall(module, call, (...request) => askHost(channel, call.messageBytes, request), kept);
    channel.send(frame({ ...outcome }));
    collectMemories();
  }
}
