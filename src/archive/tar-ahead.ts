import { ARCHIVE_CEILINGS } from './ceilings.ts';
import type { Entries } from './entries.ts';
import { parsePax, type PaxWords } from './pax.ts';
import { decode, type TarHeader } from './tar-header.ts';

/** Whether it says what holds for the next entry instead of its header: by PAX, or by a long name of GNU. */
export function isAhead({ type }: TarHeader): boolean {
  return type === 'x' || type === 'g' || type === 'L';
}

/** @throws SkillError E_PACKAGE */
export function readAhead({ name, type, size }: TarHeader, content: Uint8Array, entries: Entries): PaxWords {
  if (size > ARCHIVE_CEILINGS.wordBytes) throw entries.refuse('header', `is a header of ${size} bytes`, name);
  if (type === 'L') {
    // Ended by NUL, which GNU counts.
    const path = decode(content.at(-1) === 0 ? content.subarray(0, -1) : content);
    if (path === undefined) throw entries.refuse('header', 'is a long name that is not UTF-8', name);
    return { path };
  }
  const words = parsePax(content, type === 'g');
  if (typeof words === 'string') throw entries.refuse('header', words, name);
  return words;
}
