import { readSync, writeSync } from 'node:fs';
import { decode, type WireValue } from '../wire/codec.ts';

const HEADER = 4;
const READ_AHEAD = 64 * 1024;

/**
 * A worker's own pipe to the trusted side, which it waits at for everything: calls, and the answers to what they ask.
 * `terminate()` cannot end a thread that waits here; closing the other end of the pipe can, so every kill does that first.
 */
export class BlockingChannel {
  readonly #fd: number;
  /** Mostly one read gets a whole message: none is sent before the last was answered. */
  readonly #buffer = new Uint8Array(READ_AHEAD);

  constructor(fd: number) {
    this.#fd = fd;
  }

  send(message: Uint8Array): void {
    for (let at = 0; at < message.length;) at += orEndThread(() => writeSync(this.#fd, message, at));
  }

  receive(): WireValue {
    let filled = this.#read(this.#buffer, 0);
    while (filled < HEADER) filled += this.#read(this.#buffer, filled);
    const size = HEADER + new DataView(this.#buffer.buffer).getUint32(0, true);
    let message = this.#buffer;
    if (size > message.length) {
      message = new Uint8Array(size);
      message.set(this.#buffer.subarray(0, filled));
    }
    while (filled < size) filled += this.#read(message.subarray(0, size), filled);
    return decode(message.subarray(HEADER, size));
  }

  #read(into: Uint8Array, at: number): number {
    return orEndThread(() => readSync(this.#fd, into, at, into.length - at, null));
  }
}

/** Ends the thread when the trusted side closed the channel: without one it would fail the next run as well. No guest can catch it. */
function orEndThread(transfer: () => number): number {
  try {
    const count = transfer();
    if (count > 0) return count;
  } catch {
    // As good as closed.
  }
  return process.exit(1);
}
