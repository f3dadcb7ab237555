// cspell:ignore PYTHONSTARTUP RUBYOPT oproxycommand qexec
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isolationHere } from '../../../host/command/isolation.ts';
import { programs, toldOf } from './program-fixture.ts';
import { bench, bytesOf, refusalOf } from './scope-fixture.ts';
import { VALUES } from './hostile-values.ts';

describe('arguments', () => {
  it('arrive one by one, byte for byte, and start nothing [R-GATE-4]', async () => {
    const { root, bin } = programs();
    const here = bench({ cwd: root, path: bin, rules: { commands: ['tell'] } });
    expect(VALUES.length).toBeGreaterThan(300);
    for (let at = 0; at < VALUES.length; at += 40) {
      const args = ['--', ...VALUES.slice(at, at + 40)];
      expect(toldOf(await here.call('command.execute', 'tell', args, bytesOf(''))).argv).toEqual(args);
    }
    // The first argument, too, where an interpreter would look for its own options.
    for (const first of ['-e', '--eval=1', '-c', '--inspect', '-', '--', ';id', '']) {
      expect(toldOf(await here.call('command.execute', 'tell', [first], bytesOf(''))).argv).toEqual([first]);
    }
    expect(readdirSync(root)).toEqual(['bin']);
  });

  it('of any characters arrive as they were sent [R-GATE-4]', async () => {
    const { root, bin } = programs();
    const here = bench({ cwd: root, path: bin, rules: { commands: ['*'] } });
    const text = fc.string({ unit: 'binary', maxLength: 20 }).map((one) => one.replaceAll('\0', ' ').toWellFormed());
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 30 }), async (args) => {
        expect(toldOf(await here.call('command.execute', 'tell', args, bytesOf(''))).argv).toEqual(args);
      }),
      { numRuns: 15 },
    );
  });

  it.each([
    ['NUL', ['a\0b'], 'NUL'],
    ['a lone surrogate, which would arrive as another character', ['\ud800'], 'well-formed'],
    ['more than 64 KiB', ['x'.repeat(65_536)], 'command_args_kb = 64'],
    ['more than 64 KiB in sum', Array.from({ length: 900 }, () => 'x'.repeat(80)), 'command_args_kb = 64'],
    ['more than 64 KiB in bytes', ['\u4e16'.repeat(30_000)], 'command_args_kb = 64'],
  ])('that hold %s are refused [R-GATE-4]', async (_name, args, why) => {
    const { root, bin } = programs();
    const here = bench({ cwd: root, path: bin, rules: { commands: ['*'] } });
    expect(await refusalOf(here.call('command.execute', 'tell', args, bytesOf('')))).toMatchObject({
      code: 'denied',
      message: expect.stringContaining(why) as string,
    });
    expect(here.records).toMatchObject([{ event: 'denied', layer: 'gate' }]);
  });

  it('of more than a thousand words are refused [R-GATE-4]', async () => {
    const { root, bin } = programs();
    const here = bench({ cwd: root, path: bin, rules: { commands: ['*'] } });
    expect(
      await refusalOf(
        here.call(
          'command.execute',
          'tell',
          Array.from({ length: 1_001 }, () => ''),
          bytesOf(''),
        ),
      ),
    ).toMatchObject({ code: 'too-large' });
  });

  it('meet the patterns of the program [R-GATE-4]', async () => {
    const { root, bin } = programs();
    const here = bench({ cwd: root, path: bin, rules: { commands: ['tell'], args: { tell: ['log **', 'clone *'] } } });
    for (const args of [['log'], ['log', '--exec=x'], ['clone', 'x y']])
      expect(toldOf(await here.call('command.execute', 'tell', args, bytesOf(''))).argv).toEqual(args);
    for (const args of [
      [],
      ['clone'],
      ['clone', '--upload-pack=x'],
      ['-c', 'log'],
      ['clone', 'a', 'b'],
      ['log -1'],
      ['LOG'],
    ]) {
      expect(await refusalOf(here.call('command.execute', 'tell', args, bytesOf('')))).toMatchObject({
        code: 'denied',
      });
    }
  });
});

describe('the surroundings of a program', () => {
  const HOSTILE = [
    'LD_PRELOAD',
    'LD_LIBRARY_PATH',
    'NODE_OPTIONS',
    'NODE_PATH',
    'BASH_ENV',
    'ENV',
    'IFS',
    'PS4',
    'GIT_SSH_COMMAND',
    'GIT_CONFIG_GLOBAL',
    'GIT_EXTERNAL_DIFF',
    'npm_config_script_shell',
    'PYTHONSTARTUP',
    'PERL5OPT',
    'RUBYOPT',
    'JAVA_TOOL_OPTIONS',
    'EDITOR',
    'PAGER',
    'SHELL',
    'HOME',
    'PATH',
    'SSH_AUTH_SOCK',
    'AWS_SECRET_ACCESS_KEY',
    'http_proxy',
    '__proto__',
    'constructor',
  ];
  const env = Object.fromEntries(
    [...HOSTILE, 'LANG', 'APP_ONE', 'APP_TWO', 'APP'].map((name) => [name, name === 'LANG' ? 'C' : `value of ${name}`]),
  );

  it.each([
    [[], []],
    [['LANG'], ['LANG']],
    [['APP_*'], ['APP_ONE', 'APP_TWO']],
    [
      ['APP_*', 'LANG', 'MISSING'],
      ['APP_ONE', 'APP_TWO', 'LANG'],
    ],
    [
      ['__proto__', 'constructor'],
      ['__proto__', 'constructor'],
    ],
    [['TMPDIR'], []],
  ])('granted %j are those variables, TMPDIR and PWD alone [R-GATE-4]', async (granted, expected) => {
    const { root, bin } = programs();
    const here = bench({
      cwd: root,
      path: bin,
      env: { ...env, TMPDIR: '/tmp/of-the-host', UNSET: undefined },
      rules: { commands: ['tell'], env: granted },
    });
    const told = toldOf(await here.call('command.execute', 'tell', [], bytesOf('')));
    const names = Object.entries(told.env).map(([name]) => name);
    expect(names.toSorted()).toEqual([...expected, 'PWD', 'TMPDIR'].toSorted());
    expect(told.env['TMPDIR']).not.toBe('/tmp/of-the-host');
    for (const name of expected) expect(Object.getOwnPropertyDescriptor(told.env, name)?.value).toBe(env[name]);
  });

  it('are the working directory, its input, and nothing of this process [R-GATE-4]', async () => {
    const { root, bin } = programs();
    const here = bench({ cwd: root, path: bin, rules: { commands: ['tell'], read: ['./'] } });
    const told = toldOf(await here.call('command.execute', 'tell', ['x'], Buffer.from('\u0000\u00ffin', 'latin1')));
    expect(told).toMatchObject({ cwd: root, stdin: '\u0000\u00ffin' });
    expect(here.records).toEqual([
      {
        event: 'used',
        capability: 'terminal_exec',
        resource: 'tell x',
        result: 'allowed',
        layer: 'grant',
        rule: 'terminal_exec = "tell"',
        isolation: isolationHere(),
      },
    ]);
  });

  it('has a folder of its own, which is gone afterwards with all that is in it [R-GATE-4]', async () => {
    const { root, bin, add } = programs();
    add(
      'litter',
      `const fs = require('node:fs'); const d = process.env.TMPDIR; fs.mkdirSync(d + '/a/b', { recursive: true }); fs.writeFileSync(d + '/a/b/c', 'x'); fs.symlinkSync('${root}', d + '/l'); console.log(d, fs.statSync(d).mode.toString(8));`,
    );
    const here = bench({ cwd: root, path: bin, rules: { commands: ['litter'] } });
    const seen = new Set<string>();
    for (let i = 0; i < 2; i++) {
      const [status, stdout] = (await here.call('command.execute', 'litter', [], bytesOf(''))) as [number, Uint8Array];
      const [folder = '', mode] = Buffer.from(stdout).toString().trim().split(' ');
      expect([status, mode]).toEqual([0, '40700']);
      expect(() => readdirSync(folder)).toThrow('ENOENT');
      seen.add(folder);
    }
    expect(seen.size).toBe(2);
    expect(readdirSync(join(root, 'bin')).toSorted()).toEqual(['litter', 'tell']);
  });
});
