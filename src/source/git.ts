import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, resolveHost, SkillError } from '../../host/index.ts';
import { fetchCommit, findFolder } from '../git/fetch-commit.ts';
import { findRef } from '../git/find-ref.ts';
import { type Resolve, pinAddresses } from '../git/pin-addresses.ts';
import { readFiles } from '../git/read-files.ts';
import { isCommitId } from '../git/ref-name.ts';
import type { Remote } from '../git/remote.ts';
import { requireVersion, type Repository } from '../git/repository.ts';
import { isGitRequest, parseGitRequest, writeGitRequest } from '../git/request.ts';
import { settingsFor } from '../git/settings.ts';
import { startDeadline } from '../git/deadline.ts';
import type { Source } from './source.ts';

export interface GitSourceOptions {
  /** Hosts, or `host:port`, that may have addresses that are not public and be asked over plain HTTP. */
  readonly privateHosts: readonly string[];
  /** Who is asked for addresses; default the system. */
  readonly resolve?: Resolve;
  /** Where `PATH`, and for ssh the user's home and agent, are read from; default those of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Of a whole fetch, milliseconds; default 120,000. */
  readonly timeoutMs?: number;
  /** What one fetch may bring, bytes; default 512 MiB. */
  readonly mostFetched?: number;
}

/**
 * A tag, branch or commit of a git repository: `git+https://host/path#REF&sub=FOLDER`, `git+ssh://…`,
 * `github:owner/repo/FOLDER@REF`, `https://….git`. Git is asked for one commit, and its files are read from its objects;
 * nothing is checked out. Only files of skills are in what is fetched.
 */
export function gitSource(options: GitSourceOptions): Source {
  const { timeoutMs = 120_000, mostFetched = 512 * 2 ** 20 } = options;
  return {
    kind: 'git',
    takes: isGitRequest,
    async fetch(request, { temporary, signal }) {
      const { remote, ref, sub } = parseGitRequest(request);
      const deadline = startDeadline({ signal, timeoutMs, folder: temporary, mostBytes: mostFetched });
      try {
        const repository = await openRepository(remote, { options, temporary, signal: deadline.signal });
        const commit = await fetchCommit(repository, await findRef(repository, ref));
        await deadline.requireSmall();
        const files = await readFiles(repository, await findFolder(repository, commit, sub));
        const resolved = writeGitRequest({ remote, ref: commit, sub });
        return { resolved, files, wasExpected: ref !== undefined && isCommitId(ref), signatures: [] };
      } finally {
        deadline.end();
      }
    },
  };
}

async function openRepository(
  remote: Remote,
  {
    options: { privateHosts, resolve = resolveHost, env: outer = process.env },
    temporary,
    signal,
  }: { readonly options: GitSourceOptions; readonly temporary: string; readonly signal: AbortSignal },
): Promise<Repository> {
  const file = findProgram('git', outer['PATH'] ?? '');
  if (file === undefined)
    throw new SkillError('E_UNSUPPORTED', 'a git repository is fetched with git, which is not on the PATH', {
      hint: 'install git 2.37 or newer, so that git --version works',
      details: { reason: 'no_git' },
    });
  const home = join(temporary, 'home');
  mkdirSync(home);
  const plain = settingsFor(remote, { addresses: [], home, outer });
  await requireVersion({ file, cwd: temporary, env: plain.env, signal });
  const addresses = await pinAddresses(remote, { privateHosts, resolve, signal });
  const { options, env } = settingsFor(remote, { addresses, home, outer });
  return {
    remote,
    git: { file, cwd: temporary, env, signal },
    options: [...options, `--git-dir=${join(temporary, 'repository.git')}`],
  };
}
