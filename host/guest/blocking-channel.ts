import { readSync, writeSync } from 'node:fs';
import { HOST_ERROR_CODES, HostCallError, type HostErrorCode, type HostOperation } from '../abi/context.ts';
import { decode, type WireValue } from '../wire/codec.ts';
import { frame } from '../wire/frame.ts';

const HEADER = 4;

/**
 * A worker's own pipe to the trusted side: one request, then a blocking wait for its answer. `terminate()` cannot end a
 * thread that waits here; closing the other end of the pipe can, so every kill does that first.
 */
export class BlockingChannel {
  readonly #fd: number;
  readonly #header = new Uint8Array(HEADER);

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** @throws HostCallError when the trusted side refuses or fails the call, or would kill us for its size. */
  call(
    { run, maxBytes }: { readonly run: string; readonly maxBytes: number },
    operation: HostOperation,
    args: readonly WireValue[],
  ): WireValue {
    const request = frame([run, operation, args]);
    if (request.length > maxBytes)
      throw new HostCallError(
        'too-large',
        `a host call of ${request.length} bytes; the limit is ${maxBytes}`,
        'EMSGSIZE',
      );
    this.#write(request);
    const answer = decode(this.#read());
    if (!Array.isArray(answer)) throw new Error('the trusted side answered something else than a list');
    const [ok, value, message, errno] = answer as readonly WireValue[];
    if (ok === true) return value ?? null;
    const code = HOST_ERROR_CODES.find((known) => known === value) ?? ('failed' satisfies HostErrorCode);
    throw new HostCallError(
      code,
      typeof message === 'string' ? message : '',
      typeof errno === 'string' ? errno : undefined,
    );
  }

  #write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) at += orEndThread(() => writeSync(this.#fd, bytes, at));
  }

  #read(): Uint8Array {
    this.#fill(this.#header);
    const payload = new Uint8Array(new DataView(this.#header.buffer).getUint32(0, true));
    this.#fill(payload);
    return payload;
  }

  #fill(into: Uint8Array): void {
    for (let at = 0; at < into.length;) {
      at += orEndThread(() => readSync(this.#fd, into, at, into.length - at, null));
    }
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
