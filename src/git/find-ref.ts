import { quote, SkillError } from '../../host/index.ts';
import { nearest } from '../manifest/nearest.ts';
import { isCommitId } from './ref-name.ts';
import { urlOf } from './remote.ts';
import { ask, attempt, type Repository } from './repository.ts';

/** What to ask the remote for, and how long its object ids are. */
export interface FoundRef {
  readonly name: string;
  readonly format: 'sha1' | 'sha256';
}

const MOST_REFS = 8 * 1024 * 1024;

/** @throws SkillError E_NOT_FOUND, E_AMBIGUOUS for a name that is a tag and a branch, and as git fails */
export async function findRef(repository: Repository, ref: string | undefined): Promise<FoundRef> {
  const { remote } = repository;
  if (ref !== undefined && isCommitId(ref)) return { name: ref, format: formatOf(ref) };
  const names = candidates(ref);
  // As a pattern it fits every ref that ends like it; those are left out.
  const listed = parseRefs(await ask(repository, { args: ['ls-remote', '--', urlOf(remote), ...names] }));
  const [found, second] = listed.filter(({ name }) => names.includes(name));
  if (found === undefined) throw await unknown(repository, ref);
  if (second !== undefined)
    throw new SkillError('E_AMBIGUOUS', `${quote(urlOf(remote), 300)} has a tag and a branch ${quote(ref ?? '')}`, {
      hint: `ask for ${names.join(' or ')}`,
      details: { reason: 'tag_and_branch' },
    });
  return { name: found.name, format: formatOf(found.id) };
}

function candidates(ref: string | undefined): readonly string[] {
  if (ref === undefined || ref === 'HEAD') return ['HEAD'];
  return ref.startsWith('refs/') ? [ref] : [`refs/tags/${ref}`, `refs/heads/${ref}`];
}

function parseRefs(listing: Buffer): readonly { readonly id: string; readonly name: string }[] {
  return listing
    .toString('utf8')
    .split('\n')
    .flatMap((line) => {
      const [, id, name] = /^([0-9a-f]{40}|[0-9a-f]{64})\t(.+)$/.exec(line) ?? [];
      return id === undefined || name === undefined ? [] : [{ id, name }];
    });
}

function formatOf(id: string): FoundRef['format'] {
  return id.length === 40 ? 'sha1' : 'sha256';
}

async function unknown(repository: Repository, ref: string | undefined): Promise<SkillError> {
  const { remote } = repository;
  const where = quote(urlOf(remote), 300);
  if (ref === undefined || ref === 'HEAD')
    return new SkillError('E_NOT_FOUND', `${where} has no commit that it calls HEAD`, {
      hint: 'name a tag, branch or commit after #',
      details: { reason: 'no_ref' },
    });
  return new SkillError('E_NOT_FOUND', `${where} has no tag or branch ${quote(ref)}`, {
    hint: hintFor(ref, await namesOf(repository)),
    details: { reason: 'no_ref' },
  });
}

function hintFor(ref: string, names: readonly string[]): string {
  if (/^[0-9a-f]{4,63}$/.test(ref)) return 'a commit is named with all of its 40 or 64 digits';
  const near = nearest(ref, names);
  if (near !== undefined) return `did you mean ${quote(near)}?`;
  const some = names.slice(-5).map((name) => quote(name, 60));
  return some.length === 0 ? 'check its name in the repository' : `it has ${names.length}, such as ${some.join(', ')}`;
}

/** For a hint, so none when there are too many. */
async function namesOf(repository: Repository): Promise<readonly string[]> {
  const args = ['ls-remote', '--heads', '--tags', '--refs', '--', urlOf(repository.remote)];
  const answer = await attempt(repository, { args, most: MOST_REFS }).catch(() => undefined);
  repository.git.signal.throwIfAborted();
  if (answer?.exitCode !== 0) return [];
  return parseRefs(answer.stdout).map(({ name }) => name.replace(/^refs\/(?:heads|tags)\//, ''));
}
