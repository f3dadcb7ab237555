import { type ErrorCode, quote, SkillError } from '../../host/index.ts';
import type { GitAnswer } from './run-git.ts';
import { type Remote, urlOf } from './remote.ts';

interface Case {
  readonly sign: RegExp;
  readonly code: ErrorCode;
  readonly reason: string;
  /** After the address. */
  readonly says: string;
  readonly hint: string;
}

/** What git says in English, from the surest sign to the vaguest. */
const CASES: readonly Case[] = [
  {
    sign: /unable to update url base|redirect|returned error: 3\d\d/i,
    code: 'E_NETWORK',
    reason: 'redirect',
    says: 'sends elsewhere, and redirects are not followed',
    hint: 'ask for the address the repository has now',
  },
  {
    sign: /Host key verification failed/i,
    code: 'E_DENIED',
    reason: 'host_key',
    says: 'has a key that is not among those of known hosts',
    hint: 'connect once with ssh, and compare the key with what its operator publishes',
  },
  {
    sign: /certificate|SSL_|handshake/i,
    code: 'E_NETWORK',
    reason: 'certificate',
    says: 'has no certificate that this machine trusts',
    hint: 'if it is your own, add the authority of its certificate to those of this system',
  },
  {
    sign: /could not read (?:Username|Password)|Authentication failed|returned error: 40[137]|Permission denied|terminal prompts disabled/i,
    code: 'E_DENIED',
    reason: 'auth_required',
    says: 'does not exist, or is not for everybody',
    hint: 'check the address; a private repository is asked for with git+ssh:// and the key of your ssh agent',
  },
  {
    sign: /not our ref|unadvertised object|couldn't find remote ref/i,
    code: 'E_NOT_FOUND',
    reason: 'no_ref',
    says: 'does not give out what was asked for',
    hint: 'check the commit, or ask for a tag or branch',
  },
  {
    sign: /repository .*not found|returned error: 4(?:04|10)|does not appear to be a git repository|not valid: is this a git repository|Repository not found/i,
    code: 'E_NOT_FOUND',
    reason: 'no_repository',
    says: 'is no git repository',
    hint: 'check the address',
  },
  {
    sign: /attempting to allocate|out of memory/i,
    code: 'E_PACKAGE',
    reason: 'too_large',
    says: 'has an object that is too large',
    hint: 'ask its author for a smaller repository, or an archive of the skill',
  },
  {
    sign: /fsck error|index-pack failed|unpack-objects|bad object|corrupt|pack has|mismatched algorithms/i,
    code: 'E_PACKAGE',
    reason: 'malformed',
    says: 'holds objects that git refuses',
    hint: 'its author runs git fsck, and mends what it finds',
  },
  {
    sign: /dumb http transport|does not support shallow/i,
    code: 'E_UNSUPPORTED',
    reason: 'dumb_http',
    says: 'is served as plain files, from which one commit cannot be fetched alone',
    hint: 'serve it with git http-backend, or publish an archive',
  },
];

const UNREACHABLE: Omit<Case, 'sign'> = {
  code: 'E_NETWORK',
  reason: 'git_failed',
  says: 'could not be fetched',
  hint: 'try again; if it stays, try git ls-remote with the address',
};

/** The error of a git that ended with something else than 0. */
export function explainFailure({ exitCode, stderr }: GitAnswer, remote: Remote): SkillError {
  const { code, reason, says, hint } = CASES.find(({ sign }) => sign.test(stderr)) ?? UNREACHABLE;
  const said = stderr.trim().replaceAll(/\s*\n\s*/g, '; ');
  return new SkillError(code, `${quote(urlOf(remote), 300)} ${says}: git said ${quote(said.slice(-300), 300)}`, {
    hint,
    details: { reason, exitCode },
  });
}
