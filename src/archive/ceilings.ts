import { MANIFEST_CEILINGS } from '../manifest/ceilings.ts';

const { folderBytes, folderFiles } = MANIFEST_CEILINGS;
const ENTRIES = folderFiles * 2;

/** What an archive may be at most. Each is held while it is unpacked, so nothing beyond it is ever in memory. */
export const ARCHIVE_CEILINGS = {
  files: folderFiles,
  /** Folders are entries as well. */
  entries: ENTRIES,
  /** Of the contents of all files. */
  bytes: folderBytes,
  /** Of a tar, which has a header and padding for each entry. */
  tarBytes: folderBytes + ENTRIES * 2048,
  /** Unpacked bytes for each packed one, counted from `ratioFrom` bytes on: a short file of zeros is no bomb. */
  ratio: 200,
  ratioFrom: 2 ** 20,
  /** Of the names and other words of one entry that do not fit its header. */
  wordBytes: 16 * 1024,
} as const;

/** How much `packed` bytes may unpack to. */
export function mostUnpacked(packed: number, most: number): { readonly most: number; readonly reason: string } {
  const { ratio, ratioFrom } = ARCHIVE_CEILINGS;
  const fair = Math.max(ratioFrom, packed * ratio);
  return fair < most ? { most: fair, reason: 'ratio' } : { most, reason: 'too_large' };
}
