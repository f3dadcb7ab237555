import { mkdirSync, mkdtempSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filled, hash, NativeFiles } from './native-files.ts';
import { type GuestRun, fixture, textOf, useFolder, useSandbox } from './support.ts';

const posix = fixture('posix.wasm');
const run = useSandbox();
const folder = useFolder();
const PATIENT = { host_calls: 1_000_000, message_kb: 1024 };

/** Runs lines in the C program and answers what it printed for each. */
async function perform(lines: readonly string[], options: GuestRun = {}): Promise<string[]> {
  const result = await run(posix, {
    args: ['posix', 'script'],
    stdin: `${lines.join('\n')}\n`,
    cwd: folder(),
    ...options,
  });
  return textOf(result).trimEnd().split('\n');
}

const granted = { grants: { read: ['./'], write: ['./'] } };

describe('C programs and their files [R-WASI-2]', () => {
  it('make, write, read, list, rename and remove in granted folders', async () => {
    const lines = {
      'mkdir made': 'ok',
      'stat made': 'ok directory 0 dated',
      'open 0 w made/one.txt': 'ok',
      'write 0 10 1': 'ok 10',
      'close 0': 'ok',
      'stat made/one.txt': 'ok file 10 dated',
      'open 0 r made/one.txt': 'ok',
      'read 0 100': `ok 10 ${hash(filled(10, 1))} end`,
      'size 0': 'ok 10',
      'seek 0 -4 e': 'ok',
      'tell 0': 'ok 6',
      'read 0 2': `ok 2 ${hash(filled(10, 1).subarray(6, 8))}`,
      'close 0 ': 'ok',
      'open 0 a made/one.txt': 'ok',
      'write 0 5 9': 'ok 5',
      'close 0  ': 'ok',
      'stat ./made//one.txt': 'ok file 15 dated',
      'mkdir made/inner': 'ok',
      'ls made': 'ok 2: inner/ one.txt',
      'rename made/one.txt made/two.txt': 'ok',
      'stat made/one.txt ': 'error No such file or directory',
      'same made/two.txt made/../made/two.txt': 'ok 1',
      'same made made/two.txt': 'ok 0',
      'rmdir made': 'error Directory not empty',
      'unlink made/inner': 'error Is a directory',
      'rmdir made/two.txt': 'error Not a directory',
      'open 1 r made/two.txt/x': 'error Not a directory',
      'open 1 w made': 'error Is a directory',
      'mkdir made ': 'error File exists',
      'open 1 wx made/two.txt': 'error File exists',
      'open 1 r+ made/absent': 'error No such file or directory',
      'unlink made/two.txt': 'ok',
      'rmdir made/inner': 'ok',
      'rmdir made ': 'ok',
      'ls made ': 'error No such file or directory',
    };
    const printed = await perform(Object.keys(lines), granted);
    expect(Object.fromEntries(Object.keys(lines).map((line, i) => [line, printed[i]]))).toEqual(lines);
  });

  it('are refused what was not granted, as by an operating system', async () => {
    mkdirSync(join(folder(), 'open'));
    writeFileSync(join(folder(), 'open/in.txt'), 'granted');
    writeFileSync(join(folder(), 'closed.txt'), 'secret');
    symlinkSync('../closed.txt', join(folder(), 'open/link'));
    const lines = [
      'open 0 r open/in.txt',
      'open 1 r closed.txt',
      'open 1 r open/link',
      'open 1 r open/../closed.txt',
      'stat closed.txt',
    ];
    const changes = ['open 1 w open/in.txt', 'unlink open/in.txt', 'mkdir open/new', 'rename open/in.txt open/out.txt'];
    const printed = await perform([...lines, 'ls .', ...changes], { grants: { read: ['./open'] } });
    expect(printed).toEqual(['ok', ...Array.from({ length: 9 }, () => 'error Permission denied')]);
    expect(readFileSync(join(folder(), 'open/in.txt'), 'utf8')).toBe('granted');
  });

  it('cannot climb out of a folder they are given', async () => {
    const printed = await perform(['open 0 r ../x', 'open 0 r a/../../x', 'ls ..', 'rename x ../x'], {
      grants: { read: ['/'], write: ['/'] },
    });
    expect(printed).toEqual(Array.from({ length: 4 }, () => 'error Operation not permitted'));
  });

  it('may read the same as before after writing elsewhere: appends go to the end', async () => {
    writeFileSync(join(folder(), 'log'), 'first\n');
    const lines = ['open 0 a+ log', 'seek 0 0 s', 'write 0 3 65', 'tell 0', 'seek 0 0 s', 'read 0 6', 'close 0'];
    expect(await perform(lines, granted)).toEqual([
      'ok',
      'ok',
      'ok 3',
      'ok 9',
      'ok',
      `ok 6 ${hash(Buffer.from('first\n'))}`,
      'ok',
    ]);
    expect(statSync(join(folder(), 'log')).size).toBe(9);
  });

  it('list folders of thousands of entries with one host call', async () => {
    const many = join(folder(), 'many');
    mkdirSync(many);
    for (let i = 0; i < 3_000; i++) writeFileSync(join(many, `entry-${String(i).padStart(5, '0')}`), '');
    const result = await run(posix, { args: ['posix', 'script'], stdin: 'ls many\n', cwd: folder(), ...granted });
    expect(textOf(result)).toMatch(/^ok 3000: entry-00000 entry-00001 /);
    expect(result.usage.hostCalls).toBeLessThan(5);
  });

  it('run out of descriptors with an error, and get them back', async () => {
    const opens = Array.from({ length: 8 }, (_, slot) => `open ${slot} w file-${slot}`);
    const lines = [...opens, 'close 0', 'open 8 w file-8'];
    const printed = await perform(lines, { ...granted, limits: { open_files: 7 } });
    expect(printed).toEqual([
      ...Array.from({ length: 7 }, () => 'ok'),
      'error No file descriptors available',
      'ok',
      'ok',
    ]);
  });

  it('copy 200,000 bytes one by one with a few host calls', async () => {
    const input = filled(200_000, 3);
    writeFileSync(join(folder(), 'big'), input);
    const result = await run(posix, { args: ['posix', 'bytes', 'big', 'copy'], cwd: folder(), ...granted });
    expect(textOf(result)).toBe('copied 200000\n');
    expect(readFileSync(join(folder(), 'copy')).equals(input.map((byte) => byte ^ 0x20))).toBe(true);
    expect(result.usage.hostCalls).toBeLessThan(10);
  });

  it('write what they leave open at their end', async () => {
    await perform(['open 0 w left', 'write 0 100 1'], granted);
    expect(readFileSync(join(folder(), 'left')).equals(filled(100, 1))).toBe(true);
  });

  it('see a file grow while they read it', async () => {
    const lines = [
      'open 0 w grows',
      'write 0 10 1',
      'flush 0',
      'open 1 r grows',
      'read 1 20',
      'write 0 10 11',
      'flush 0',
      'read 1 20',
      'stat grows',
    ];
    const [, , , , first, , , second, size] = await perform(lines, granted);
    expect([first, second, size]).toEqual([
      `ok 10 ${hash(filled(10, 1))} end`,
      `ok 10 ${hash(filled(10, 11))} end`,
      'ok file 20 dated',
    ]);
  });

  it('see through one descriptor what another changed of what was read already', async () => {
    writeFileSync(join(folder(), 'shared'), filled(500, 1));
    const lines = ['open 0 r+ shared', 'open 1 r+ shared', 'pread 0 64 0', 'pwrite 1 200 0', 'pread 0 64 0'];
    const printed = await perform(lines, granted);
    expect(printed.slice(2)).toEqual([`ok 64 ${hash(filled(64, 1))}`, 'ok 64', `ok 64 ${hash(filled(64, 200))}`]);
  });

  it('find under a new name what was written under the old', async () => {
    const lines = ['open 0 w draft', 'write 0 9 5', 'flush 0', 'rename draft final', 'open 1 r final', 'read 1 9'];
    expect((await perform(lines, granted)).at(-1)).toBe(`ok 9 ${hash(filled(9, 5))}`);
  });
});

const slot = fc.nat({ max: 3 });
const SIZE = 700_000;
const offset = fc.oneof(fc.nat({ max: SIZE }), fc.constantFrom(0, 1, 262_143, 262_144, 262_145, 524_288));
const length = fc.oneof(fc.nat({ max: 3_000 }), fc.constantFrom(0, 1, 262_144, 300_000));
const seed = fc.nat({ max: 255 });
const step = fc.oneof(
  fc.tuple(slot, offset, length).map(([s, at, n]) => [`seek ${s} ${at} s`, `read ${s} ${n}`, `tell ${s}`]),
  fc
    .tuple(slot, offset, length, seed)
    .map(([s, at, n, x]) => [`seek ${s} ${at} s`, `write ${s} ${n} ${x}`, `flush ${s}`]),
  fc.tuple(length, seed).map(([n, x]) => [`write 4 ${n} ${x}`, 'flush 4', 'tell 4']),
  fc.tuple(slot, length, offset).map(([s, n, at]) => [`pread ${s} ${n} ${at}`]),
  fc.tuple(slot, seed, offset).map(([s, x, at]) => [`pwrite ${s} ${x} ${at}`]),
  fc.tuple(slot, offset).map(([s, size]) => [`truncate ${s} ${size}`]),
  slot.map((s) => [`size ${s}`]),
  slot.map((s) => [`sync ${s}`]),
);

describe('reading ahead and writing behind [R-WASI-2]', () => {
  it('give what the same operations give on this machine, also through several descriptors', async () => {
    const property = fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const [guest, native] = [mkdtempSync(join(folder(), 'guest-')), mkdtempSync(join(folder(), 'native-'))];
      for (const place of [guest, native])
        for (const name of ['a', 'b']) writeFileSync(join(place, name), filled(SIZE, 1));
      const opens = ['open 0 r+ a', 'open 1 r+ a', 'open 2 r+ b', 'open 3 r+ b', 'open 4 a+ a'];
      const lines = [...opens, ...steps.flat(), 'close 1'];
      const machine = new NativeFiles(native);
      const expected = lines.map((line) => machine.perform(line));
      machine.close();
      expect(await perform(lines, { ...granted, cwd: guest, limits: PATIENT })).toEqual(expected);
      for (const name of ['a', 'b'])
        expect(hash(readFileSync(join(guest, name)))).toBe(hash(readFileSync(join(native, name))));
    });
    await fc.assert(property, { numRuns: 12 });
  });
});
