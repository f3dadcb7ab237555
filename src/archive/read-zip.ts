import { crc32 } from 'node:zlib';
import { SkillError } from '../../host/index.ts';
import { ARCHIVE_CEILINGS, mostUnpacked } from './ceilings.ts';
import type { Entries } from './entries.ts';
import { unpackDeflate } from './unpack.ts';
import { modeOf, requireReadable, requireSame, type ZipEntry } from './zip-entry.ts';
import { requireFilled } from './zip-layout.ts';

/** Reads a zip that there is one way to read. What its directory promises is checked before anything is unpacked. */
export async function readZip(bytes: Uint8Array, entries: Entries): Promise<void> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const placed = await readDirectory(buffer, entries);
  const fair = mostUnpacked(bytes.length, ARCHIVE_CEILINGS.bytes);
  let promised = 0;
  const opened = placed.map((one) => {
    const { name, entry } = one;
    promised += entry.uncompressedSize;
    if (fair.reason === 'ratio' && promised > fair.most)
      throw entries.refuse('ratio', 'unpacks to far more than there is', name);
    const isFolder = name.endsWith('/');
    if (isFolder && entry.uncompressedSize !== 0) throw entries.refuse('header', 'is a folder with a content', name);
    return { ...one, isFolder, path: entries.open(name, isFolder ? 'folder' : 'file', entry.uncompressedSize) };
  });
  for (const one of opened) {
    const content = await unpackEntry(bytes, one, entries);
    if (one.isFolder) continue;
    entries.take({ path: one.path, bytes: content, executable: (modeOf(one.entry) & 0o100) !== 0 });
  }
}

async function readDirectory(bytes: Buffer, entries: Entries): Promise<readonly ZipEntry[]> {
  const { fromBufferPromise } = await import('yauzl');
  const placed: ZipEntry[] = [];
  try {
    const zip = await fromBufferPromise(bytes, { lazyEntries: true, decodeStrings: false });
    const most = ARCHIVE_CEILINGS.entries;
    if (zip.entryCount > most)
      throw entries.refuse('too_many_files', `has ${zip.entryCount} entries; at most ${most} are read`);
    for await (const entry of zip.eachEntry()) {
      const name = requireReadable(entry, entries);
      const local = await zip.readLocalFileHeaderPromise(entry);
      const one = { name, entry, local };
      requireSame(one, entries);
      placed.push(one);
    }
    requireFilled(bytes, { placed, commentLength: zip.comment.length }, entries);
    return placed;
  } catch (error) {
    if (error instanceof SkillError) throw error;
    throw entries.refuse('header', `is damaged: ${(error as Error).message.slice(0, 120)}`);
  }
}

async function unpackEntry(bytes: Uint8Array, { entry, local, name }: ZipEntry, entries: Entries): Promise<Uint8Array> {
  const { compressedSize, uncompressedSize, compressionMethod } = entry;
  const packed = bytes.subarray(local.fileDataStart, local.fileDataStart + compressedSize);
  const unpacked = compressionMethod === 0 ? { bytes: packed } : await unpackDeflate(packed, uncompressedSize);
  const isWhole =
    'bytes' in unpacked && unpacked.bytes.length === uncompressedSize && crc32(unpacked.bytes) === entry.crc32;
  if (!isWhole) throw entries.refuse('damaged', 'does not unpack to what the directory says', name);
  return unpacked.bytes;
}
