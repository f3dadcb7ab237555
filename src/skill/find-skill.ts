import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { quote, SkillError } from '../../host/index.ts';
import { nearest } from '../manifest/nearest.ts';
import type { Problem } from '../manifest/manifest.ts';
import { loadBareModule, loadSkill, MANIFEST_FILE } from './load-skill.ts';
import type { ReadySkill, Skill } from './skill.ts';

/** Finds what a person called a skill: a folder, a bare module, an id, or an alias. */
export async function findSkill(reference: string, directories: readonly string[]): Promise<ReadySkill> {
  const kind = await kindOf(reference);
  if (kind === 'file') return loadBareModule(reference);
  if (kind === 'directory') return requireReady(await loadSkill(reference));
  if (looksLikePath(reference)) {
    throw new SkillError('E_NOT_FOUND', `there is no file or folder ${quote(reference)}`, {
      hint: 'give a skill folder, a .wasm file, or the id of a skill that skill list shows',
    });
  }
  const skills = await listSkills(directories);
  const byId = skills.filter(({ id }) => id === reference);
  const named = byId.length > 0 ? byId : skills.filter((skill) => skill.ready && skill.aliases.includes(reference));
  const [found, other] = named;
  if (found !== undefined && other !== undefined) {
    throw new SkillError(
      'E_AMBIGUOUS',
      `${quote(reference)} is the name of two skills: ${found.path} and ${other.path}`,
      { hint: 'name one by its folder' },
    );
  }
  if (found !== undefined) return requireReady(found);
  const similar = nearest(
    reference,
    skills.map(({ id }) => id),
  );
  throw new SkillError('E_NOT_FOUND', `there is no skill ${quote(reference)}`, {
    hint:
      similar === undefined
        ? 'skill list shows the skills that are here'
        : `did you mean ${similar}? skill list shows all`,
  });
}

/** Every skill directly below the directories, in the order of their ids. A broken one is listed with its reasons. */
export async function listSkills(directories: readonly string[]): Promise<Skill[]> {
  const skills: Skill[] = [];
  for (const directory of directories) {
    for (const name of await foldersOf(directory)) skills.push(await loadSkill(join(directory, name)));
  }
  return skills.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

/** @throws SkillError E_MANIFEST with all its problems when the skill is not ready. */
function requireReady(skill: Skill): ReadySkill {
  if (skill.ready) return skill;
  const errors = skill.problems.filter(({ severity }) => severity === 'error');
  throw new SkillError('E_MANIFEST', `the skill ${skill.id} is not ready: ${errors.map(describeProblem).join('; ')}`, {
    hint: `skill validate ${skill.path} shows every problem with its fix`,
    details: { problems: errors },
  });
}

export function describeProblem({ file, line, column, message }: Problem): string {
  const place = line === undefined ? file : `${file}:${line}${column === undefined ? '' : `:${column}`}`;
  return `${place}: ${message}`;
}

function looksLikePath(reference: string): boolean {
  return (
    reference.includes('/') ||
    reference.includes('\\') ||
    reference.endsWith('.wasm') ||
    reference === '.' ||
    reference === '..'
  );
}

async function kindOf(path: string): Promise<'file' | 'directory' | undefined> {
  try {
    const found = await stat(path);
    return found.isDirectory() ? 'directory' : found.isFile() ? 'file' : undefined;
  } catch {
    return undefined;
  }
}

/** Folders with a manifest; a folder that cannot be read has none. */
async function foldersOf(directory: string): Promise<string[]> {
  let entries;
  try {
    entries = await readdir(directory, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new SkillError(
      'E_NOT_FOUND',
      `the directory ${quote(directory)} cannot be read: ${(error as NodeJS.ErrnoException).code}`,
      { hint: 'check that it is a directory you may read' },
    );
  }
  const folders: string[] = [];
  for (const entry of entries) {
    if (!entry.isDirectory() && !entry.isSymbolicLink()) continue;
    if ((await kindOf(join(directory, entry.name, MANIFEST_FILE))) !== undefined) folders.push(entry.name);
  }
  return folders;
}
