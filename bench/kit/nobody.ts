import { type GuestContext, OutputSink } from '../../host/abi/context.ts';

/** A guest that reaches nothing: for measuring what happens before a call leaves it. */
export const NOBODY: GuestContext = {
  hostCall: () => null,
  args: [],
  stdin: new Uint8Array(),
  stdout: new OutputSink(0, 'output_kb'),
  stderr: new OutputSink(0, 'log_kb'),
  clock: { wall: () => 0, monotonic: () => 0n, sleepUntil: () => undefined },
  random: () => undefined,
  roots: [],
  messageBytes: 65_536,
};
