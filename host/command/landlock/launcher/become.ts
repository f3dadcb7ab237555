import { addressOf, call } from './kernel.ts';

// cspell:ignore execve fcntl sigaction

const SET_DESCRIPTOR_FLAGS = 2;
const GET_FILE_FLAGS = 3;
const SET_FILE_FLAGS = 4;
const DOES_NOT_WAIT = 0o4000;
const CLOSE_WHEN_REPLACED = 4;
const LAST_DESCRIPTOR = 0xffffffff;
const FIRST_OTHER = 3;
/** Which Node ignores, and a program would go on ignoring: a broken pipe, and a file that gets too large. */
const IGNORED_SIGNALS = [13, 25];
const SIGNAL_SET_BYTES = 8;

/** Becomes another program, which gets its input and outputs and no other descriptor. Returns only by an error. */
export function become(file: string, argv: readonly string[], env: readonly string[]): never {
  for (const signal of IGNORED_SIGNALS) call('rt_sigaction', signal, addressOf(Buffer.alloc(32)), 0, SIGNAL_SET_BYTES);
  call('close_range', FIRST_OTHER, LAST_DESCRIPTOR, CLOSE_WHEN_REPLACED);
  for (let fd = 0; fd < FIRST_OTHER; fd++) giveOn(fd);
  call('execve', addressOf(file), addressOf(pointers(argv)), addressOf(pointers(env)));
  throw new Error('the program was not started');
}

/** Stays open in the program, which waits at it: Node may have set it not to, and few programs expect that. */
function giveOn(fd: number): void {
  call('fcntl', fd, SET_DESCRIPTOR_FLAGS, 0);
  call('fcntl', fd, SET_FILE_FLAGS, call('fcntl', fd, GET_FILE_FLAGS) & ~DOES_NOT_WAIT);
}

/** Addresses of texts, ended by none. */
function pointers(texts: readonly string[]): Buffer {
  const bytes = Buffer.alloc((texts.length + 1) * 8);
  texts.forEach((text, i) => bytes.writeBigUInt64LE(addressOf(text), i * 8));
  return bytes;
}
