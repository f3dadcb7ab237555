import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
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
  /** Only these folders, and what to take for the name of each, where it says nothing about its skill. */
  readonly only?: ReadonlyMap<string, string>;
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
  const stored = file === undefined ? [] : readStored(file, options.maker, root);
  const entries: IndexedEntry[] = [];
  const pause = createPause();
  let at = 0;
  const names = options.only === undefined ? namesIn(root) : [...options.only.keys()].toSorted();
  for (const folder of names) {
    // Both are in the same order. Of an index that is not, less is found.
    while ((stored[at]?.folder ?? folder) < folder) at++;
    const old = stored[at];
    if (old?.folder === folder && isAsItWas(old)) entries.push(old);
    else if (isSkill(join(root, folder))) {
      entries.push(await load(root, folder, options.only?.get(folder)));
      await pause();
    }
  }
  if (file !== undefined && isOutdated(entries, stored)) writeCache(file, encodeCatalog(options.maker, entries));
  return entries;
}

/** Whether writing it again would save work the next time: not for what is read anew anyhow. */
function isOutdated(entries: readonly IndexedEntry[], stored: readonly IndexedEntry[]): boolean {
  if (entries.length !== stored.length) return true;
  return entries.some((entry, i) => {
    const old = stored[i];
    if (old === entry) return false;
    return old?.folder !== entry.folder || old.signature !== entry.signature || old.isLive !== entry.isLive;
  });
}

function nameOf(root: string): string {
  return createHash('sha256').update(root).digest('hex').slice(0, 32);
}

function readStored(file: string, maker: string, root: string): readonly IndexedEntry[] {
  try {
    return decodeCatalog(maker, root, readFileSync(file)) ?? [];
  } catch {
    // Absent, unreadable or torn: an index is made again from the folders.
    return [];
  }
}

function isAsItWas(entry: IndexedEntry): boolean {
  return !entry.isLive && signFolder(entry.path, entry)?.text === entry.signature;
}

/**
 * A change in the moment before the skill was read may have come after the bytes that were read, and would not show: such
 * an entry is taken for changed the next time.
 */
async function load(root: string, folder: string, folderName: string | undefined): Promise<IndexedEntry> {
  const path = join(root, folder);
  const begun = Date.now();
  // Its parsers take longer to load than an index in which nothing changed takes to read.
  const { loadSkill } = await import('../skill/load-skill.ts');
  const described = describeSkill(await loadSkill(path, folderName === undefined ? {} : { folderName }));
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

/** In order. Which of them are folders is asked only of what is not in the index. */
function namesIn(root: string): string[] {
  try {
    return readdirSync(root).toSorted();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw new SkillError('E_NOT_FOUND', `the directory ${quote(root)} cannot be read: ${code}`, {
      hint: 'check that it is a directory you may read',
    });
  }
}

function isSkill(folder: string): boolean {
  return isThere(`${folder}/`) && MANIFEST_FILES.some((file) => isThere(join(folder, file)));
}

function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // A link in circles, or a folder that may not be entered, has nothing that could be read.
    return false;
  }
}
