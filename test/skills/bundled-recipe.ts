import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRuntime } from '../../src/index.ts';
import type { Grant } from '../../src/policy/grant.ts';
import type { Report } from '../../src/recipe/report.ts';
import { findProgram } from '../../host/capability/find-program.ts';
import { scratch, write } from '../runtime/folders.ts';

const PATH = process.env['PATH'] ?? '';

/** What a run of a bundled recipe came to. */
export interface Came {
  /** `ok`, or that of the error. */
  readonly code: string;
  readonly message: string;
  readonly report: Report | undefined;
  /** The steps that asked. */
  readonly asked: readonly string[];
}

export interface Around {
  readonly cwd: string;
  readonly grant: Grant;
  /** Folders with programs that stand before those of this machine. */
  readonly before?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Says no to this step. */
  readonly declines?: string;
}

/** Runs a recipe as a program would that says yes to its questions. */
export async function runRecipe(
  skill: string,
  recipe: string,
  input: Readonly<Record<string, unknown>>,
  { cwd, grant, before, env = {}, declines }: Around,
): Promise<Came> {
  const asked: string[] = [];
  const runtime = createRuntime({
    home: scratchHome,
    cwd,
    grant,
    spare: false,
    env: { PATH: before === undefined ? PATH : `${before}:${PATH}`, ...env },
    confirm: ({ step }) => {
      if (step !== undefined) asked.push(step.step);
      return step !== undefined && step.step !== declines;
    },
  });
  try {
    const result = await runtime.run(skill, recipe, { input });
    if (result.ok) return { code: 'ok', message: '', report: result.result as Report, asked };
    const { code, message, details } = result.error;
    return { code, message, report: details?.['report'] as Report | undefined, asked };
  } finally {
    await runtime.close();
  }
}

const scratchHome = scratch();

/** A stand-in for a program: it fails for calls that hold a text, after having done what was asked, or instead. */
export function failing(program: string, when: { readonly holds: string; readonly does: boolean }): string {
  const act = when.does ? '"$REAL" "$@"' : ':';
  return standIn(program, when.holds, `${act}; echo 'it was made to fail' >&2; exit 9`);
}

/** A stand-in for a program during which something else happens, for calls that hold a text. */
export function busy(program: string, holds: string, meanwhile: string): string {
  return standIn(program, holds, `PATH=${PATH}; export PATH; ${meanwhile} || exit 8`);
}

function standIn(program: string, holds: string, act: string): string {
  const folder = scratch();
  const real = findProgram(program, PATH) ?? '';
  write(folder, {
    [program]: `#!/bin/sh\nREAL='${real}'\ncase "$*" in *"${holds}"*) ${act};; esac\nexec "$REAL" "$@"\n`,
  });
  chmodSync(join(folder, program), 0o755);
  return folder;
}

/** Every file below a folder and what is in it. */
export function filesOf(folder: string, without: readonly string[] = []): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !without.some((top) => path === top || path.startsWith(`${top}/`)));
  return Object.fromEntries(files.toSorted().map((path) => [path, readFileSync(join(folder, path), 'latin1')]));
}

const NOBODY = { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', HOME: '/nonexistent', PATH };

/** A repository of its own, on the branch `main`, whose commits are made by `commit`. */
export class Repository {
  readonly folder = scratch();

  /** @param options.of begins as a copy of this one */
  constructor({ knowsWho = true, of }: { knowsWho?: boolean; of?: Repository } = {}) {
    if (of === undefined) this.git('init', '--quiet', '--initial-branch=main');
    else cpSync(of.folder, this.folder, { recursive: true, preserveTimestamps: true });
    if (!knowsWho) return;
    this.git('config', 'user.name', 'A Person');
    this.git('config', 'user.email', 'person@example.org');
  }

  git(...words: readonly string[]): string {
    const who = ['-c', 'user.name=Setup', '-c', 'user.email=setup@example.org'];
    const mine = words[0] === 'config' || words[0] === 'init' ? [] : who;
    return execFileSync('git', [...mine, ...words], {
      cwd: this.folder,
      env: NOBODY,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trimEnd();
  }

  commit(message: string, files: Readonly<Record<string, string>>): string {
    write(this.folder, files);
    this.git('add', '--all');
    this.git('commit', '--quiet', '--message', message);
    return this.git('rev-parse', 'HEAD');
  }

  /** Everything a person would miss: refs, the branch, the index, the files. */
  state(): object {
    return {
      refs: this.git('for-each-ref', '--format=%(refname) %(objectname)').split('\n'),
      head: readFileSync(join(this.folder, '.git', 'HEAD'), 'utf8'),
      index: this.git('ls-files', '--stage').split('\n'),
      status: this.git('--no-optional-locks', 'status', '--porcelain'),
      files: filesOf(this.folder, ['.git']),
    };
  }
}
