import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';
import { NO_STATE_RULES, type StateRules } from '../../src/manifest/manifest.ts';
import { StateDatabase } from '../../src/state/database.ts';
import { StateStores } from '../../src/state/states.ts';

const BUILT = join(import.meta.dirname, '..', '..', 'dist', 'src', 'state');

export const ID = 'custom.notes';
export const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
export const textOf = (value: Uint8Array | undefined): string | undefined =>
  value === undefined ? undefined : Buffer.from(value).toString();

export function rulesOf(changes: Partial<StateRules> = {}): StateRules {
  return { ...NO_STATE_RULES, ...changes };
}

/** A path for a database, in a folder of its own that goes away after the test. */
export function statePath(): string {
  const home = mkdtempSync(join(tmpdir(), 'skillhost-state-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return join(home, 'home', 'state.db');
}

export interface Opened {
  readonly database: StateDatabase;
  readonly states: StateStores;
  /** Moves the clock on, in milliseconds. */
  readonly wait: (ms: number) => void;
}

/** The database as one process has it, with a clock that stands still. */
export function open(path = ':memory:', options?: { readonly waitMs: number }): Opened {
  const database = new StateDatabase(path, options);
  onTestFinished(() => database.close());
  let now = Date.parse('2030-01-01T00:00:00Z');
  return { database, states: new StateStores(database, () => now), wait: (ms) => void (now += ms) };
}

/** What a call throws; fails when it throws nothing. */
export function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('it did not throw');
}

export interface Child {
  readonly child: ChildProcess;
  /** The lines it has said, once it has ended. */
  readonly ended: Promise<{ readonly said: readonly string[]; readonly errors: string; readonly code: number | null }>;
  /** Resolves when it has said so many lines, or has ended. */
  readonly saying: (lines: number) => Promise<unknown>;
}

/**
 * Starts a process of its own that runs `code` with `database`, `states`, `notes`, `bytes` and `say`, a line for whoever
 * started it; `args` are its words.
 */
export function start(path: string, code: string, args: readonly (string | number)[] = []): Child {
  if (!existsSync(BUILT)) throw new Error('not built yet: run "npm run build" first');
  const from = (name: string): string => JSON.stringify(pathToFileURL(join(BUILT, name)).href);
  const script = join(mkdtempSync(join(dirname(dirname(path)), 'child-')), 'child.mjs');
  writeFileSync(
    script,
    `import { writeSync } from 'node:fs';
import { StateDatabase } from ${from('database.js')};
import { StateStores } from ${from('states.js')};
import { RuntimeNotes } from ${from('notes.js')};
const [path, ...args] = process.argv.slice(2);
const database = new StateDatabase(path);
const states = new StateStores(database);
const notes = new RuntimeNotes(database);
const bytes = (text) => new Uint8Array(Buffer.from(text));
const say = (line) => writeSync(1, line + '\\n');
${code}
database.close();
`,
  );
  return listen(spawn(process.execPath, [script, path, ...args.map(String)], { stdio: ['ignore', 'pipe', 'pipe'] }));
}

/** Starts one process for each name, its only word so far, and lets go of all of them at once when all are there. */
export async function startTogether(
  path: string,
  code: string,
  names: readonly string[],
  args: readonly (string | number)[] = [],
): Promise<readonly Child[]> {
  const go = join(mkdtempSync(join(dirname(dirname(path)), 'go-')), 'go');
  const barrier = `
const { existsSync } = await import('node:fs');
say('ready');
while (!existsSync(${JSON.stringify(go)})) await new Promise((resolve) => setTimeout(resolve, 1));
`;
  const children = names.map((name) => start(path, `${barrier}${code}`, [name, ...args]));
  await Promise.all(children.map(({ saying }) => saying(1)));
  writeFileSync(go, '');
  return children.map(({ child, ended, saying }) => ({
    child,
    ended: ended.then(({ said, ...rest }) => ({ said: said.slice(1), ...rest })),
    saying: (lines) => saying(lines + 1),
  }));
}

function listen(child: ChildProcess): Child {
  let out = '';
  let errors = '';
  const waiting = new Set<() => void>();
  const lines = (): string[] => out.split('\n').slice(0, -1);
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    for (const look of waiting) look();
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = new Promise<Awaited<Child['ended']>>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ said: lines(), errors, code }));
  });
  const reached = (count: number): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (lines().length >= count) resolve();
      };
      waiting.add(look);
      look();
    });
  return { child, ended, saying: (count) => Promise.race([ended, reached(count)]) };
}
