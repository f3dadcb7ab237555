import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CEILINGS, ERROR_CODES, FIXED } from '../../host/index.ts';
import { wat } from '../fixtures/wat.ts';
import { type Ended, jsonOf, skill } from './support.ts';

let root = '';
let home = '';

/** Answers with four random bytes and the seconds of the clock. */
const DRAW = `(module
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "random") (result i32) (drop (call $random (i32.const 0) (i32.const 4))) (i32.load (i32.const 0)))
  (func (export "seconds") (result i64) (drop (call $clock (i32.const 0) (i64.const 0) (i32.const 8)))
    (i64.div_u (i64.load (i32.const 8)) (i64.const 1000000000))))`;

const MANIFEST = `[skill]
id = "custom.draw"
name = "Draw"
description = "Draws"
version = "1.0.0"
api_version = "1.0"
[executable]
module = "draw.wasm"
[limits]
fuel = 5_000_000
memory_mb = 8
`;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'skillhost-limits-'));
  home = join(root, 'home');
  mkdirSync(join(root, 'draw'));
  writeFileSync(join(root, 'draw', 'draw.wasm'), await wat(DRAW));
  writeFileSync(join(root, 'draw', 'skill.toml'), MANIFEST);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const run = (...words: string[]): Promise<Ended> => skill(['run', ...words], { cwd: root, home });

interface Told {
  readonly name: string;
  readonly value: number;
  readonly from: string;
}

describe('skill run --limits', () => {
  it('tells every ceiling, with what going over it comes to [R-LIMIT-3]', async () => {
    const rows = JSON.parse((await run('--limits', '--format', 'json')).stdout) as Record<string, unknown>[];
    const settable = Object.entries(CEILINGS).map(([name, { unit, default: value, hard, means, ...over }]) => ({
      name,
      unit,
      default: value,
      hard,
      bounds: means,
      ...consequence(over),
    }));
    const fixed = Object.entries(FIXED).map(([name, { unit, limit, means, ...over }]) => ({
      name,
      unit,
      default: limit,
      hard: null,
      bounds: means,
      ...consequence(over),
    }));
    expect(rows).toEqual([...settable, ...fixed]);
  });

  it('is a table with a row a line, where no terminal is [R-LIMIT-3]', async () => {
    const { code, stdout } = await skill(['run', '--limits'], { home });
    expect(code).toBe(0);
    for (const name of [...Object.keys(CEILINGS), ...Object.keys(FIXED)])
      expect(stdout).toMatch(new RegExp(`^${name} `, 'm'));
    expect(stdout).toMatch(/^fuel +100G +1T +6 E_FUEL /m);
    expect(stdout).toMatch(/^types +1000 +fixed +6 E_MODULE_LIMIT /m);
    expect(stdout).toMatch(/^open_files +16 +256 +told EMFILE /m);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1 + Object.keys(CEILINGS).length + Object.keys(FIXED).length);
  });

  it('tells what the runs of a skill are held to, and who decided it, and runs nothing [R-LIMIT-4]', async () => {
    const ended = await run('./draw', '--limits', '--limit', 'memory_mb=4', '--format', 'json');
    const rows = JSON.parse(ended.stdout) as Told[];
    expect(rows.map(({ name }) => name)).toEqual(Object.keys(CEILINGS));
    const told = Object.fromEntries(rows.map(({ name, value, from }) => [name, `${value} ${from}`]));
    expect(told).toMatchObject({ fuel: '5000000 manifest', memory_mb: '4 option', timeout_ms: '5000 default' });
    expect((await run('./draw', '--limits')).stdout).toMatch(/^fuel +5M +manifest +100G +1T /m);
    expect((await skill(['audit', '--format', 'json'], { home })).stdout).not.toContain('custom.draw');
  });

  it('refuses limits as a run does [R-LIMIT-2]', async () => {
    expect(await run('./draw', '--limits', '--limit', 'fule=1')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean fuel?') as string,
    });
    expect(await run('./absent', '--limits')).toMatchObject({ code: 1 });
  });
});

function consequence(over: { readonly code?: keyof typeof ERROR_CODES; readonly told?: string }): object {
  return over.code === undefined
    ? { code: null, exit: null, told: over.told }
    : { code: over.code, exit: ERROR_CODES[over.code].exit, told: null };
}

describe('skill run --seed and --clock', () => {
  it('make a run that can be had again [R-DET-1]', async () => {
    const draw = async (...words: string[]): Promise<string> => (await run('./draw', 'random', ...words)).stdout;
    const first = await draw('--seed', '7');
    expect(first).toMatch(/^-?\d+\n$/);
    expect(await draw('--seed=7')).toBe(first);
    expect(await draw('--seed', '8')).not.toBe(first);
    expect(await draw('--clock', '2024-05-01')).not.toBe(await draw('--clock', '2024-05-01'));
  });

  it.each([
    ['a seed begins in 2000', ['--seed', '1'], Date.UTC(2000, 0, 1) / 1000],
    ['a clock begins where it is told to', ['--clock', '2024-05-01T14:00+02:00'], Date.UTC(2024, 4, 1, 12) / 1000],
    ['both are both', ['--seed', '1', '--clock', '5000'], 5],
  ])('the clock of a run: %s [R-DET-2]', async (_what, words, seconds) => {
    expect((await run('./draw', 'seconds', ...words)).stdout).toBe(`${seconds}\n`);
  });

  it('leave the clock alone where it is to be real [R-DET-2]', async () => {
    const seconds = Number((await run('./draw', 'seconds', '--seed', '1', '--clock', 'real')).stdout);
    expect(Math.abs(seconds - Date.now() / 1000)).toBeLessThan(600);
  });

  it('stand in the record of the run [R-DET-3]', async () => {
    const own = join(root, 'own');
    await skill(['run', './draw', 'random', '--seed', '7', '--clock', '2024-05-01'], { cwd: root, home: own });
    await skill(['run', './draw', 'random'], { cwd: root, home: own });
    const { stdout } = await skill(['audit', '--event', 'started', '--format', 'json'], { home: own });
    const events = JSON.parse(stdout) as Record<string, unknown>[];
    expect(events).toHaveLength(2);
    expect(events[0]).toMatchObject({ seed: 7, clock: Date.UTC(2024, 4, 1) });
    expect(Object.keys(events[1] ?? {})).not.toEqual(expect.arrayContaining(['seed']));
  });

  it.each([
    ['--seed', '-1'],
    ['--seed', '1.5'],
    ['--seed', '9007199254740992'],
    ['--clock', '2024-02-30'],
    ['--clock', 'soon'],
  ])('%s %s is refused before anything runs', async (option, value) => {
    const ended = await run('./draw', 'random', `${option}=${value}`, '--format', 'json');
    expect({ ...jsonOf(ended), code: ended.code }).toMatchObject({
      code: 2,
      error: { code: 'E_USAGE', message: expect.stringContaining(`${option} "${value}"`) as string },
    });
  });
});
