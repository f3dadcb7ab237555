import { join } from 'node:path';
import { readStart } from './files.ts';
import { parseLine, writeLine } from './line.ts';
import { damaged } from './refuse.ts';

/** Names the last numbered file, so that files cut from the end of the chain are missed. */
export const HEAD = 'head.json';

const MAX_HEAD = 1024;

/** One numbered file of the ledger, and the sum of its first line. */
export interface Link {
  readonly n: number;
  readonly sum: string;
}

export function writeHead(link: Link): Buffer {
  return writeLine({ seq: link.n, prev: link.sum }).bytes;
}

/** Undefined when there is none; throws E_LEDGER when it is not, byte for byte, what `writeHead` wrote. */
export function readHead(dir: string): Link | undefined {
  const bytes = readStart(join(dir, HEAD), MAX_HEAD);
  if (bytes === undefined) return undefined;
  const line = bytes.indexOf(10) === bytes.length - 1 ? parseLine(bytes.subarray(0, -1)) : undefined;
  if (line === undefined) throw damaged(dir, `${HEAD} was changed`);
  return { n: line.fields.seq, sum: line.fields.prev };
}
