import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { inspectModule } from '../../../host/module/inspect.ts';
import { filled, hash } from './native-files.ts';
import { errorOf, fixture, type GuestRun, textOf, useFolder, useSandbox, valueOf } from './support.ts';

const run = useSandbox();
const folder = useFolder();
let command: Uint8Array;
let component: Uint8Array;

const WORLD = `package test:count;
world count {
  export word-count: func(path: string) -> result<u32, string>;
  export note: func(text: string);
  export leave: func(status: u32);
}`;

beforeAll(async () => {
  const { componentEmbed, componentNew, preview1AdapterCommandPath, preview1AdapterReactorPath } =
    await import('@bytecodealliance/jco');
  const adapter = (path: URL): [string, Uint8Array][] => [['wasi_snapshot_preview1', readFileSync(path)]];
  command = await componentNew(fixture('posix.wasm'), adapter(preview1AdapterCommandPath()));
  const embedded = await componentEmbed({ binary: fixture('component.wasm'), witSource: WORLD, world: 'count' });
  component = await componentNew(embedded, adapter(preview1AdapterReactorPath()));
});

describe('C programs as components of wasi:cli/run [R-WASI-1]', () => {
  const program = (args: string[], options: GuestRun = {}) =>
    run(command, { args: ['posix', ...args], cwd: folder(), ...options });

  it('are commands', () => {
    const { kind, tools } = inspectModule(command);
    expect([kind, tools]).toMatchObject(['component', [{ name: 'run', input: 'command' }]]);
  });

  it('read and write the standard streams', async () => {
    const input = Buffer.alloc(100_000, 'zeile ✓\n');
    const result = await program(['cat'], { stdin: input });
    expect(Buffer.from(valueOf(result) as Uint8Array).equals(input)).toBe(true);
    expect(Buffer.from(result.stderr).toString()).toBe('to stderr\n');
  });

  it('get arguments and environment', async () => {
    expect(textOf(await program(['args', 'ä b', '']))).toBe('0=[posix]\n1=[args]\n2=[ä b]\n3=[]\n');
    expect(textOf(await program(['env'], { env: { LANG: 'C', OTHER: 'x' }, grants: { env: ['LANG'] } }))).toBe(
      'LANG=C\nHOME=unset\n',
    );
  });

  it('end with success or without', async () => {
    expect(textOf(await program(['exit', '0']))).toBe('');
    expect(errorOf(await program(['exit', '3']))).toMatchObject({ code: 'E_GUEST', details: { status: 1 } });
    expect(errorOf(await program(['abort'])).code).toBe('E_TRAP');
  });

  it('sleep, draw randomness, and have no terminal', async () => {
    // 58 is what the program's own library says of an instant that has passed, as on a busy machine.
    expect(textOf(await program(['clocks']))).toMatch(/^\d+ slept=1 absolute=(?:0|58) ready=1\n$/);
    expect(textOf(await program(['random']))).toBe('different\n');
    expect(textOf(await program(['terminal']))).toBe('000\n');
  });

  it('do with granted files what they do natively', async () => {
    writeFileSync(join(folder(), 'seen'), filled(1_000, 4));
    const lines = {
      'open 0 r+ seen': 'ok',
      'read 0 10': `ok 10 ${hash(filled(10, 4))}`,
      'seek 0 -10 e': 'ok',
      'write 0 20 1': 'ok 20',
      'size 0': 'ok 1010',
      'truncate 0 5': 'ok',
      'close 0': 'ok',
      'stat seen': 'ok file 5 dated',
      'open 1 a seen': 'ok',
      'write 1 3 9': 'ok 3',
      'close 1': 'ok',
      'mkdir sub': 'ok',
      'rename seen sub/seen': 'ok',
      'ls sub': 'ok 1: seen',
      'same sub/seen ./sub/seen': 'ok 1',
      'rmdir sub': 'error Directory not empty',
      'unlink sub/seen': 'ok',
      'rmdir ./sub': 'ok',
    };
    const script = Object.keys(lines);
    const printed = textOf(
      await program(['script'], { stdin: `${script.join('\n')}\n`, grants: { read: ['./'], write: ['./'] } }),
    )
      .trimEnd()
      .split('\n');
    expect(Object.fromEntries(script.map((line, i) => [line, printed[i]]))).toEqual(lines);
  });

  it('are refused all other files', async () => {
    mkdirSync(join(folder(), 'granted'));
    writeFileSync(join(folder(), 'hidden'), 'secret');
    const script = ['open 0 r hidden', 'open 0 w granted/new', 'open 0 r ../x', 'ls .', 'unlink hidden'].join('\n');
    const printed = textOf(await program(['script'], { stdin: `${script}\n`, grants: { read: ['./granted'] } }))
      .trimEnd()
      .split('\n');
    expect(printed.map((line) => line.replace('Operation not permitted', 'Permission denied'))).toEqual(
      printed.map(() => 'error Permission denied'),
    );
  });

  it('copy byte by byte with few host calls', async () => {
    writeFileSync(join(folder(), 'in'), filled(50_000, 8));
    const result = await program(['bytes', 'in', 'out'], { grants: { read: ['./'], write: ['./'] } });
    expect(textOf(result)).toBe('copied 50000\n');
    expect(readFileSync(join(folder(), 'out')).equals(filled(50_000, 8).map((byte) => byte ^ 0x20))).toBe(true);
    expect(result.usage.hostCalls).toBeLessThan(20);
  });
});

describe('C components with a world of their own [R-WASI-1]', () => {
  const call = (tool: string, input: object, options: GuestRun = {}) =>
    run(component, { tool, input, cwd: folder(), grants: { read: ['./'], write: ['./'] }, ...options });

  it('take and return values, and read files on the way', async () => {
    writeFileSync(join(folder(), 'words.txt'), 'eins zwei\n drei');
    const result = await call('word-count', { path: 'words.txt' });
    expect(valueOf(result)).toBe(3);
    expect(Buffer.from(result.stderr).toString()).toBe('counted words.txt\n');
  });

  it('fail in their own words, told as the refusal that was the cause', async () => {
    expect(errorOf(await call('word-count', { path: 'absent.txt' }))).toMatchObject({
      code: 'E_GUEST',
      details: { error: 'No such file or directory' },
    });
    const denied = errorOf(await call('word-count', { path: 'words.txt' }, { grants: {} }));
    expect(denied).toMatchObject({ code: 'E_DENIED' });
    expect(denied.cause).toMatchObject({ code: 'E_GUEST', details: { error: 'Permission denied' } });
  });

  it('have written what they leave open', async () => {
    for (const text of ['one ', 'two']) valueOf(await call('note', { text }));
    expect(readFileSync(join(folder(), 'note.txt'), 'utf8')).toBe('one two');
  });

  it('may exit from within a call', async () => {
    expect(errorOf(await call('leave', { status: 5 }))).toMatchObject({ code: 'E_GUEST', details: { status: 1 } });
  });
});
