import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { findBubblewrap } from '../../../host/command/bubblewrap.ts';
import { interpreterOf } from '../../../host/command/interpreter.ts';
import { breakSandboxes, HAS_BUBBLEWRAP } from '../function/program-fixture.ts';
import { openDescriptors, plant, rejection, temporaryFolder } from '../function/scope-fixture.ts';
import { type Door, door, telling, textOf } from './command-fixture.ts';

const BUBBLEWRAP = findBubblewrap()?.file ?? '';

/** Puts a script in front of the bubblewrap of this machine. */
function wrapBubblewrap(script: string): string {
  const bin = temporaryFolder();
  writeFileSync(join(bin, 'bwrap'), `#!/bin/sh\n${script}\nexec '${BUBBLEWRAP}' "$@"\n`);
  chmodSync(join(bin, 'bwrap'), 0o755);
  vi.stubEnv('PATH', `${bin}:${process.env['PATH']}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  return bin;
}

const world = (): Door =>
  door({
    rules: { commands: ['*'], read: ['./in'], write: ['./out'] },
    path: '/usr/bin:/bin',
    prepare: ({ root }) => plant(root, { 'in/a': 'inside', 'out/a': 'old', 'hidden/a': 'secret' }),
  });

const shell = async (here: Door, script: string): Promise<string> =>
  textOf(await here.commands.run({ program: 'sh', args: ['-c', script] }));

describe('without a sandbox that works', () => {
  it.each([
    ['none is installed', () => vi.stubEnv('PATH', '/nowhere')],
    ['none is looked for', () => vi.stubEnv('PATH', undefined)],
    ['it may not make namespaces', breakSandboxes],
  ])('because %s, programs run, and their records say none [R-COMMAND-4]', async (_name, hinder) => {
    const here = world();
    hinder();
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(here.commands.isolation).toBe('none');
    const told = await telling(here, { args: ['a'], env: { SET: '1' } });
    expect(told).toMatchObject({ argv: ['a'], cwd: told.env['TMPDIR'] });
    expect(Object.keys(told.env).toSorted()).toEqual(['PWD', 'SET', 'TMPDIR']);
    expect(await shell(here, `cat '${here.root}/hidden/a'`)).toBe('secret');
    expect(here.records.map(({ isolation }) => isolation)).toEqual(['none', 'none']);
    expect((await here.commands.run({ program: 'true', args: [] })).isolation).toBe('none');
  });

  it('a program starts in the very folder that was checked [R-COMMAND-4]', async () => {
    const here = world();
    breakSandboxes();
    const before = openDescriptors();
    const told = await telling(here, { cwd: 'in' });
    expect([told.cwd, told.env['PWD']]).toEqual([join(here.root, 'in'), join(here.root, 'in')]);
    expect(openDescriptors()).toBe(before);
  });
});

describe.skipIf(!HAS_BUBBLEWRAP)('a bubblewrap', () => {
  it('is tried once for each PATH [R-COMMAND-4]', () => {
    const bin = wrapBubblewrap('echo "$*" >> "$(dirname "$0")/asked"');
    expect(world().commands.isolation).toBe('bubblewrap');
    const asked = readFileSync(join(bin, 'asked'), 'utf8');
    expect(asked.split('\n').length).toBeLessThanOrEqual(4);
    expect(world().commands.isolation).toBe('bubblewrap');
    expect(readFileSync(join(bin, 'asked'), 'utf8')).toBe(asked);
  });

  it.each([
    ['mount descriptors', 'fd DEST'],
    ['forbid further namespaces', 'disable-userns'],
  ])('that cannot %s closes programs in all the same [R-COMMAND-3]', async (_name, feature) => {
    wrapBubblewrap(
      `[ "$1" = --help ] && { '${BUBBLEWRAP}' --help 2>&1 | grep -iv -e '${feature.replace('fd DEST', 'bind-fd')}'; exit 0; }`,
    );
    const here = world();
    expect(findBubblewrap()?.mountsDescriptors).toBe(!feature.startsWith('fd'));
    expect(await shell(here, `cat '${here.root}/in/a'; echo new > '${here.root}/out/a'`)).toBe('inside');
    expect(readFileSync(join(here.root, 'out/a'), 'utf8')).toBe('new\n');
    expect(await shell(here, `cat '${here.root}/hidden/a' 2>&1 || true`)).toMatch(/No such file/);
    expect(here.records.at(-1)).toMatchObject({ isolation: 'bubblewrap' });
  });

  it('that fails after it was tried is an error, never a program in the open [R-COMMAND-4]', async () => {
    const bin = wrapBubblewrap('[ "$1" = --args ] && { echo "bwrap: no more namespaces" >&2; exit 1; }');
    const here = world();
    const before = openDescriptors();
    const error = await rejection(here.commands.run({ program: 'tell', args: [] }));
    expect(error).toMatchObject({ code: 'E_UNAVAILABLE', message: expect.stringContaining('no more namespaces') });
    rmSync(join(bin, 'bwrap'));
    expect(await rejection(here.commands.run({ program: 'tell', args: [] }))).toMatchObject({ code: 'E_UNAVAILABLE' });
    // Its pipes are closed a moment after it has ended.
    await vi.waitFor(() => expect(openDescriptors()).toBe(before));
  });

  it('does not take the words of a program for its own [R-COMMAND-4]', async () => {
    const here = world();
    here.add('lies', `process.stderr.write('bwrap: execvp /x: No such file or directory\\n'); process.exitCode = 1;`);
    const result = await here.commands.run({ program: 'lies', args: [] });
    expect([result.exitCode, Buffer.from(result.stderr).toString()]).toEqual([
      1,
      'bwrap: execvp /x: No such file or directory\n',
    ]);
  });

  it('is never given what is set for a program [R-COMMAND-4]', async () => {
    const bin = wrapBubblewrap('env > "$(dirname "$0")/env"');
    const here = door({ rules: { commands: ['*'], env: ['LD_PRELOAD'] }, env: { LD_PRELOAD: '/nowhere/x.so' } });
    const told = await telling(here, { env: { SET: 'value' } });
    expect(told.env).toMatchObject({ LD_PRELOAD: '/nowhere/x.so', SET: 'value' });
    expect(readFileSync(join(bin, 'env'), 'utf8')).not.toMatch(/LD_PRELOAD|SET=/);
  });
});

describe('the interpreter of a script', () => {
  it.each([
    ['#!/bin/sh\n', '/bin/sh'],
    ['#! /bin/sh -e\n', '/bin/sh'],
    ['#!\t/bin/sh\targ\n', '/bin/sh'],
    ['#!/bin/sh', '/bin/sh'],
    ['#!/nowhere/at-all\n', undefined],
    ['#!sh\n', undefined],
    ['#!\n/bin/sh', undefined],
    [' #!/bin/sh\n', undefined],
    ['\u007fELF', undefined],
    ['', undefined],
  ])('of %j is %s [R-COMMAND-3]', (text, name) => {
    const file = join(temporaryFolder(), 'script');
    writeFileSync(file, text);
    expect(interpreterOf(file)?.name).toBe(name);
  });

  it('is none of what cannot be read [R-COMMAND-3]', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'd'));
    for (const name of ['d', 'missing']) expect(interpreterOf(join(folder, name))).toBeUndefined();
  });

  it.skipIf(!HAS_BUBBLEWRAP)('is there though nobody granted its folder [R-COMMAND-3]', async () => {
    const here = door({
      prepare: ({ root, bin }) => {
        plant(root, { 'own/interpreter': '' });
        writeFileSync(join(root, 'own/interpreter'), readFileSync('/bin/sh'));
        chmodSync(join(root, 'own/interpreter'), 0o755);
        writeFileSync(join(bin, 'script'), `#!${root}/own/interpreter\necho ran; ls '${root}/own'\n`);
        chmodSync(join(bin, 'script'), 0o755);
      },
      path: '/usr/bin:/bin',
    });
    expect(textOf(await here.commands.run({ program: 'script', args: [] }))).toBe('ran\ninterpreter\n');
  });
});
