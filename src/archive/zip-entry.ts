import type { Entry, LocalFileHeader } from 'yauzl';
import type { Entries } from './entries.ts';
import { decode } from './tar-header.ts';

/** One entry of a zip, with where its bytes are. */
export interface ZipEntry {
  readonly name: string;
  readonly entry: Entry;
  readonly local: LocalFileHeader;
}

const ENCRYPTED = 0x1 | 0x40 | 0x2000;
const HAS_DESCRIPTOR = 0x8;
const IS_UTF8 = 0x800;
const UNICODE_PATH = 0x7075;

/** The name of an entry that can be read: plain, of a known compression, and a file or a folder. */
export function requireReadable(entry: Entry, entries: Entries): string {
  const name = nameOf(entry, entries);
  if ((entry.generalPurposeBitFlag & ENCRYPTED) !== 0) throw entries.refuse('encrypted', 'is encrypted', name);
  const { compressionMethod } = entry;
  if (compressionMethod !== 0 && compressionMethod !== 8)
    throw entries.refuse('compression', `is compressed by method ${compressionMethod}, which is not read`, name);
  const type = modeOf(entry) & 0o170000;
  if (type === 0o120000) throw entries.refuse('link', 'is a link', name);
  if (type !== 0 && type !== (name.endsWith('/') ? 0o040000 : 0o100000))
    throw entries.refuse('special_file', 'is neither a file nor a folder', name);
  return name;
}

/** Some readers go by the directory and some by what stands before the bytes: both say the same, or it is two packages. */
export function requireSame({ entry, local, name }: ZipEntry, entries: Entries): void {
  // A descriptor behind the bytes says what is zero before them.
  const isEqual = (listed: number, placed: number): boolean =>
    placed === listed || (placed === 0 && hasDescriptor(entry));
  const isSame =
    entry.fileNameRaw.equals(local.fileName) &&
    entry.generalPurposeBitFlag === local.generalPurposeBitFlag &&
    entry.compressionMethod === local.compressionMethod &&
    isEqual(entry.crc32, local.crc32) &&
    isEqual(entry.compressedSize, local.compressedSize) &&
    isEqual(entry.uncompressedSize, local.uncompressedSize);
  if (!isSame) throw entries.refuse('two_headers', 'is one thing in the directory and another at its place', name);
}

export function hasDescriptor({ generalPurposeBitFlag }: Entry): boolean {
  return (generalPurposeBitFlag & HAS_DESCRIPTOR) !== 0;
}

/** As Unix tools write it; zero from others. */
export function modeOf({ externalFileAttributes }: Entry): number {
  return externalFileAttributes >>> 16;
}

function nameOf({ fileNameRaw, generalPurposeBitFlag, extraFields }: Entry, entries: Entries): string {
  const name = decode(fileNameRaw);
  const isAscii = fileNameRaw.every((byte) => byte < 0x80);
  if (name === undefined || (!isAscii && (generalPurposeBitFlag & IS_UTF8) === 0))
    throw entries.refuse('name_encoding', 'has a name that is not UTF-8', fileNameRaw.toString('latin1'));
  if (extraFields.some(({ id }) => id === UNICODE_PATH)) throw entries.refuse('two_names', 'has two names', name);
  return name;
}
