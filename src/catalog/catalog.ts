import { dirname, join, resolve } from 'node:path';
import { quote, SkillError } from '../../host/index.ts';
import type { Home } from '../home/home.ts';
import { PACKAGE, readVersion } from '../home/package.ts';
import type { Problem } from '../manifest/manifest.ts';
import { nearest } from '../manifest/nearest.ts';
import { type CatalogEntry, NO_DETAILS, toBroken } from './entry.ts';
import { type InstalledPlaces, readInstalled } from './read-installed.ts';
import { readDirectory } from './read-directory.ts';
import { selectEntries } from './select-entries.ts';

export interface CatalogOptions {
  /** Directories whose folders are skills. */
  readonly directories: readonly string[];
  /** The directory of the skills that ship with skillhost, the only ones that may be called core.*. */
  readonly bundled?: string;
  /** Where indexes are kept; with none, every folder is read. */
  readonly cache: string | undefined;
  /** The version of skillhost. */
  readonly maker: string;
  /** Where what is installed is kept. */
  readonly installed?: InstalledPlaces;
  /** Which skills take part, such as `a,b` or `!a`; all by default. */
  readonly select?: string | undefined;
}

/** Skills that ship with skillhost. */
const BUNDLED = join(PACKAGE, 'skills');

/** Whether a folder is that of a skill that ships with skillhost. */
export function isBundled(path: string): boolean {
  return dirname(path) === BUNDLED;
}

/** Where skills are looked for: in `directories`, then in the home, then among the bundled ones. */
export function catalogOf(home: Home, directories: readonly string[] = [], select?: string): CatalogOptions {
  const all = [...directories, home.skills, BUNDLED];
  const installed = { lock: home.lock, store: home.store, cache: home.cache };
  return { directories: all, bundled: BUNDLED, cache: home.cache, maker: readVersion(), installed, select };
}

/**
 * Every skill of some directories, in the order of their ids; a broken one is listed with its reasons.
 * @throws SkillError E_NOT_FOUND for a directory that is there and cannot be read, E_LOCKFILE, and as `selectEntries`
 */
export async function readCatalog(wanted: CatalogOptions): Promise<readonly CatalogEntry[]> {
  const { directories, bundled, select, installed, ...options } = wanted;
  const lists: (readonly CatalogEntry[])[] = [];
  if (installed !== undefined) lists.push(await readInstalled(installed, options));
  for (const directory of directories) {
    const entries = await readDirectory(directory, options);
    lists.push(
      bundled !== undefined && resolve(directory) === resolve(bundled) ? entries : entries.map(refuseReserved),
    );
  }
  const entries = lists.flat().toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  return select === undefined ? entries : selectEntries(entries, select);
}

/** Nobody but skillhost itself may be taken for a part of it. */
function refuseReserved(entry: CatalogEntry): CatalogEntry {
  const reserved = isReserved(entry.id) ? entry.id : entry.aliases.find(isReserved);
  if (!entry.ready || reserved === undefined) return entry;
  const details = entry.details();
  const problem: Problem = {
    severity: 'error',
    code: 'M_RESERVED',
    file: details.manifest,
    field: reserved === entry.id ? 'skill.id' : 'skill.aliases',
    message: `the name ${reserved} is reserved: core is for the skills that ship with skillhost`,
    fix: 'use another namespace, such as custom',
  };
  const problems = [...details.problems, problem];
  return { ...toBroken(entry), details: () => ({ ...NO_DETAILS, manifest: details.manifest, problems }) };
}

function isReserved(name: string): boolean {
  return name.startsWith('core.');
}

/**
 * The one that an id or alias means: ids come before aliases, skills that are ready before those that are not, and a name
 * that two have is refused.
 * @throws SkillError E_NOT_FOUND, E_AMBIGUOUS
 */
export function findEntry(entries: readonly CatalogEntry[], name: string): CatalogEntry {
  const byId = entries.filter(({ id }) => id === name);
  const readyById = byId.filter(({ ready }) => ready);
  const byAlias = entries.filter(({ ready, aliases }) => ready && aliases.includes(name));
  const [found, other] = [readyById, byId, byAlias].find((named) => named.length > 0) ?? [];
  if (found !== undefined && other !== undefined) {
    throw new SkillError('E_AMBIGUOUS', `${quote(name)} is the name of two skills: ${found.path} and ${other.path}`, {
      hint: 'name one by its folder',
    });
  }
  if (found !== undefined) return found;
  const similar = nearest(
    name,
    entries.map(({ id }) => id),
  );
  throw new SkillError('E_NOT_FOUND', `there is no skill ${quote(name)}`, {
    hint:
      similar === undefined
        ? 'skill list shows the skills that are here'
        : `did you mean ${similar}? skill list shows all`,
  });
}
