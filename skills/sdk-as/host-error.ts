import { takeString } from './abi';

const CODES = ['denied', 'not-found', 'invalid', 'rate-limited', 'too-large', 'timeout', 'failed'];

/** Why the host refused or failed: `error` of `skillhost:guest/types`. */
export class HostError {
  constructor(
    readonly code: string,
    readonly message: string,
  ) {}

  /** For people: the code, unless the host's sentence already begins with it, and that sentence. */
  toString(): string {
    if (this.message == '') return this.code;
    return this.message.startsWith(this.code) ? this.message : this.code + ': ' + this.message;
  }
}

/** What a host function answered: exactly one of the two is null. */
export class Answer<T> {
  constructor(
    readonly value: T | null,
    readonly error: HostError | null,
  ) {}
}

/** Reads the `err` case of a host function's `result<T, error>`; null when it is the `ok` case. */
export function takeError(answer: usize): HostError | null {
  if (load<u8>(answer) == 0) return null;
  const code = <i32>load<u8>(answer, 4);
  return new HostError(code < CODES.length ? CODES[code] : 'failed', takeString(load<usize>(answer, 8), load<usize>(answer, 12)));
}
