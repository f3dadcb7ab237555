import { SkillError } from '../../host/index.ts';
import { explainFailure } from './explain.ts';
import type { Remote } from './remote.ts';
import { type GitAnswer, type GitCall, type GitProcess, runGit } from './run-git.ts';

/** A bare repository of this fetch alone, and the remote it is filled from. */
export interface Repository {
  readonly remote: Remote;
  readonly git: GitProcess;
  /** Settings, and which repository it is. */
  readonly options: readonly string[];
}

const SMALL = 64 * 1024;

/** Runs git, which must succeed. @throws SkillError as `explainFailure` says */
export async function ask(repository: Repository, call: Pick<GitCall, 'args'> & Partial<GitCall>): Promise<Buffer> {
  const answer = await attempt(repository, call);
  if (answer.exitCode !== 0) throw explainFailure(answer, repository.remote);
  return answer.stdout;
}

/** Runs git, which may fail. */
export function attempt(
  { git, options }: Repository,
  { args, input, most = SMALL }: Pick<GitCall, 'args'> & Partial<GitCall>,
): Promise<GitAnswer> {
  return runGit(git, { args: [...options, ...args], most, ...(input === undefined ? {} : { input }) });
}

/** Older ones ignore the addresses they are told to use. @throws SkillError E_UNSUPPORTED */
export async function requireVersion(git: GitProcess): Promise<void> {
  const { exitCode, stdout } = await runGit(git, { args: ['--version'], most: SMALL });
  const [, major, minor] = /^git version (\d+)\.(\d+)/.exec(stdout.toString('latin1')) ?? [];
  if (exitCode === 0 && Number(major) * 1000 + Number(minor) >= 2037) return;
  throw new SkillError('E_UNSUPPORTED', 'the git of this machine is older than 2.37, or none', {
    hint: 'install git 2.37 or newer, so that git --version says so',
    details: { reason: 'old_git' },
  });
}
