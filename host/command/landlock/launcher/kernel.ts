import koffi from 'koffi';
import { type CallName, type Processor, PROCESSORS } from './call-numbers.ts';

const WORD = 'int64';
const CODES = new Map(Object.entries(koffi.os.errno).map(([name, value]) => [value, name]));

/** Memory that the kernel was told of must not move or go away; this process is soon another program. */
const held: Buffer[] = [];

const syscall = koffi.load(null).func('syscall', WORD, [WORD, WORD, WORD, WORD, WORD, WORD, WORD]) as (
  ...words: readonly (number | bigint)[]
) => number | bigint;

/** The processor that this runs on. @throws where it is none whose calls are known */
export function processor(): Processor {
  const known = PROCESSORS[process.arch];
  if (known === undefined) throw new Error(`the calls of ${process.arch} are not known`);
  return known;
}

/** Where bytes are, for the kernel to read; text is ended by a zero. */
export function addressOf(of: Buffer | string): bigint {
  const bytes = typeof of === 'string' ? Buffer.from(`${of}\0`) : of;
  held.push(bytes);
  return koffi.address(bytes);
}

/** Calls the kernel. Its threads are not asked: what is set is set for the one that becomes the program. @throws what it says, with a `code` */
export function call(name: CallName, ...words: readonly (number | bigint)[]): number {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = words;
  const answer = Number(syscall(processor().numbers[name], a, b, c, d, e, f));
  if (answer >= 0) return answer;
  const code = CODES.get(koffi.errno()) ?? 'EIO';
  throw Object.assign(new Error(`${name}: ${code}`), { code });
}
