import { hasInvisible, SkillError } from '../../host/index.ts';
import { checkPath } from '../tree/check-path.ts';
import { parseRemote, type Remote, urlOf } from './remote.ts';
import { isRefName } from './ref-name.ts';

/** What a request for something in a git repository says. */
export interface GitRequest {
  readonly remote: Remote;
  /** A tag, a branch or a full commit; undefined for what the repository calls HEAD. */
  readonly ref: string | undefined;
  /** The folder of the repository, with `/`; empty for all of it. */
  readonly sub: string;
}

const GITHUB = /^github:([A-Za-z0-9][A-Za-z0-9-]*)\/((?!-)[A-Za-z0-9._-]*[A-Za-z0-9_-])(?:\/([^@#]+))?(?:@([^#]+))?$/;
const PLAIN = /^https:\/\/[^#?]*\.git$/;
const SHAPES = 'git+https://host/path#REF&sub=FOLDER, git+ssh://git@host/path#REF, or github:owner/repo/FOLDER@REF';

/** Whether a request is for a git repository, by its beginning, and the end of a plain address. */
export function isGitRequest(request: string): boolean {
  return /^(?:git\+|github:)/.test(request) || PLAIN.test(beforeFragment(request));
}

/** @throws SkillError E_USAGE. Nothing of the request is in the message: it may hold a password. */
export function parseGitRequest(request: string): GitRequest {
  if (hasInvisible(request) || request.length > 2_048)
    throw malformed('the request for a git repository has invisible characters, or too many', SHAPES);
  const place = beforeFragment(request);
  const fragment = parseFragment(request.slice(place.length + 1));
  const short = GITHUB.exec(place);
  if (place.startsWith('github:') && short === null)
    throw malformed('the request is no repository of GitHub', 'github:owner/repo, github:owner/repo/FOLDER@REF');
  if (short === null) return { remote: parseRemote(place.replace(/^git\+/, '')), ...fragment };
  const [, owner, repository = '', folder = '', ref] = short;
  if (ref !== undefined && fragment.ref !== undefined)
    throw malformed('the request names a ref twice, after @ and after #', SHAPES);
  const remote = parseRemote(`https://github.com/${owner}/${repository.replace(/(?<=.)\.git$/, '')}.git`);
  return {
    remote,
    ref: ref === undefined ? fragment.ref : requireRef(ref),
    sub: requireFolder([folder, fragment.sub]),
  };
}

/** The request that means this and nothing else. */
export function writeGitRequest({ remote, ref, sub }: GitRequest): string {
  const parts = [...(ref === undefined ? [] : [ref]), ...(sub === '' ? [] : [`sub=${sub}`])];
  return `git+${urlOf(remote)}${parts.length === 0 ? '' : `#${parts.join('&')}`}`;
}

function beforeFragment(request: string): string {
  const at = request.indexOf('#');
  return at === -1 ? request : request.slice(0, at);
}

/** `REF`, `REF&sub=FOLDER` or `sub=FOLDER`. Each further `sub` is a folder in the one before. */
function parseFragment(text: string): Pick<GitRequest, 'ref' | 'sub'> {
  const parts = text === '' ? [] : text.split('&');
  const [first] = parts;
  const ref = first === undefined || first.startsWith('sub=') ? undefined : requireRef(first);
  const folders = ref === undefined ? parts : parts.slice(1);
  if (!folders.every((part) => /^sub=./s.test(part)))
    throw malformed('after # there is something that is neither a ref nor sub=FOLDER', SHAPES);
  return { ref, sub: requireFolder(folders.map((part) => part.slice('sub='.length))) };
}

function requireRef(ref: string): string {
  const commit = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i;
  if (commit.test(ref)) return ref.toLowerCase();
  if (!isRefName(ref))
    throw malformed('the ref in the request is no name of a tag or branch, and no commit', 'such as v1.2.0 or main');
  if (ref.startsWith('refs/') && !/^refs\/(?:heads|tags)\//.test(ref))
    throw malformed('only tags and branches can be asked for by name', 'refs/tags/NAME, refs/heads/NAME or a commit');
  return ref;
}

function requireFolder(folders: readonly string[]): string {
  const sub = folders.filter((folder) => folder !== '').join('/');
  if (sub !== '' && (checkPath(sub) !== undefined || sub.startsWith('-')))
    throw malformed('the folder in the request is no plain path', 'such as sub=skills/weather');
  return sub;
}

function malformed(message: string, hint: string): SkillError {
  return new SkillError('E_USAGE', message, { hint });
}
