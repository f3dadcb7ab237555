import type { Entries } from './entries.ts';
import { hasDescriptor, type ZipEntry } from './zip-entry.ts';

const END_BYTES = 22;
const DIRECTORY_ENTRY_BYTES = 46;
/** Without and with its signature. */
const DESCRIPTOR_BYTES: readonly number[] = [12, 16];

/**
 * Requires that entries, directory and end fill the file, one behind the other. Bytes that two entries share are a bomb;
 * bytes that nobody names are a second directory, or a program in front.
 */
export function requireFilled(
  bytes: Uint8Array,
  zip: { readonly placed: readonly ZipEntry[]; readonly commentLength: number },
  entries: Entries,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - END_BYTES - zip.commentLength;
  const directory = zip.placed.reduce((sum, one) => sum + listedBytes(one), 0);
  if (view.getUint32(end + 12, true) !== directory || view.getUint32(end + 16, true) !== end - directory)
    throw entries.refuse('hidden_data', 'has a directory that is not its only one, at its end');
  let at = 0;
  let before: ZipEntry | undefined;
  for (const one of zip.placed.toSorted((a, b) => startOf(a) - startOf(b))) {
    requireNext(at, startOf(one), before, entries, one.name);
    at = one.local.fileDataStart + one.entry.compressedSize;
    before = one;
  }
  requireNext(at, end - directory, before, entries);
}

function requireNext(at: number, start: number, before: ZipEntry | undefined, entries: Entries, name?: string): void {
  const gap = start - at;
  if (gap < 0) throw entries.refuse('overlap', 'shares bytes with another', name ?? before?.name);
  const isFilled = gap === 0 || (before !== undefined && hasDescriptor(before.entry) && DESCRIPTOR_BYTES.includes(gap));
  if (!isFilled) throw entries.refuse('hidden_data', `has ${gap} bytes before it that belong to nothing`, name);
}

function startOf({ entry }: ZipEntry): number {
  return entry.relativeOffsetOfLocalHeader;
}

function listedBytes({ entry }: ZipEntry): number {
  return DIRECTORY_ENTRY_BYTES + entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength;
}
