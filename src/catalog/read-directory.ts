import { createHash } from 'node:crypto';
import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { quote, SkillError } from '../../host/index.ts';
import { writeCache } from '../home/write-cache.ts';
import { MANIFEST_FILES } from '../manifest/format.ts';
import { type CatalogEntry, describeSkill, type IndexedEntry } from './entry.ts';
import { decodeCatalog, encodeCatalog } from './file.ts';
import { signFolder } from './signature.ts';

interface CatalogOptions {
  /** Where indexes are kept; with none, every folder is read. */
  readonly cache: string | undefined;
  /** The version of skillhost: another one may judge skills otherwise. */
  readonly maker: string;
}

/** Clocks of file systems tick this coarsely. */
const FRESH_MS = 50;
const PAUSE_MS = 10;

/**
 * Every skill directly below a directory, in the order of their folders. Folders that are as they were are taken from the
 * index on disk, the others are loaded, and the index is written again. A directory that is not there has none.
 * @throws SkillError E_NOT_FOUND for a directory that cannot be read
 */
export async function readDirectory(directory: string, options: CatalogOptions): Promise<readonly CatalogEntry[]> {
  const root = resolve(directory);
  const file = options.cache === undefined ? undefined : join(options.cache, 'catalog', `${nameOf(root)}.index`);
  const stored = file === undefined ? NO_ENTRIES : readStored(file, options.maker, root);
  const entries: IndexedEntry[] = [];
  const pause = createPause();
  for (const folder of foldersOf(root)) {
    const old = stored.get(folder);
    if (old !== undefined && isAsItWas(old)) entries.push(old);
    else if (hasManifest(join(root, folder))) {
      entries.push(await load(root, folder));
      await pause();
    }
  }
  if (file !== undefined && isOutdated(entries, stored)) writeCache(file, encodeCatalog(options.maker, entries));
  return entries;
}

const NO_ENTRIES: ReadonlyMap<string, IndexedEntry> = new Map();

/** Whether writing it again would save work the next time: not for what is read anew anyhow. */
function isOutdated(entries: readonly IndexedEntry[], stored: ReadonlyMap<string, IndexedEntry>): boolean {
  if (entries.length !== stored.size) return true;
  return entries.some((entry) => {
    const old = stored.get(entry.folder);
    if (old === entry) return false;
    return old?.signature !== entry.signature || old.isLive !== entry.isLive;
  });
}

function nameOf(root: string): string {
  return createHash('sha256').update(root).digest('hex').slice(0, 32);
}

function readStored(file: string, maker: string, root: string): ReadonlyMap<string, IndexedEntry> {
  try {
    const entries = decodeCatalog(maker, root, readFileSync(file)) ?? [];
    return new Map(entries.map((entry) => [entry.folder, entry]));
  } catch {
    // Absent, unreadable or torn: an index is made again from the folders.
    return NO_ENTRIES;
  }
}

function isAsItWas(entry: IndexedEntry): boolean {
  return !entry.isLive && signFolder(entry.path, entry)?.text === entry.signature;
}

/**
 * A change in the moment before the skill was read may have come after the bytes that were read, and would not show: such
 * an entry is taken for changed the next time.
 */
async function load(root: string, folder: string): Promise<IndexedEntry> {
  const path = join(root, folder);
  const begun = Date.now();
  // Its parsers take longer to load than an index in which nothing changed takes to read.
  const { loadSkill } = await import('../skill/load-skill.ts');
  const described = describeSkill(await loadSkill(path));
  const signature = signFolder(path, described);
  const isFresh = signature === undefined || signature.changed > begun - FRESH_MS;
  return {
    ...described,
    path,
    folder,
    signature: signature?.text ?? '',
    isLive: described.isLive || isFresh,
  };
}

/** Lets the rest of the process go on now and then: a skill is loaded without waiting for anything. */
function createPause(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < PAUSE_MS) return;
    await setImmediate();
    last = performance.now();
  };
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
