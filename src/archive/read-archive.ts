import { MANIFEST_FILES } from '../manifest/format.ts';
import type { RawFile } from '../tree/raw-file.ts';
import { ARCHIVE_CEILINGS, mostUnpacked } from './ceilings.ts';
import { Entries } from './entries.ts';
import { readTar } from './read-tar.ts';
import { readZip } from './read-zip.ts';
import { refuseArchive } from './refuse-archive.ts';
import { isTar } from './tar-header.ts';
import { unpackGzip } from './unpack.ts';

/**
 * The files of a tar, a tar.gz or a zip, told apart by their bytes. Everything stays in memory, and no more of it than
 * `ARCHIVE_CEILINGS` says. When all lies in one folder, as in what GitHub and npm pack, paths are relative to that.
 * @param shown what the archive is called in errors
 * @throws SkillError E_PACKAGE with `details.reason` and, where one is to blame, `details.entry`
 */
export async function readArchive(bytes: Uint8Array, shown: string): Promise<readonly RawFile[]> {
  const entries = new Entries(shown);
  if (startsWith(bytes, 'PK\x03\x04') || startsWith(bytes, 'PK\x05\x06')) await readZip(bytes, entries);
  else if (startsWith(bytes, '\x1f\x8b')) readTar(requireTar(await unpackTar(bytes, shown), shown), entries);
  else readTar(requireTar(bytes, shown), entries);
  return withoutTopFolder(entries);
}

async function unpackTar(packed: Uint8Array, shown: string): Promise<Uint8Array> {
  const { most, reason } = mostUnpacked(packed.length, ARCHIVE_CEILINGS.tarBytes);
  const unpacked = await unpackGzip(packed, most);
  if ('bytes' in unpacked) return unpacked.bytes;
  const mib = Math.floor(most / 2 ** 20);
  if (unpacked.failed === 'too_large')
    throw refuseArchive(shown, reason, `unpacks to more than ${mib} MiB, which is too much for what it is`);
  throw refuseArchive(shown, 'damaged', 'does not unpack: it is damaged, was cut off, or goes on behind its end');
}

function requireTar(bytes: Uint8Array, shown: string): Uint8Array {
  if (bytes.length > ARCHIVE_CEILINGS.tarBytes)
    throw refuseArchive(shown, 'too_large', `has more than ${ARCHIVE_CEILINGS.tarBytes / 2 ** 20} MiB`);
  if (isTar(bytes)) return bytes;
  const known = FORMATS.find(([magic]) => startsWith(bytes, magic))?.[1] ?? 'no archive that is known here';
  throw refuseArchive(shown, 'unknown_format', `is ${known}`);
}

/** What people give instead of an archive. */
const FORMATS: readonly (readonly [magic: string, what: string])[] = [
  ['\xfd7zXZ', 'packed by xz'],
  ['\x28\xb5\x2f\xfd', 'packed by zstd'],
  ['BZh', 'packed by bzip2'],
  ['7z\xbc\xaf', 'a 7z archive'],
  ['Rar!', 'a rar archive'],
  ['<', 'a web page'],
];

function startsWith(bytes: Uint8Array, magic: string): boolean {
  return Buffer.from(bytes.subarray(0, magic.length)).toString('latin1') === magic;
}

function withoutTopFolder({ files, folders }: Entries): readonly RawFile[] {
  const top = files[0]?.path.split('/')[0];
  if (top === undefined || files.some(({ path }) => MANIFEST_FILES.some((name) => name === path))) return files;
  const isShared =
    files.every(({ path }) => path.startsWith(`${top}/`)) &&
    [...folders].every((path) => path === top || path.startsWith(`${top}/`));
  return isShared ? files.map((file) => ({ ...file, path: file.path.slice(top.length + 1) })) : files;
}
