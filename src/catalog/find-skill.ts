import { stat } from 'node:fs/promises';
import { quote, quoteForShell, SkillError } from '../../host/index.ts';
import { describeProblem } from '../manifest/describe-problem.ts';
import type { Problem } from '../manifest/manifest.ts';
import { loadBareModule, loadSkill } from '../skill/load-skill.ts';
import type { ReadySkill, Skill } from '../skill/skill.ts';
import { type CatalogOptions, findEntry, readCatalog } from './catalog.ts';
import { mismatch, nameOf } from './read-installed.ts';

/**
 * Finds what a person called a skill: a folder, a bare module, an id, or an alias. It is loaded from its files, whatever
 * an index says of it.
 * @throws SkillError E_NOT_FOUND, E_AMBIGUOUS, E_MANIFEST
 */
export async function findSkill(reference: string, options: CatalogOptions): Promise<ReadySkill> {
  const kind = await kindOf(reference);
  if (kind === 'file') return loadBareModule(reference);
  if (kind === 'directory') return requireReady(await loadSkill(reference));
  if (looksLikePath(reference)) {
    throw new SkillError('E_NOT_FOUND', `there is no file or folder ${quote(reference)}`, {
      hint: 'give a skill folder, a .wasm file, or the id of a skill that skill list shows',
    });
  }
  const { ready, id, path, details, installed } = findEntry(await readCatalog(options), reference);
  if (!ready) throw notReady(id, path, details().problems);
  const skill = requireReady(await loadSkill(path, installed === undefined ? {} : { folderName: nameOf(id) }));
  // What was read may have been changed since it was looked at.
  const fault = installed?.fault();
  if (fault !== undefined) throw notReady(id, path, [mismatch(id, fault)]);
  if (skill.id === id) return installed === undefined ? skill : { ...skill, ...installed };
  // The index is behind its folders: what runs is what was named, or nothing.
  if (options.cache !== undefined) return findSkill(reference, { ...options, cache: undefined });
  throw new SkillError('E_NOT_FOUND', `the skill ${quote(id)} became another one while it was read`, {
    hint: 'try again when nothing writes its folder',
  });
}

/** @throws SkillError E_MANIFEST with all its problems when the skill is not ready. */
function requireReady(skill: Skill): ReadySkill {
  if (skill.ready) return skill;
  throw notReady(skill.id, skill.path, skill.problems);
}

function notReady(id: string, path: string, problems: readonly Problem[]): SkillError {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const why = errors.map(describeProblem).join('; ');
  const changed = errors.find(({ code }) => code === 'hash_mismatch');
  const installed = errors.find(({ file }) => file === 'skills.lock');
  return new SkillError(changed === undefined ? 'E_MANIFEST' : 'E_INTEGRITY', `the skill ${id} is not ready: ${why}`, {
    hint: installed?.fix ?? `skill validate ${quoteForShell(path)} shows every problem with its fix`,
    details: { problems: errors },
  });
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
