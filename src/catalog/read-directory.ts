import { createHash } from 'node:crypto';
import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { quote, SkillError } from '../../host/index.ts';
import { writeCache } from '../home/write-cache.ts';
import { MANIFEST_FILES } from '../manifest/format.ts';
import { loadSkill } from '../skill/load-skill.ts';
import { type CatalogEntry, describeSkill, type EntryDetails, type EntryRecord } from './entry.ts';
import { decodeCatalog, encodeCatalog } from './file.ts';
import { signFolder } from './signature.ts';

interface CatalogOptions {
  /** Where indexes are kept; with none, every folder is read. */
  readonly cache: string | undefined;
  /** The version of skillhost: another one may judge skills otherwise. */
  readonly maker: string;
}

interface Known {
  readonly record: EntryRecord;
  readonly details: () => EntryDetails;
}

/** Stands in the list until its folder is read. */
const PENDING = undefined as unknown as Known;

/** Skills loaded at once; each waits for the disk most of the time. */
const AT_ONCE = 8;
/** Clocks of file systems tick this coarsely. */
const FRESH_MS = 50;

/**
 * Every skill directly below a directory, in the order of their folders. Folders that are as they were are taken from the
 * index on disk, the others are loaded, and the index is written again. A directory that is not there has none.
 * @throws SkillError E_NOT_FOUND for a directory that cannot be read
 */
export async function readDirectory(directory: string, options: CatalogOptions): Promise<CatalogEntry[]> {
  const root = resolve(directory);
  const file = options.cache === undefined ? undefined : join(options.cache, 'catalog', `${nameOf(root)}.index`);
  const stored = file === undefined ? new Map<string, Known>() : readStored(file, options.maker);
  const known: Known[] = [];
  const changed: { readonly at: number; readonly folder: string }[] = [];
  for (const folder of foldersOf(root)) {
    const old = stored.get(folder);
    if (old !== undefined && isAsItWas(join(root, folder), old.record)) known.push(old);
    else if (hasManifest(join(root, folder))) changed.push({ at: known.push(PENDING) - 1, folder });
  }
  await eachAtOnce(changed, async ({ at, folder }) => {
    known[at] = await load(root, folder);
  });
  if (file !== undefined && isOutdated(known, stored)) {
    const entries = known.map(({ record, details }) => ({ record, details: details() }));
    writeCache(file, encodeCatalog(options.maker, entries));
  }
  return known.map(({ record, details }) => toEntry(root, record, details));
}

/** Whether writing it again would save work the next time: not for what is read anew anyhow. */
function isOutdated(known: readonly Known[], stored: ReadonlyMap<string, Known>): boolean {
  if (known.length !== stored.size) return true;
  return known.some(({ record }) => {
    const old = stored.get(record.folder)?.record;
    return old?.signature !== record.signature || old.isLive !== record.isLive || old.ready !== record.ready;
  });
}

function toEntry(root: string, record: EntryRecord, details: () => EntryDetails): CatalogEntry {
  const { id, ready, version, description, aliases, tools, signature } = record;
  return { path: join(root, record.folder), id, ready, version, description, aliases, tools, signature, details };
}

function nameOf(root: string): string {
  return createHash('sha256').update(root).digest('hex').slice(0, 32);
}

function readStored(file: string, maker: string): Map<string, Known> {
  const known = new Map<string, Known>();
  try {
    const stored = decodeCatalog(maker, readFileSync(file));
    if (stored === undefined) return known;
    for (const [i, record] of stored.records.entries()) {
      known.set(record.folder, { record, details: () => stored.detailsAt(i) });
    }
  } catch {
    // Absent, unreadable or torn: an index is made again from the folders.
    known.clear();
  }
  return known;
}

function isAsItWas(path: string, record: EntryRecord): boolean {
  return !record.isLive && signFolder(path, record)?.text === record.signature;
}

/**
 * A change in the moment before the skill was read may have come after the bytes that were read, and would not show: such
 * an entry is taken for changed the next time.
 */
async function load(root: string, folder: string): Promise<Known> {
  const path = join(root, folder);
  const begun = Date.now();
  const { details, ...record } = describeSkill(await loadSkill(path));
  const signature = signFolder(path, record);
  const isFresh = signature === undefined || signature.changed > begun - FRESH_MS;
  return {
    record: { ...record, folder, signature: signature?.text ?? '', isLive: record.isLive || isFresh },
    details: () => details,
  };
}

async function eachAtOnce<Item>(items: readonly Item[], visit: (item: Item) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const lane = async (): Promise<void> => {
    for (const item of waiting) await visit(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

function foldersOf(root: string): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(root, { withFileTypes: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw new SkillError('E_NOT_FOUND', `the directory ${quote(root)} cannot be read: ${code}`, {
      hint: 'check that it is a directory you may read',
    });
  }
  return entries
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map(({ name }) => name)
    .toSorted();
}

function hasManifest(folder: string): boolean {
  return MANIFEST_FILES.some((file) => {
    try {
      return statSync(join(folder, file), { throwIfNoEntry: false }) !== undefined;
    } catch {
      // A link in circles, or a folder that may not be entered, has none that could be read.
      return false;
    }
  });
}
