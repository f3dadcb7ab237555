import { chmodSync, copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { endedOf, type Programs, programs, toldOf } from './program-fixture.ts';
import { type Bench, bench, bytesOf, layerOf, openDescriptors, refusalOf, type Rules } from './scope-fixture.ts';

function world(rules: Rules, prepare: (made: Programs) => void = () => undefined): Bench & Programs {
  const made = programs();
  prepare(made);
  return Object.assign(bench({ cwd: made.root, path: made.bin, rules }), made);
}

const run = (here: Bench, name: string, args: readonly string[] = []): Promise<unknown> =>
  here.call('command.execute', name, args, bytesOf(''));

describe('a program', () => {
  it.each([
    '/bin/sh',
    './tell',
    '../bin/tell',
    'bin/tell',
    '-tell',
    '--help',
    '',
    '.',
    '..',
    'tell ',
    ' tell',
    'tell\n',
    'tell;id',
    'tell\0',
    '$(id)',
    'a=b',
    '~',
    'TELL*',
    '*',
    'x'.repeat(129),
    'te\u2006ll',
  ])('is not named %j [R-GATE-4]', async (name) => {
    const here = world({ commands: ['*'] });
    expect(await refusalOf(run(here, name))).toMatchObject({ code: 'denied' });
    expect(here.records).toMatchObject([{ event: 'denied', layer: 'gate', capability: 'terminal_exec' }]);
  });

  it('that is not granted is not started, also not by one that was [R-GATE-4]', async () => {
    const here = world({ commands: ['tell'] }, ({ bin }) => {
      for (const name of ['sh', 'env', 'xargs', 'node', 'sudo']) symlinkSync(process.execPath, join(bin, name));
    });
    for (const name of ['sh', 'env', 'xargs', 'node', 'sudo', 'tel', 'tell2', 'Tell']) {
      expect(await refusalOf(run(here, name, ['tell']))).toMatchObject({ code: 'denied' });
    }
    expect(toldOf((await run(here, 'tell')) as never).argv).toEqual([]);
  });

  it('that is granted and not installed is said to be missing, not forbidden [R-GATE-4]', async () => {
    const here = world({ commands: ['missing'] });
    expect(await refusalOf(run(here, 'missing'))).toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('not installed') as string,
    });
    expect(await refusalOf(run(here, 'other'))).toMatchObject({ code: 'denied' });
  });

  it('that was installed, or replaced by a link, after the grant is another one [R-GATE-5]', async () => {
    const here = world({ commands: ['tell', 'late'] });
    here.add('late', 'console.log(1)');
    expect(await refusalOf(run(here, 'late'))).toMatchObject({ code: 'denied' });
    here.add('evil', 'console.log(1)');
    rmSync(join(here.bin, 'tell'));
    symlinkSync('evil', join(here.bin, 'tell'));
    expect(await refusalOf(run(here, 'tell'))).toMatchObject({ code: 'denied' });
  });

  it('of many names is several programs: granting one grants no other [R-GATE-4]', async () => {
    const prepare = ({ bin }: Programs): void => {
      for (const name of ['ls', 'rm']) symlinkSync('tell', join(bin, name));
    };
    const here = world({ commands: ['ls'] }, prepare);
    for (const name of ['rm', 'tell']) expect(await refusalOf(run(here, name))).toMatchObject({ code: 'denied' });
    await run(here, 'ls');
    // It is told which of its names was meant.
    const direct = world({ commands: ['my-node'] }, ({ bin }) => symlinkSync(process.execPath, join(bin, 'my-node')));
    const { stdout } = endedOf((await run(direct, 'my-node', ['-p', 'process.argv0'])) as never);
    expect(basename(stdout.trim())).toBe('my-node');
  });

  it('that is blocked is blocked by every name it has, whatever is granted [R-GATE-4]', async () => {
    const prepare = ({ bin }: Programs): void => symlinkSync('tell', join(bin, 'alias'));
    for (const blocked of ['tell', 'alias']) {
      const here = world({ commands: ['*', 'tell', 'alias'], blocked: [blocked] }, prepare);
      for (const name of ['tell', 'alias']) {
        expect(await refusalOf(run(here, name))).toMatchObject({ code: 'denied' });
        expect(here.records.at(-1)).toMatchObject({ rule: `terminal_exec.blocked = "${blocked}"` });
      }
    }
  });

  it('is found in absolute folders of PATH alone, and only as a file that may be run [R-GATE-4]', async () => {
    const made = programs();
    mkdirSync(join(made.bin, 'folder'));
    writeFileSync(join(made.bin, 'text'), 'x');
    chmodSync(join(made.bin, 'text'), 0o644);
    symlinkSync('nowhere', join(made.bin, 'dangling'));
    copyFileSync(join(made.bin, 'tell'), join(made.root, 'planted'));
    const path = `.:./:bin:../bin::${relative(process.cwd(), made.root)}:${made.bin}`;
    const here = bench({
      cwd: made.root,
      path,
      layers: [layerOf('grant', { commands: ['*'] }, { cwd: made.root, path })],
    });
    for (const name of ['folder', 'text', 'dangling', 'planted'])
      expect(await refusalOf(run(here, name))).toMatchObject({ code: 'not-found' });
    expect(toldOf((await run(here, 'tell')) as never).argv).toEqual([]);
  });

  it('that cannot be started is an error, and leaves nothing behind [R-GATE-4]', async () => {
    const here = world({ commands: ['*'] }, ({ bin }) => {
      writeFileSync(join(bin, 'broken'), '#!/nowhere/at-all\n');
      chmodSync(join(bin, 'broken'), 0o755);
    });
    const before = openDescriptors();
    const refusal = await refusalOf(run(here, 'broken'));
    expect(refusal.code).toBe('not-found');
    expect(refusal.message).not.toContain(here.root);
    expect(openDescriptors()).toBe(before);
  });

  it('ends with its status, or with the signal that ended it [R-GATE-4]', async () => {
    const here = world({ commands: ['*'] }, ({ add }) => {
      add('fails', `process.stderr.write('why'); process.exitCode = 7;`);
      add('dies', `process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000);`);
    });
    expect(endedOf((await run(here, 'fails')) as never)).toEqual({ status: 7, stdout: '', stderr: 'why' });
    expect(endedOf((await run(here, 'dies')) as never).status).toBe(143);
  });
});
