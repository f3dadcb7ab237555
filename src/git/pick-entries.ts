import { quote, SkillError } from '../../host/index.ts';
import { findSkills } from '../install/find-skills.ts';
import { MANIFEST_CEILINGS } from '../manifest/ceilings.ts';
import type { TreeEntry } from './tree-entry.ts';

const MOST_BYTES = 2 * MANIFEST_CEILINGS.folderBytes;
const NOTHING = new Uint8Array();

/**
 * The files of the skills among these, before any is read: nothing else of a repository is looked at, and what lies in a
 * skill must be a file. @throws SkillError E_PACKAGE
 */
export function pickEntries(entries: readonly TreeEntry[]): readonly TreeEntry[] {
  const named = entries.map((entry) => ({ path: entry.path, bytes: NOTHING, executable: false, entry }));
  const skills = findSkills(named).map(({ folder, files }) => ({ folder, own: files.map(({ entry }) => entry) }));
  for (const { folder, own } of skills) requireSmall(folder, own);
  const picked = skills.flatMap(({ own }) => own);
  if (sum(picked) > MOST_BYTES)
    throw refused('too_large', `the skills of the git repository have more than ${MOST_BYTES / 2 ** 20} MiB together`);
  picked.forEach(requireFile);
  return picked;
}

function requireSmall(folder: string, own: readonly TreeEntry[]): void {
  const { folderFiles, folderBytes } = MANIFEST_CEILINGS;
  const name = folder === '' ? 'the git repository, which is one skill,' : `the folder ${quote(folder)}`;
  if (own.length > folderFiles)
    throw refused('too_many_files', `${name} has ${own.length} files; a skill has at most ${folderFiles}`);
  const bytes = sum(own);
  if (bytes > folderBytes)
    throw refused('too_large', `${name} has ${bytes} bytes; a skill has at most ${folderBytes / 2 ** 20} MiB`);
}

function requireFile({ path, mode }: TreeEntry): void {
  if (mode === '160000')
    throw refused('submodule', `${quote(path)} is a submodule; a skill has all of its files in its own repository`);
  if (mode === '120000') throw refused('link', `${quote(path)} is a link; a skill is its own files`);
}

function sum(entries: readonly TreeEntry[]): number {
  return entries.reduce((bytes, { size }) => bytes + size, 0);
}

function refused(reason: string, message: string): SkillError {
  const hint = 'its author changes that; of a repository with several skills, name one folder with sub=FOLDER';
  return new SkillError('E_PACKAGE', message, { hint, details: { reason } });
}
