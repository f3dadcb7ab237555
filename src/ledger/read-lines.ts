import { open } from 'node:fs/promises';
import { READ_PLAIN, refuseOther } from './files.ts';

const CHUNK = 64 * 1024;

/** One line of a file, or what is wrong with it: no line end, or longer than `max`. */
export type RawLine =
  | { readonly line: number; readonly bytes: Buffer; readonly fault?: undefined }
  | { readonly line: number; readonly bytes?: undefined; readonly fault: 'torn' | 'too_long' };

/** Streams the lines of a plain file, never holding more than one of them and a chunk. */
export async function* readLines(path: string, max: number): AsyncGenerator<RawLine, void, void> {
  const file = await open(path, READ_PLAIN);
  try {
    refuseOther(await file.stat());
    let rest = Buffer.alloc(0);
    let line = 1;
    let isTooLong = false;
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK);
      if (bytesRead === 0) break;
      rest = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
      for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
        yield isTooLong || end > max ? { line, fault: 'too_long' } : { line, bytes: rest.subarray(0, end) };
        rest = rest.subarray(end + 1);
        isTooLong = false;
        line += 1;
      }
      isTooLong ||= rest.length > max;
      if (isTooLong) rest = Buffer.alloc(0);
    }
    if (isTooLong) yield { line, fault: 'too_long' };
    else if (rest.length > 0) yield { line, fault: 'torn' };
  } finally {
    await file.close();
  }
}
