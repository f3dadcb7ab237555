import { posix } from 'node:path';
import { FIXED } from '../limits.ts';

/** Why a path is refused whatever was granted. */
export type PathRefusal = { readonly refused: string };

const ENCODED = /%(?:2e|2f|5c|00|25)/i;
// The characters a path must not hold.
const CONTROL = /[\0-\x1f\x7f]/;

/** Makes a guest's path absolute, by text alone, or says why no such path is accepted. */
export function parsePath(raw: string, cwd: string): string | PathRefusal {
  if (raw === '') return { refused: 'the path is empty' };
  const most = FIXED.path_chars.limit;
  if (raw.length > most) return { refused: `the path is longer than ${most} characters; path_chars = ${most}` };
  if (CONTROL.test(raw)) return { refused: 'the path holds control characters' };
  if (!raw.isWellFormed()) return { refused: 'the path is not well-formed Unicode' };
  if (raw.includes('\\')) return { refused: 'the path holds a backslash' };
  if (ENCODED.test(raw)) return { refused: 'the path holds percent-encoded separators or dots' };
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(raw)) return { refused: 'it is a URL, not a path' };
  if (raw.startsWith('~')) return { refused: '~ is not expanded here; write the whole path' };
  if (raw.split('/').includes('..')) return { refused: 'the path holds ".."' };
  return posix.resolve(cwd, raw);
}

/** Directories of the kernel, whose files are doors rather than data. */
export function isKernelPath(path: string): boolean {
  return ['/proc', '/sys', '/dev'].some((root) => path === root || path.startsWith(`${root}/`));
}
