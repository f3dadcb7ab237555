import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../../host/index.ts';

/** What a machine without git cannot run; in CI there is one, or the tests fail. */
export const NO_GIT = findProgram('git', process.env['PATH'] ?? '') === undefined && process.env['CI'] !== 'true';

export interface TestFile {
  readonly path: string;
  readonly text?: string | Buffer;
  /** Default `100644`; of a submodule `text` is a commit. */
  readonly mode?: '100644' | '100755' | '120000' | '160000';
}

/** A folder for repositories that are served. */
export function makeRoot(): { readonly root: string; readonly remove: () => void } {
  const root = mkdtempSync(join(tmpdir(), 'skillhost-git-'));
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** A bare repository, written object by object, so that it can hold what git itself would not add. */
export class TestRepository {
  readonly folder: string;
  #mark = 0;

  constructor(folder: string, format: 'sha1' | 'sha256' = 'sha1') {
    this.folder = folder;
    execFileSync('git', ['init', '--quiet', '--bare', `--object-format=${format}`, '--initial-branch=main', folder]);
  }

  git(args: readonly string[], input?: string | Buffer): string {
    return execFileSync('git', ['-C', this.folder, ...args], {
      input: input ?? '',
      encoding: 'utf8',
      env: AUTHOR,
    }).trim();
  }

  /** Sets a ref to a new commit of these files alone, and returns its id. */
  commit(ref: string, files: readonly TestFile[]): string {
    this.#mark++;
    const parts = [
      `commit ${ref}\ncommitter A <a@example.org> ${1_700_000_000 + this.#mark} +0000\ndata 1\nx\ndeleteall\n`,
    ];
    const stream = files.reduce<Buffer[]>(
      (all, { path, text = '', mode = '100644' }) => {
        if (mode === '160000') return [...all, Buffer.from(`M 160000 ${text.toString()} ${path}\n`)];
        const bytes = Buffer.from(text);
        return [...all, Buffer.from(`M ${mode} inline ${path}\ndata ${bytes.length}\n`), bytes, Buffer.from('\n')];
      },
      parts.map((part) => Buffer.from(part)),
    );
    this.git(['fast-import', '--quiet', '--force'], Buffer.concat(stream));
    return this.git(['rev-parse', ref]);
  }

  /** Sets a ref to a commit of a tree that is written as it is: lines of `git ls-tree`. */
  commitTree(ref: string, lines: readonly string[]): string {
    const tree = this.git(['mktree', '--missing'], lines.map((line) => `${line}\n`).join(''));
    const commit = this.git(['commit-tree', '-m', 'x', tree]);
    this.git(['update-ref', ref, commit]);
    return commit;
  }

  blob(text: string | Buffer): string {
    return this.git(['hash-object', '-w', '--stdin'], text);
  }
}

const AUTHOR = {
  PATH: process.env['PATH'] ?? '',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.org',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.org',
};
