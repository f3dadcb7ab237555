import { describe, expect, it } from 'vitest';
import { errorOf, fixture, textOf, useSandbox, valueOf } from './support.ts';

const posix = fixture('posix.wasm');
const reactor = fixture('reactor.wasm');
const run = useSandbox();
const program = (...args: string[]): { readonly args: string[] } => ({ args: ['posix', ...args] });

describe('C programs for WASI preview 1 [R-WASI-2]', () => {
  it('read standard input and write standard output and error', async () => {
    const input = Buffer.alloc(300_000, 'äöü ✓\n');
    const result = await run(posix, { ...program('cat'), stdin: input });
    expect(Buffer.from(valueOf(result) as Uint8Array).equals(input)).toBe(true);
    expect(Buffer.from(result.stderr).toString()).toBe('to stderr\n');
    // Its environment is all it asked for.
    expect(result.hostCalls.map(({ operation }) => operation)).toEqual(['env.list']);
  });

  it('find end of file at once on empty standard input', async () => {
    expect(textOf(await run(posix, program('cat')))).toBe('');
  });

  it('get their arguments byte for byte', async () => {
    const words = ['', ' ', 'ä b', '--x=1', '"quoted"', '$HOME', '*'];
    const printed = ['posix', 'args', ...words].map((word, i) => `${i}=[${word}]\n`).join('');
    expect(textOf(await run(posix, program('args', ...words)))).toBe(printed);
  });

  it('see the granted environment and nothing else of it', async () => {
    const env = { HOME: '/home/me', LANG: 'de_DE.UTF-8', SECRET: 's' };
    expect(textOf(await run(posix, { ...program('env'), env, grants: { env: ['LANG'] } }))).toBe(
      'LANG=de_DE.UTF-8\nHOME=unset\n',
    );
    expect(textOf(await run(posix, { ...program('env'), env }))).toBe('HOME=unset\n');
  });

  it('end with their status, told with their last words', async () => {
    expect(textOf(await run(posix, program('exit', '0')))).toBe('');
    for (const status of [1, 7, 255]) {
      const error = errorOf(await run(posix, program('exit', String(status))));
      expect(error).toMatchObject({ code: 'E_GUEST', details: { status } });
      expect(error.message).toBe(`the command ended with status ${status}: "last words"`);
    }
  });

  it('trap when they abort', async () => {
    expect(errorOf(await run(posix, program('abort'))).code).toBe('E_TRAP');
  });

  it('sleep, poll, and tell the time', async () => {
    const [now, ...rest] = textOf(await run(posix, program('clocks')))
      .trim()
      .split(' ');
    expect(Math.abs(Number(now) - Date.now() / 1000)).toBeLessThan(600);
    expect(rest).toEqual(['slept=1', 'absolute=0', 'ready=1']);
  });

  it('draw random bytes', async () => {
    expect(textOf(await run(posix, program('random')))).toBe('different\n');
  });

  it('are not told of a terminal', async () => {
    expect(textOf(await run(posix, program('terminal')))).toBe('000\n');
  });

  it('may write a mebibyte one byte at a time, and no more than the limit', async () => {
    const result = await run(posix, program('unbuffered', '1048576'));
    expect((valueOf(result) as Uint8Array).length).toBe(1_048_576);
    const error = errorOf(await run(posix, { ...program('unbuffered', '1025'), limits: { output_kb: 1 } }));
    expect(error).toMatchObject({ code: 'E_OUTPUT_LIMIT', details: { limit: 'output_kb' } });
  });
});

describe('C reactors for WASI preview 1 [R-WASI-2]', () => {
  const call = async (tool: string, input: object = {}): Promise<unknown> =>
    valueOf(await run(reactor, { tool, input }));

  it('are initialised once before each call', async () => {
    expect(await call('initialized')).toBe(1);
    expect(await call('initialized')).toBe(1);
  });

  it('take and return numbers of every type', async () => {
    expect(await call('add32', { p0: 2_147_483_647, p1: 1 })).toBe(-2_147_483_648);
    expect(await call('add64', { p0: 2, p1: -5 })).toBe(-3);
    expect(await call('half32', { p0: 0.3 })).toBe(Math.fround(Math.fround(0.3) / 2));
    expect(await call('divide', { p0: 1, p1: 3 })).toBe(1 / 3);
    expect(await call('nothing')).toBe(null);
  });

  it('lose nothing of numbers that JSON cannot hold', async () => {
    expect(await call('add64', { p0: '9223372036854775806', p1: 1 })).toBe('9223372036854775807');
    expect(await call('add64', { p0: 9_007_199_254_740_991, p1: 0 })).toBe(9_007_199_254_740_991);
    expect(await call('add64', { p0: 9_007_199_254_740_991, p1: 1 })).toBe('9007199254740992');
    expect(await call('divide', { p0: 1, p1: 0 })).toBe('Infinity');
    expect(await call('divide', { p0: 0, p1: 0 })).toBe('NaN');
    expect(await call('divide', { p0: 1, p1: 'Infinity' })).toBe(0);
  });

  it('trap without harm to the next call', async () => {
    expect(errorOf(await run(reactor, { tool: 'crash' })).code).toBe('E_TRAP');
    expect(await call('add32', { p0: 1, p1: 1 })).toBe(2);
  });
});
