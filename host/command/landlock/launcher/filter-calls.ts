import { callFilter } from './call-filter.ts';
import { addressOf, call, processor } from './kernel.ts';

// cspell:ignore prctl seccomp

const SET_FILTER = 22;
const BY_PROGRAM = 2;
const STEP_BYTES = 8;

/** The kernel asks the filter at every call from here on, also of all that is started. */
export function filterCalls(): void {
  const filter = callFilter(processor());
  const program = Buffer.alloc(16);
  program.writeUInt16LE(filter.length / STEP_BYTES, 0);
  program.writeBigUInt64LE(addressOf(filter), 8);
  call('prctl', SET_FILTER, BY_PROGRAM, addressOf(program));
}
