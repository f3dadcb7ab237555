import { quote, SkillError } from '../../host/index.ts';
import { explainFailure } from './explain.ts';
import type { FoundRef } from './find-ref.ts';
import { isCommitId } from './ref-name.ts';
import { urlOf } from './remote.ts';
import { ask, attempt, type Repository } from './repository.ts';

const FETCH =
  'fetch --quiet --no-progress --depth=1 --no-tags --no-recurse-submodules --no-auto-maintenance --no-write-commit-graph'.split(
    ' ',
  );

/**
 * Fetches one commit into the repository, and nothing of its history. @returns its id
 * @throws SkillError E_INTEGRITY for another object than was asked for by its id, E_NOT_FOUND for one that is no commit,
 * and as git fails
 */
export async function fetchCommit(repository: Repository, { name, format }: FoundRef): Promise<string> {
  const url = urlOf(repository.remote);
  await ask(repository, { args: ['init', '--quiet', '--template=', `--object-format=${format}`] });
  await ask(repository, { args: [...FETCH, '--', url, name] });
  const got = await readId(repository, 'FETCH_HEAD');
  if (isCommitId(name) && got !== name)
    throw new SkillError('E_INTEGRITY', `${quote(url, 300)} gave ${quote(got ?? 'nothing')} for the commit ${name}`, {
      hint: 'it is not used; tell the operator of that server',
      details: { reason: 'other_commit' },
    });
  const commit = await readId(repository, 'FETCH_HEAD^{commit}');
  if (commit !== undefined && (!isCommitId(name) || commit === name)) return commit;
  throw new SkillError('E_NOT_FOUND', `${quote(name)} of ${quote(url, 300)} is no commit`, {
    hint: commit === undefined ? 'ask for a tag or branch of commits' : `it is a tag of the commit ${commit}`,
    details: { reason: 'no_commit' },
  });
}

/** The id of the folder in a commit. @throws SkillError E_NOT_FOUND */
export async function findFolder(repository: Repository, commit: string, sub: string): Promise<string> {
  const object = sub === '' ? commit : await readId(repository, `${commit}:${sub}`);
  const tree = object === undefined ? undefined : await readId(repository, `${object}^{tree}`);
  if (tree !== undefined) return tree;
  throw new SkillError('E_NOT_FOUND', `${quote(urlOf(repository.remote), 300)} has no folder ${quote(sub)}`, {
    hint: 'check its name in the repository; capital letters count',
    details: { reason: 'no_folder' },
  });
}

async function readId(repository: Repository, revision: string): Promise<string | undefined> {
  const answer = await attempt(repository, {
    args: ['rev-parse', '--verify', '--quiet', '--end-of-options', revision],
  });
  const id = answer.stdout.toString('latin1').trim();
  if (answer.exitCode === 0 && isCommitId(id)) return id;
  if (answer.exitCode === undefined) throw explainFailure(answer, repository.remote);
  return undefined;
}
