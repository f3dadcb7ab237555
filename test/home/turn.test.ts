import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DISK } from '../../src/files/disk.ts';
import { takeTurn } from '../../src/home/turn.ts';
import { scratch } from '../runtime/folders.ts';

const BUILT = join(import.meta.dirname, '..', '..', 'dist', 'src');
const root = scratch();
let count = 0;
const folder = (): string => join(root, `turn${count++}`);
const { signal } = new AbortController();
const take = (directory: string, waitMs?: number): ReturnType<typeof takeTurn> =>
  takeTurn(directory, { files: DISK, signal, ...(waitMs !== undefined && { waitMs }) });

/**
 * Reads a number, waits a little, and writes one more, as often as it is told; every second one is killed in its turn when
 * it is told to be.
 */
const CHILD = `
import { readFileSync, writeFileSync, writeSync } from 'node:fs';
const [turn, disk, directory, file, rounds, doomed] = process.argv.slice(1);
const { takeTurn } = await import(turn);
const { DISK } = await import(disk);
const { signal } = new AbortController();
for (let i = 0; i < Number(rounds); i++) {
  const taken = await takeTurn(directory, { files: DISK, signal });
  const n = Number(readFileSync(file, 'utf8'));
  if (doomed === 'yes' && i === 1) process.kill(process.pid, 'SIGKILL');
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 3));
  writeFileSync(file, String(n + 1));
  taken.end();
}
`;

function start(directory: string, file: string, rounds: number, isDoomed: boolean): Promise<number | string> {
  const words = [
    join(BUILT, 'home', 'turn.js'),
    join(BUILT, 'files', 'disk.js'),
    directory,
    file,
    String(rounds),
    isDoomed ? 'yes' : 'no',
  ];
  const child = spawn(process.execPath, ['--input-type=module', '-e', CHILD, ...words], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((resolve) => child.on('close', (code, by) => resolve(code ?? by ?? '')));
}

describe('turns [R-INSTALL-2]', () => {
  it('are taken one after the other by many processes, some of which are killed in theirs', async () => {
    const [directory, file] = [folder(), join(root, 'number')];
    writeFileSync(file, '0');
    const ended = await Promise.all(Array.from({ length: 8 }, (_, i) => start(directory, file, 6, i % 4 === 0)));
    expect(ended.filter((how) => how === 0)).toHaveLength(6);
    expect(ended.filter((how) => how === 'SIGKILL')).toHaveLength(2);
    // Those that were killed had written one each.
    expect(Number(readFileSync(file, 'utf8'))).toBe(6 * 6 + 2);
    // One, and its mark unless the last one was killed.
    expect(readdirSync(directory).length).toBeLessThanOrEqual(2);
  });

  it('wait for the one before', async () => {
    const directory = folder();
    const first = await take(directory);
    let isTaken = false;
    const second = take(directory).then((turn) => {
      isTaken = true;
      return turn;
    });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(isTaken).toBe(false);
    first.end();
    (await second).end();
  });

  it('are not waited for in eternity, and the error says for whom', async () => {
    const directory = folder();
    const first = await take(directory);
    await expect(take(directory, 20)).rejects.toMatchObject({
      code: 'E_UNAVAILABLE',
      message: expect.stringContaining(String(process.pid)),
    });
    first.end();
  });

  it('are given up by whoever is interrupted while it waits', async () => {
    const directory = folder();
    const first = await take(directory);
    const stop = new AbortController();
    const waiting = takeTurn(directory, { files: DISK, signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow();
    first.end();
    (await take(directory)).end();
  });

  it('are not taken by whoever acts on what it saw before others had theirs', async () => {
    const directory = folder();
    mkdirSync(directory);
    const alive = JSON.stringify({ pid: process.pid, started: '' });
    // Meanwhile turns 1 to 4 came and went, and their tickets with them.
    const link = (from: string, to: string): void => {
      writeFileSync(join(directory, '000000005'), alive);
      DISK.link(from, to);
    };
    const late = takeTurn(directory, { files: { ...DISK, link }, signal, waitMs: 60 });
    await expect(late).rejects.toMatchObject({ code: 'E_UNAVAILABLE' });
    expect(readdirSync(directory)).toEqual(['000000005']);
  });

  it.each([
    ['a process that is gone', JSON.stringify({ pid: 4_194_305, started: '1' })],
    ['a process that has the number of one that is gone', JSON.stringify({ pid: process.pid, started: '1' })],
    ['nobody', ''],
    ['what is no text of ours', '{"pid": "all"}'],
  ])('are not held by a file of %s', async (_, text) => {
    const directory = folder();
    mkdirSync(directory);
    writeFileSync(join(directory, '000000041'), text);
    writeFileSync(join(directory, '.4194305-left'), '');
    const turn = await take(directory, 1_000);
    expect(readdirSync(directory)).toEqual(['000000042']);
    turn.end();
    expect(readdirSync(directory).toSorted()).toEqual(['000000042', '000000042.free']);
  });
});
