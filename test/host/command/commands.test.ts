import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CapabilityDenied, SkillError } from '../../../host/errors.ts';
import { ownTemporaries } from '../function/program-fixture.ts';
import { bytesOf, openDescriptors, rejection } from '../function/scope-fixture.ts';
import { door, telling, textOf } from './command-fixture.ts';

const expectCode = (code: string, error: unknown): void => {
  expect(error).toBeInstanceOf(SkillError);
  expect((error as SkillError).code).toBe(code);
};

describe('a command of the decided side', () => {
  it('is recorded before it starts, and answers what it did [R-COMMAND-1]', async () => {
    const here = door({ rules: { commands: ['tell'], read: ['./'] } });
    const result = await here.commands.run({ program: 'tell', args: ['a b', '$(id)'], stdin: bytesOf('in') });
    expect(JSON.parse(textOf(result))).toMatchObject({ argv: ['a b', '$(id)'], stdin: 'in', cwd: here.root });
    expect(result).toMatchObject({ exitCode: 0, isolation: here.commands.isolation });
    expect(result.durationMs).toBeGreaterThan(0);
    expect(here.records).toEqual([
      {
        event: 'used',
        capability: 'terminal_exec',
        resource: 'tell a b $(id)',
        result: 'allowed',
        layer: 'grant',
        rule: 'terminal_exec = "tell"',
        isolation: here.commands.isolation,
      },
    ]);
  });

  it('that cannot be recorded does not start [R-COMMAND-1] [R-LEDGER-1]', async () => {
    const here = door({
      rules: { commands: ['*'], read: ['./'], write: ['./'] },
      onRecord: () => {
        throw new SkillError('E_LEDGER', 'the disk is full');
      },
    });
    here.add('touch', `require('node:fs').writeFileSync('canary', '')`);
    expectCode('E_LEDGER', await rejection(here.commands.run({ program: 'touch', args: [] })));
    expect(existsSync(join(here.root, 'canary'))).toBe(false);
  });

  it('that is not granted is refused by its layer, and decide says so beforehand without a record [R-COMMAND-1]', async () => {
    const here = door({ voices: [{ commands: ['tell'] }, { commands: ['other'] }] });
    const asked = { program: 'tell', args: [] };
    expect(here.commands.decide(asked)).toMatchObject({ allowed: false, layer: 'voice-1' });
    expect(here.commands.decide({ program: '../tell', args: [] })).toMatchObject({ allowed: false, layer: 'gate' });
    expect(here.records).toEqual([]);
    const error = await rejection(here.commands.run(asked));
    expect(error).toBeInstanceOf(CapabilityDenied);
    expect(error).toMatchObject({ layer: 'voice-1' });
    expect(here.records).toMatchObject([{ event: 'denied' }]);
  });

  it('is decided by what is granted at that moment [R-COMMAND-1] [R-GATE-5]', async () => {
    const here = door();
    await telling(here);
    here.layers = [];
    expect(here.commands.decide({ program: 'tell', args: [] }).allowed).toBe(false);
    await expect(telling(here)).rejects.toThrow('nothing was granted');
  });

  it.each([
    ['a program that is not installed', { program: 'missing', args: [] }],
    ['a folder that is not there', { program: 'tell', args: [], cwd: 'missing' }],
    ['a folder below one that is not there', { program: 'tell', args: [], cwd: 'missing/deeper' }],
    ['a file as a folder', { program: 'tell', args: [], cwd: 'bin/tell' }],
    ['a program whose interpreter is missing', { program: 'broken', args: [] }],
  ])('names what is not there: %s [R-COMMAND-1]', async (_name, request) => {
    const here = door({ rules: { commands: ['*', 'missing'], read: ['./'] } });
    here.add('broken', '');
    writeFileSync(join(here.bin, 'broken'), '#!/nowhere/at-all\n');
    const temporaries = ownTemporaries();
    const before = openDescriptors();
    const error = await rejection(here.commands.run(request));
    expectCode('E_NOT_FOUND', error);
    expect((error as SkillError).message).toContain(`"${request.program}"`);
    expect(openDescriptors()).toBe(before);
    expect(temporaries()).toEqual([]);
  });

  it('starts in the folder that was asked for, with links followed by the gate [R-COMMAND-1]', async () => {
    const here = door({ rules: { commands: ['*'], read: ['./'] } });
    mkdirSync(join(here.root, 'inner/deep'), { recursive: true });
    symlinkSync('inner', join(here.root, 'link'));
    symlinkSync('/', join(here.root, 'out'));
    const before = openDescriptors();
    for (const cwd of ['inner/deep', 'link/deep', join(here.root, 'inner/deep')])
      expect((await telling(here, { cwd })).cwd).toBe(join(here.root, 'inner/deep'));
    for (const cwd of ['out', '/', '..', 'inner/../..', '~', '/proc/self'])
      expect(await rejection(telling(here, { cwd }))).toBeInstanceOf(CapabilityDenied);
    expect(openDescriptors()).toBe(before);
  });

  it('starts in an empty folder of its own where nothing else may be read [R-COMMAND-1]', async () => {
    const here = door();
    here.add('list', `console.log(JSON.stringify([process.cwd(), require('node:fs').readdirSync('.')]))`);
    const seen = await Promise.all(
      [1, 2].map(
        async () => JSON.parse(textOf(await here.commands.run({ program: 'list', args: [] }))) as [string, string[]],
      ),
    );
    for (const [folder, files] of seen) {
      expect(files).toEqual([]);
      expect(folder).not.toBe(here.root);
      expect(existsSync(join(here.root, folder))).toBe(false);
    }
  });

  it('has a time of its own, at most command_ms [R-COMMAND-1] [R-LIMIT-1]', async () => {
    const here = door({ limits: { command_ms: 1_000 } });
    here.add('slow', `setInterval(() => {}, 1000)`);
    const own = await rejection(here.commands.run({ program: 'slow', args: [], timeoutMs: 300 }));
    expectCode('E_TIMEOUT', own);
    expect((own as Error).message).toContain('its timeout = 300');
    const all = await rejection(here.commands.run({ program: 'slow', args: [], timeoutMs: 60_000 }));
    expectCode('E_TIMEOUT', all);
    expect(all).toMatchObject({ details: { limit: 'command_ms' }, hint: expect.stringContaining('command_ms=2000') });
  });

  it('ends with its caller, before and while it runs [R-COMMAND-1]', async () => {
    const here = door();
    here.add('slow', `console.log('up'); setInterval(() => {}, 1000)`);
    const ended = AbortSignal.abort(new Error('no'));
    expectCode('E_ABORTED', await rejection(here.commands.run({ program: 'slow', args: [], signal: ended })));
    expect(here.records).toEqual([]);
    const caller = new AbortController();
    const run = here.commands.run({
      program: 'slow',
      args: [],
      signal: caller.signal,
      onOutput: () => caller.abort(),
    });
    expectCode('E_ABORTED', await rejection(run));
    const deadline = new AbortController();
    const late = here.commands.run({
      program: 'slow',
      args: [],
      signal: deadline.signal,
      onOutput: () => deadline.abort(new SkillError('E_TIMEOUT', 'the run is late')),
    });
    expectCode('E_TIMEOUT', await rejection(late));
  });

  it('tells its output as it comes, and no more than message_kb of it [R-COMMAND-1] [R-LIMIT-1]', async () => {
    const here = door({ limits: { message_kb: 8 } });
    here.add(
      'talks',
      `process.stdout.write('one'); process.stdin.once('data', () => { process.stderr.write('two'); process.exitCode = 3; });`,
    );
    here.add('flood', `const more = () => process.stdout.write('x'.repeat(1e5), more); more();`);
    const heard: string[] = [];
    const onOutput = (stream: string, chunk: Uint8Array): void =>
      void heard.push(`${stream}: ${Buffer.from(chunk).toString()}`);
    const result = await here.commands.run({ program: 'talks', args: [], stdin: bytesOf('go'), onOutput });
    expect(result.exitCode).toBe(3);
    expect(heard).toEqual(['stdout: one', 'stderr: two']);
    let size = 0;
    const count = (_stream: string, chunk: Uint8Array): void => void (size += chunk.length);
    expectCode('E_MESSAGE_LIMIT', await rejection(here.commands.run({ program: 'flood', args: [], onOutput: count })));
    expect(size).toBeLessThanOrEqual(8 * 1024);
  });

  it('is ended by a listener that throws, with its error [R-COMMAND-1]', async () => {
    const here = door();
    here.add('slow', `console.log('up'); setInterval(() => {}, 1000)`);
    const failure = new Error('nobody listens');
    const onOutput = (): never => {
      throw failure;
    };
    expect(await rejection(here.commands.run({ program: 'slow', args: [], onOutput }))).toBe(failure);
  });

  it('takes at most a thousand arguments [R-COMMAND-1]', async () => {
    const args = Array.from({ length: 1_001 }, () => '');
    expectCode('E_MESSAGE_LIMIT', await rejection(telling(door(), { args })));
  });
});

describe('what surrounds a command', () => {
  it('is told by name: variables [R-COMMAND-1]', () => {
    const here = door({ rules: { env: ['APP_*'] }, env: { APP_A: '1', SECRET: 'x' } });
    expect(here.commands.variable('APP_A')).toBe('1');
    expect(here.commands.variable('APP_MISSING')).toBeUndefined();
    for (const name of ['SECRET', 'PATH', '__proto__', 'toString'])
      expect(() => here.commands.variable(name)).toThrow(CapabilityDenied);
    expect(here.records.map(({ event, resource }) => `${event} ${resource}`)).toEqual([
      'used APP_A',
      'used APP_MISSING',
      'denied SECRET',
      'denied PATH',
      'denied __proto__',
      'denied toString',
    ]);
  });

  it('is told by path: files, through the gate [R-COMMAND-1]', () => {
    const here = door({ rules: { read: ['./data'] }, prepare: ({ root }) => mkdirSync(join(root, 'data')) });
    writeFileSync(join(here.root, 'data/there'), '');
    symlinkSync('/etc/passwd', join(here.root, 'data/out'));
    const before = openDescriptors();
    expect(['data', 'data/there', 'data/none', 'data/there/below', 'data/none/below'].map(exists)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    for (const path of ['/etc/passwd', 'bin', 'data/../bin', 'data/out', '/proc/self'])
      expect(() => exists(path)).toThrow(CapabilityDenied);
    expect(openDescriptors()).toBe(before);
    expect(here.records).toHaveLength(8);

    function exists(path: string): boolean {
      return here.commands.exists(path);
    }
  });

  it('is told by name: programs, and none is started [R-COMMAND-1]', () => {
    const here = door({ rules: {} });
    expect(['tell', 'missing', './tell', '', '*'].map((name) => here.commands.isInstalled(name))).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(here.records).toEqual([]);
  });
});
