import { fileURLToPath } from 'node:url';
import { basename, join } from 'node:path';
import { quote } from '../../host/index.ts';
import { readLockfile } from '../lockfile/file.ts';
import { isLinked, type LockedSkill } from '../lockfile/lockfile.ts';
import type { Problem } from '../manifest/manifest.ts';
import { checkQuickly } from '../store/check-quickly.ts';
import { type CatalogEntry, describeSkill, NO_DETAILS, toBroken } from './entry.ts';
import { readDirectory } from './read-directory.ts';

export interface InstalledPlaces {
  readonly lock: string;
  readonly store: string;
  readonly cache: string;
}

/**
 * Every skill of the lock file, in the order of their ids. One whose files are not those that were installed is listed as
 * not ready, and so is one that is switched off.
 * @throws SkillError E_LOCKFILE
 */
export async function readInstalled(
  { lock, store, cache }: InstalledPlaces,
  options: { readonly cache: string | undefined; readonly maker: string },
): Promise<readonly CatalogEntry[]> {
  const { skills } = await readLockfile(lock);
  if (skills.size === 0) return [];
  const trees = join(store, 'sha256');
  const kept = [...skills.values()].filter((skill) => !isLinked(skill));
  const only = new Map(kept.map((skill) => [folderOf(skill), nameOf(skill.id)]));
  const found = new Map(
    (await readDirectory(trees, { ...options, only })).map((entry) => [basename(entry.path), entry]),
  );
  const entries: CatalogEntry[] = [];
  for (const skill of skills.values()) {
    if (isLinked(skill)) entries.push(await readLinked(skill));
    else {
      const path = join(trees, folderOf(skill));
      const fault = (): string | undefined => checkQuickly(path, skill.integrity, cache);
      entries.push(judge(skill, found.get(folderOf(skill)) ?? blank(path, skill.id), fault));
    }
  }
  return entries;
}

function judge(skill: LockedSkill, entry: CatalogEntry, fault: () => string | undefined): CatalogEntry {
  const { id, granted, enabled } = skill;
  if (!enabled) return refuse({ ...entry, id }, disabled(id));
  const wrong = fault() ?? (entry.ready && entry.id !== id ? `it is called ${quote(entry.id)}` : undefined);
  if (wrong !== undefined) return refuse({ ...entry, id }, mismatch(id, wrong));
  return { ...entry, installed: { granted, fault } };
}

/** A folder its developer works in: whatever is in it now. */
async function readLinked({ id, source, granted, enabled }: LockedSkill): Promise<CatalogEntry> {
  const path = fileURLToPath(source);
  if (!enabled) return refuse(blank(path, id), disabled(id));
  const { loadSkill } = await import('../skill/load-skill.ts');
  const skill = await loadSkill(path);
  const entry: CatalogEntry = { ...describeSkill(skill), path, signature: skill.ready ? skill.hash : '' };
  if (!entry.ready) return { ...entry, id };
  if (entry.id !== id) return refuse({ ...entry, id }, mismatch(id, `it is called ${quote(entry.id)}`));
  return { ...entry, installed: { granted, fault: () => undefined } };
}

function refuse(entry: CatalogEntry, problem: Problem): CatalogEntry {
  const details = entry.details();
  return { ...toBroken(entry), details: () => ({ ...NO_DETAILS, manifest: details.manifest, problems: [problem] }) };
}

function blank(path: string, id: string): CatalogEntry {
  return {
    ...toBroken({ ...describeSkill({ ready: false, id, path, problems: [] }), path, signature: '' }),
    details: () => NO_DETAILS,
  };
}

function disabled(id: string): Problem {
  return {
    severity: 'error',
    code: 'M_DISABLED',
    file: 'skills.lock',
    message: 'it is switched off',
    fix: `skill enable ${id} switches it on`,
  };
}

/** That the files of a skill are not those that were installed. */
export function mismatch(id: string, why: string): Problem {
  return {
    severity: 'error',
    code: 'hash_mismatch',
    file: 'skills.lock',
    message: `${id} is not what was installed: ${why}`,
    fix: 'skill install --frozen fetches it again; find out first who changed it',
  };
}

function folderOf({ integrity }: LockedSkill): string {
  return integrity.slice('sha256:'.length);
}

/** The folder's name that a skill of this id would have. */
export function nameOf(id: string): string {
  return id.slice(id.indexOf('.') + 1);
}
