import { readdirSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { SkillError } from '../../host/index.ts';
import { type Built, type BuildParts, buildSkill } from '../build/build-skill.ts';
import type { Problem } from '../manifest/manifest.ts';
import { loadSkill } from '../skill/load-skill.ts';
import type { ReadySkill } from '../skill/skill.ts';
import { runToolTests, type ToolTestReport } from '../trial/run-tool-tests.ts';

/** What became of a change. */
export type Reload =
  | { readonly type: 'built'; readonly built: Built; readonly ms: number }
  /** What serves is what served before. */
  | { readonly type: 'failed'; readonly error: SkillError }
  | { readonly type: 'broken'; readonly problems: readonly Problem[] }
  | { readonly type: 'ready'; readonly skill: ReadySkill; readonly problems: readonly Problem[] }
  | { readonly type: 'tested'; readonly report: ToolTestReport };

/** Folders of sources; others change what is loaded, and need no compiler. */
const SOURCES = ['guest', 'assembly'];
/** Made here, or by others: a change of it is no change of the skill by its author. */
const MADE = ['bin', 'node_modules', '.git'];

/**
 * A skill that is being written: it is compiled and loaded again at each change. While the new one does not compile or is
 * not ready, the one before goes on serving.
 */
export class DevSession {
  readonly #folder: string;
  readonly #parts: BuildParts;
  readonly #tell: (reload: Reload) => void;
  #current: ReadySkill | undefined;
  /** What the last reload was of. */
  #seen: Digest = { all: '', sources: '', others: '' };

  constructor(folder: string, parts: BuildParts, tell: (reload: Reload) => void) {
    this.#folder = folder;
    this.#parts = parts;
    this.#tell = tell;
  }

  /** The last one that was ready. */
  get current(): ReadySkill | undefined {
    return this.#current;
  }

  /** Compiles and loads what has changed since the last time. @returns whether anything had */
  async reload(): Promise<boolean> {
    const before = digestOf(this.#folder);
    if (before.all === this.#seen.all) return false;
    const isSame = before.sources === this.#seen.sources;
    // Also of sources that do not compile: they are compiled again when they were changed again.
    this.#seen = before;
    try {
      if (!isSame) await this.#build();
      await this.#load();
    } catch (error) {
      if (!(error instanceof SkillError)) throw error;
      this.#tell({ type: 'failed', error });
    }
    // Compiling writes tools into the manifest; whatever else changed meanwhile was changed by its author.
    const after = digestOf(this.#folder);
    if (after.others === before.others) this.#seen = after;
    return true;
  }

  async #build(): Promise<void> {
    const started = performance.now();
    const built = await buildSkill(this.#folder, this.#parts);
    if (built !== undefined) this.#tell({ type: 'built', built, ms: Math.round(performance.now() - started) });
  }

  async #load(): Promise<void> {
    const skill = await loadSkill(this.#folder);
    if (!skill.ready) return this.#tell({ type: 'broken', problems: skill.problems });
    this.#current = skill;
    this.#tell({ type: 'ready', skill, problems: skill.problems });
    const report = await runToolTests(skill, () => true);
    if (report.isThere) this.#tell({ type: 'tested', report });
  }
}

interface Digest {
  readonly all: string;
  /** Of what is compiled. */
  readonly sources: string;
  /** Of all but the manifest. */
  readonly others: string;
}

/** Names, sizes and times of files: other texts when any of them changed. */
function digestOf(folder: string): Digest {
  const lines = listFiles(folder).map((path) => {
    const stat = statSync(join(folder, path), { throwIfNoEntry: false });
    return { path, line: `${path}\0${stat?.size}\0${stat?.mtimeMs}\n` };
  });
  const textOf = (isWanted: (path: string) => boolean): string =>
    lines
      .filter(({ path }) => isWanted(path))
      .map(({ line }) => line)
      .join('');
  return {
    all: textOf(() => true),
    sources: textOf((path) => SOURCES.includes(path.split('/')[0] ?? '')),
    others: textOf((path) => path !== 'skill.toml'),
  };
}

function listFiles(folder: string, inner = ''): string[] {
  return readdirSync(join(folder, inner), { withFileTypes: true })
    .filter(({ name }) => inner !== '' || !isMade(name))
    .flatMap((entry) => {
      const path = inner === '' ? entry.name : `${inner}/${entry.name}`;
      if (entry.isDirectory()) return listFiles(folder, path);
      return entry.isFile() ? [path] : [];
    })
    .toSorted();
}

/** Whether a path relative to the folder is nothing its author writes. */
export function isMade(path: string): boolean {
  const [first = ''] = path.split(sep);
  return MADE.includes(first) || first.startsWith('.');
}
