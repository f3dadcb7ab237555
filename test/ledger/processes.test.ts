import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { verifyLedger } from '../../src/ledger/index.ts';
import { fill, ledgerPath, numbered, readAll } from './support.ts';

const BUILT = join(import.meta.dirname, '..', '..', 'dist', 'src', 'ledger', 'index.js');

// Appends `count` records to the ledger `dir`, saying each number when it was taken, and closes unless told to hang.
const CHILD = `
const [built, dir, name, count, size] = process.argv.slice(2);
const { openLedger } = await import(built);
const { writeSync } = await import('node:fs');
let ledger = openLedger(dir);
for (let i = 1; i <= Number(count); i += 1) {
  try {
    ledger.append({ event: 'denied', result: 'denied', run: name, resource: i + ' ' + 'x'.repeat(Number(size)) });
    writeSync(1, i + '\\n');
  } catch (error) {
    writeSync(2, error.code + ' ' + error.message + '\\n');
  }
  if (i % 10 === 0) { ledger.close(); ledger = openLedger(dir); }
}
ledger.close();
`;

interface Ended {
  /** The numbers of the records it was told are written. */
  readonly taken: readonly number[];
  readonly errors: string;
  readonly code: number | null;
}

describe('processes that append at once [R-LEDGER-3]', () => {
  it('all get their records in, in a ledger that verifies', async () => {
    const dir = ledgerPath();
    const ended = await Promise.all(names(8).map((name) => start(dir, { name, count: 60 }).ended));
    expect(ended.map(({ errors, code }) => ({ errors, code }))).toEqual(names(8).map(() => ({ errors: '', code: 0 })));
    expect(await verifyLedger(dir)).toEqual({ ok: true, segments: 48, records: 480, open: 0, problems: [] });
    const read = await readAll(dir);
    for (const name of names(8)) {
      const own = read.filter(({ run }) => run === name).map(({ resource }) => Number.parseInt(resource ?? '', 10));
      expect(own.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
    }
  });

  it('and are killed meanwhile lose nothing they were told is written, and stop nobody', async () => {
    const dir = ledgerPath();
    const children = names(8).map((name, i) => start(dir, { name, count: i % 2 === 0 ? 1_000_000 : 200 }));
    const doomed = children.filter((_, i) => i % 2 === 0);
    await Promise.all(doomed.map(({ said }, i) => said(5 + i * 17)));
    for (const { child } of doomed) child.kill('SIGKILL');
    const ended = await Promise.all(children.map((child) => child.ended));
    expect(ended.map(({ errors }) => errors).join('')).toBe('');
    const found = await verifyLedger(dir);
    expect(found.problems.filter(({ code }) => code !== 'torn')).toEqual([]);
    expect(found.ok).toBe(true);
    const read = new Set(
      (await readAll(dir)).map(({ run, resource }) => `${run} ${Number.parseInt(resource ?? '', 10)}`),
    );
    const lost = ended.flatMap(({ taken }, i) => taken.map((n) => `p${i} ${n}`)).filter((key) => !read.has(key));
    expect(lost).toEqual([]);
    fill(dir, 3);
    expect(await verifyLedger(dir)).toMatchObject({ ok: true, records: found.records + 3 });
  });

  it('can be verified and read meanwhile', async () => {
    const dir = ledgerPath();
    const children = names(4).map((name) => start(dir, { name, count: 3_000 }));
    try {
      await Promise.all(children.map(({ said }) => said(1)));
      for (let i = 0; i < 8; i += 1) {
        const { ok, problems } = await verifyLedger(dir);
        expect({ ok, problems: problems.filter(({ code }) => code !== 'torn') }).toEqual({ ok: true, problems: [] });
      }
      const times = (await readAll(dir, { limit: 200 })).map(({ time }) => time);
      expect(times).toEqual(times.toSorted());
    } finally {
      for (const { child } of children) child.kill('SIGKILL');
      await Promise.all(children.map(({ ended }) => ended));
    }
  });

  it('and reach a limit of the disk inside a line take the half line back', async (context) => {
    if (process.platform === 'win32') context.skip('there is no ulimit');
    const dir = ledgerPath();
    // Blocks of 512 or 1024 bytes, as the shell likes it; some of the records below fit either, and not all.
    const { taken, errors } = await start(dir, { name: 'p0', count: 9, size: 1500, limit: 8 }).ended;
    expect(taken.length).toBeGreaterThan(0);
    expect(taken.length).toBeLessThan(9);
    expect(errors).toContain('E_LEDGER');
    expect(await verifyLedger(dir)).toMatchObject({ ok: true, records: taken.length, open: 0, problems: [] });
    expect(numbered(dir)).toHaveLength(2);
  });
});

function names(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `p${i}`);
}

/** Written once: a process that starts meanwhile would read an empty file, and end well. */
function childScript(folder: string): string {
  const script = join(folder, 'child.mjs');
  mkdirSync(folder, { recursive: true });
  if (!existsSync(script)) writeFileSync(script, CHILD);
  return script;
}

interface Job {
  readonly name: string;
  readonly count: number;
  readonly size?: number;
  /** In blocks, as `ulimit -f` takes it. */
  readonly limit?: number;
}

function start(dir: string, { name, count, size = 10, limit }: Job) {
  if (!existsSync(BUILT)) throw new Error('not built yet: run "npm run build" first');
  const script = childScript(dirname(dir));
  const args = [script, pathToFileURL(BUILT).href, dir, name, String(count), String(size)];
  const child =
    limit === undefined
      ? spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
      : spawn('sh', ['-c', `ulimit -f ${limit}; exec "$0" "$@"`, process.execPath, ...args], {
          stdio: ['ignore', 'pipe', 'pipe'],
        });
  return { child, ...listen(child) };
}

function listen(child: ChildProcess) {
  const taken: string[] = [''];
  let errors = '';
  const waiting: { readonly lines: number; readonly go: () => void }[] = [];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const [first = '', ...more] = text.split('\n');
    taken.push(`${taken.pop() ?? ''}${first}`, ...more);
    for (const { lines, go } of waiting) if (taken.length > lines) go();
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ taken: taken.slice(0, -1).map(Number), errors, code }));
  });
  /** Waits until it has said so many lines, or has ended. */
  const said = (lines: number): Promise<unknown> =>
    Promise.race([ended, new Promise<void>((go) => (taken.length > lines ? go() : waiting.push({ lines, go })))]);
  return { ended, said };
}
