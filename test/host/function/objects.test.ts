// cspell:ignore mkfifo mknod
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type Bench,
  bench,
  bytesOf,
  openDescriptors,
  plant,
  refusalOf,
  temporaryFolder,
  textOf,
} from './scope-fixture.ts';

interface World extends Bench {
  readonly at: (name: string) => string;
}

function world(limits: Parameters<typeof bench>[0]['limits'] = {}): World {
  const root = temporaryFolder();
  plant(root, { 'g/a.txt': 'inside', 'g/d/b.txt': 'inside' });
  const at = (name: string): string => join(root, 'g', name);
  return Object.assign(bench({ cwd: root, rules: { read: [at('')], write: [at('')] }, limits }), { at });
}

const make = (program: string, ...args: readonly string[]): unknown => execFileSync(program, args, { stdio: 'ignore' });

const FLAGS = { read: false, write: false, create: false, truncate: false, exclusive: false };

describe('what is no file', () => {
  it('is never opened: fifo, socket and device [R-GATE-2]', async (context) => {
    const here = world();
    make('mkfifo', here.at('fifo'));
    const server = createServer().listen(here.at('socket'));
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const names = ['fifo', 'socket'];
    try {
      make('mknod', here.at('null'), 'c', '1', '3');
      names.push('null');
    } catch {
      await context.annotate('without the right to make devices, fifo and socket alone are tried');
    }
    for (const path of names.map(here.at)) {
      // Opening a fifo would wait for its other end for ever.
      for (const operation of ['fs.read-file', 'fs.stat', 'fs.list'])
        expect(await refusalOf(here.call(operation, path))).toMatchObject({ code: 'denied' });
      expect(await refusalOf(here.call('fs.write-file', path, bytesOf('x')))).toMatchObject({ code: 'denied' });
      expect(await refusalOf(here.call('file.open', path, { ...FLAGS, read: true, write: true }))).toMatchObject({
        code: 'denied',
      });
    }
    expect(await here.call('fs.list', here.at(''))).toEqual(
      expect.arrayContaining([
        ['fifo', 'other'],
        ['socket', 'other'],
      ]),
    );
  });

  it('is told apart: a folder is not read, a file not listed, neither made twice [R-GATE-2]', async () => {
    const here = world();
    expect(await refusalOf(here.call('fs.read-file', here.at('d')))).toMatchObject({ errno: 'EISDIR' });
    expect(await refusalOf(here.call('fs.write-file', here.at('d'), bytesOf('x')))).toMatchObject({ errno: 'EISDIR' });
    expect(await refusalOf(here.call('file.open', here.at('d'), { ...FLAGS, read: true }))).toMatchObject({
      errno: 'EISDIR',
    });
    expect(await refusalOf(here.call('fs.list', here.at('a.txt')))).toMatchObject({ errno: 'ENOTDIR' });
    expect(await refusalOf(here.call('fs.read-file', here.at('a.txt/x')))).toMatchObject({ errno: 'ENOTDIR' });
    expect(await refusalOf(here.call('fs.make-directory', here.at('d')))).toMatchObject({ errno: 'EEXIST' });
    expect(await refusalOf(here.call('fs.remove-directory', here.at('d')))).toMatchObject({ errno: 'ENOTEMPTY' });
    expect(await refusalOf(here.call('fs.remove-file', here.at('d')))).toMatchObject({ code: 'failed' });
    expect(await refusalOf(here.call('fs.read-file', here.at('none')))).toMatchObject({ code: 'not-found' });
    expect(await refusalOf(here.call('fs.read-file', here.at('none/none')))).toMatchObject({ code: 'not-found' });
  });

  it('is told by code alone: no message names a path of this machine [R-GATE-2]', async () => {
    const here = world();
    for (const call of [
      here.call('fs.read-file', here.at('none')),
      here.call('fs.rename', here.at('d'), here.at('d/in')),
      here.call('fs.remove-directory', here.at('a.txt')),
    ]) {
      expect((await refusalOf(call)).message).not.toContain('/');
    }
  });
});

describe('open files', () => {
  it('are made exclusively, truncated and resized as asked [R-GATE-2]', async () => {
    const here = world();
    const file = await here.call('file.open', here.at('n'), {
      ...FLAGS,
      read: true,
      write: true,
      create: true,
      exclusive: true,
    });
    await here.call('file.write', file, 0, bytesOf('hello world'));
    await here.call('file.resize', file, 5);
    expect(await textOf(here.call('file.read', file, 0, 100))).toBe('hello');
    expect(await here.call('file.stat', file)).toEqual(['file', 5, expect.any(Number)]);
    expect(
      await refusalOf(here.call('file.open', here.at('n'), { ...FLAGS, write: true, create: true, exclusive: true })),
    ).toMatchObject({ errno: 'EEXIST' });
    await here.call('file.close', file);
    for (const operation of ['file.stat', 'file.close'])
      expect(await refusalOf(here.call(operation, file))).toMatchObject({ errno: 'EBADF' });
  });

  it('are used with the rights they were opened with and no others [R-GATE-2]', async () => {
    const here = world();
    const reader = await here.call('file.open', here.at('a.txt'), { ...FLAGS, read: true });
    const writer = await here.call('file.open', here.at('a.txt'), { ...FLAGS, write: true });
    const neither = await here.call('file.open', here.at('new'), { ...FLAGS, create: true });
    for (const file of [reader, neither, 99, 0]) {
      expect(await refusalOf(here.call('file.write', file, 0, bytesOf('x')))).toMatchObject({ errno: 'EBADF' });
      expect(await refusalOf(here.call('file.resize', file, 0))).toMatchObject({ errno: 'EBADF' });
    }
    for (const file of [writer, neither, 99])
      expect(await refusalOf(here.call('file.read', file, 0, 1))).toMatchObject({ errno: 'EBADF' });
  });

  it('need both grants to be read and written [R-GATE-2]', async () => {
    const root = temporaryFolder();
    plant(root, { r: 'x', w: 'x' });
    const here = bench({ cwd: root, rules: { read: [join(root, 'r')], write: [join(root, 'w')] } });
    for (const [name, flags] of [
      ['r', { write: true }],
      ['r', { truncate: true }],
      ['r', { create: true }],
      ['w', { read: true }],
      ['w', { read: true, write: true }],
      ['r', { read: true, write: true }],
    ] as const) {
      expect(await refusalOf(here.call('file.open', join(root, name), { ...FLAGS, ...flags }))).toMatchObject({
        code: 'denied',
      });
    }
  });

  it('are counted, and closed with the run [R-GATE-2]', async () => {
    const before = openDescriptors();
    const here = world({ open_files: 3 });
    for (let i = 0; i < 3; i++) await here.call('file.open', here.at('a.txt'), { ...FLAGS, read: true });
    expect(await refusalOf(here.call('file.open', here.at('a.txt'), { ...FLAGS, read: true }))).toMatchObject({
      errno: 'EMFILE',
    });
    expect(openDescriptors()).toBe(before + 3);
    here.broker.close();
    here.broker.close();
    expect(openDescriptors()).toBe(before);
  });

  it('and messages are bounded by message_kb [R-LIMIT-1]', async () => {
    const here = world({ message_kb: 1 });
    writeFileSync(here.at('big'), 'x'.repeat(1_025));
    expect(await refusalOf(here.call('fs.read-file', here.at('big')))).toMatchObject({
      code: 'too-large',
      message: expect.stringContaining('message_kb = 1') as string,
    });
    const file = await here.call('file.open', here.at('big'), { ...FLAGS, read: true });
    expect(await textOf(here.call('file.read', file, 0, 1_000_000))).toHaveLength(1_024);
    expect(await textOf(here.call('file.read', file, 1_000, 1_000_000))).toHaveLength(25);
  });
});

describe('descriptors', () => {
  it('are all given back after thousands of calls that end well, fail or are refused [R-GATE-2]', async () => {
    const here = world();
    mkdirSync(here.at('e'));
    symlinkSync('/etc/passwd', here.at('out'));
    symlinkSync('loop', here.at('loop'));
    const paths = ['a.txt', 'none', 'none/x', 'd', 'out', 'loop', 'a.txt/x', '../x', 'd/b.txt', 'e'].map(here.at);
    const operations = ['fs.read-file', 'fs.list', 'fs.stat', 'fs.make-directory', 'fs.remove-directory'];
    const before = openDescriptors();
    for (let round = 0; round < 60; round++) {
      for (const operation of operations)
        for (const path of paths) await here.call(operation, path).catch(() => undefined);
      for (const path of paths) {
        await here.call('fs.write-file', path, bytesOf('inside')).catch(() => undefined);
        await here.call('fs.rename', here.at('d'), path).catch(() => undefined);
        const file = await here.call('file.open', path, { ...FLAGS, read: true, write: true }).catch(() => undefined);
        if (file !== undefined) await here.call('file.close', file);
      }
    }
    expect(openDescriptors()).toBe(before);
    expect(here.broker.calls).toBeGreaterThan(4_000);
  });

  it('are given back when the record cannot be written [R-GATE-2]', async () => {
    const before = openDescriptors();
    const root = temporaryFolder();
    plant(root, { 'a.txt': 'x' });
    const onRecord = (): never => {
      throw new Error('the disk is full');
    };
    const here = bench({ cwd: root, rules: { read: [root], write: [root] }, onRecord });
    for (let i = 0; i < 100; i++) {
      for (const operation of ['fs.read-file', 'fs.remove-file'])
        await expect(here.call(operation, join(root, 'a.txt'))).rejects.toMatchObject({ code: 'E_LEDGER' });
    }
    expect(openDescriptors()).toBe(before);
    expect(existsSync(join(root, 'a.txt'))).toBe(true);
    expect(readdirSync(root)).toEqual(['a.txt']);
  });
});
