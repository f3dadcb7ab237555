import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';

export const ROOT = join(import.meta.dirname, '..', '..');
export const MAIN = join(ROOT, 'dist', 'cli', 'skill.js');

export interface Ended {
  /** The exit code, or the signal that ended it. */
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
  readonly bytes: Buffer;
}

export interface Around {
  readonly cwd?: string;
  readonly home?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: string | Uint8Array;
}

const AT_ONCE = 4;
const waiting: (() => void)[] = [];
let running = 0;

/** Runs the command line as a person does, four at once. */
export async function skill(words: readonly string[], around: Around = {}): Promise<Ended> {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  running += 1;
  try {
    return await start(words, around);
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

function start(words: readonly string[], { cwd = ROOT, home, env = {}, stdin }: Around): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...words], {
    cwd,
    env: { ...process.env, ...(home !== undefined && { SKILLHOST_HOME: home }), ...env },
    stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on('data', (bytes: Buffer) => out.push(bytes));
  child.stderr?.on('data', (bytes: Buffer) => err.push(bytes));
  // A command that reads no input closes it early.
  child.stdin?.on('error', () => undefined).end(stdin);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const bytes = Buffer.concat(out);
      resolve({ code: code ?? signal ?? '', stdout: bytes.toString(), stderr: Buffer.concat(err).toString(), bytes });
    });
  });
}

/** The object a command wrote with `--format json`. */
export function jsonOf({ stdout, stderr }: Ended): Record<string, never> {
  try {
    return JSON.parse(stdout) as Record<string, never>;
  } catch (error) {
    throw new Error(`no JSON on standard output: ${stdout}\n${stderr}`, { cause: error });
  }
}

/** Nothing that could move a cursor, hide, or reorder a line; line ends and tabs are data. */
export const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/;

export function expectInert(text: string): void {
  expect(UNSAFE.exec(text)?.[0]).toBeUndefined();
}
