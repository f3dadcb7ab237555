import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Ended, skill } from '../cli/support.ts';
import { scratch, writeSkill } from '../runtime/folders.ts';

const root = scratch();
let count = 0;

interface Place {
  readonly home: string;
  readonly run: (...words: readonly string[]) => Promise<Ended>;
  /** Runs the guest's tool in a process of its own. */
  readonly set: (value: string) => Promise<Ended>;
  readonly get: () => Promise<Ended>;
}

/** A home in which a skill is installed whose tools are the host functions themselves. */
async function installed(): Promise<Place> {
  const cwd = join(root, `w${count++}`);
  mkdirSync(cwd);
  await writeSkill(join(cwd, 'reach'), { id: 'custom.reach', guest: 'reach' });
  const home = join(cwd, '.home');
  const run: Place['run'] = (...words) => skill(words, { cwd, home });
  expect((await run('add', './reach', '--yes')).stderr).toBe('installed custom.reach 1.2.3\n');
  const tool = (name: string, input: object): Promise<Ended> =>
    run('run', 'custom.reach', name, '--input', JSON.stringify(input), '--format', 'json');
  return {
    home,
    run,
    set: (value) => tool('state-set', { key: 'k', value: Buffer.from(value).toString('base64') }),
    get: () => tool('state-get', { key: 'k' }),
  };
}

const kept = (value: string): object => ({ ok: true, result: Buffer.from(value).toString('base64') });

describe('a guest that keeps a value [R-STATE-1]', () => {
  it('finds it in the next process, and nothing else is said at the terminal', async () => {
    const { set, get, home } = await installed();
    expect(existsSync(join(home, 'state.db'))).toBe(false);
    expect(JSON.parse((await get()).stdout)).toMatchObject({ ok: false, error: { code: 'E_GUEST' } });
    expect(existsSync(join(home, 'state.db'))).toBe(false);
    expect(await set('first')).toMatchObject({ code: 0, stderr: '' });
    const ended = await get();
    expect({ ...JSON.parse(ended.stdout), stderr: ended.stderr }).toMatchObject({ ...kept('first'), stderr: '' });
  });

  it('finds all that guests in other processes kept at the same time', async () => {
    const { run, get, set } = await installed();
    await set('before');
    const keys = Array.from({ length: 4 }, (_, i) => `p${i}`);
    const ended = await Promise.all(
      keys.map((key) =>
        run(
          'run',
          'custom.reach',
          'state-set',
          '--input',
          JSON.stringify({ key, value: Buffer.from(key).toString('base64') }),
        ),
      ),
    );
    expect(ended.map(({ code, stderr }) => ({ code, stderr }))).toEqual(keys.map(() => ({ code: 0, stderr: '' })));
    for (const key of keys) {
      const { stdout } = await run(
        'run',
        'custom.reach',
        'state-get',
        '--input',
        JSON.stringify({ key }),
        '--format',
        'json',
      );
      expect(JSON.parse(stdout)).toMatchObject(kept(key));
    }
    expect(JSON.parse((await get()).stdout)).toMatchObject(kept('before'));
  });

  it('is told why when the state cannot be used, and what mends it', async () => {
    const { set, home } = await installed();
    writeFileSync(join(home, 'state.db'), 'no database. '.repeat(100));
    const { code, stdout } = await set('v');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      error: { code: 'E_STORE', hint: expect.stringContaining('move it away') },
    });
  });
});

describe('skill remove [R-STATE-9]', () => {
  it('removes what the skill kept, and says so', async () => {
    const { run, set, get } = await installed();
    await set('v');
    expect((await run('remove', 'custom.reach')).stderr).toBe('removed custom.reach 1.2.3, and its state\n');
    await run('add', './reach', '--yes');
    expect(JSON.parse((await get()).stdout)).toMatchObject({ ok: false, error: { code: 'E_GUEST' } });
  });

  it('--keep-state leaves it for when the skill is installed again', async () => {
    const { run, set, get } = await installed();
    await set('v');
    const { stderr } = await run('remove', 'custom.reach', '--keep-state');
    expect(stderr).toBe('removed custom.reach 1.2.3; its state is kept\n');
    await run('add', './reach', '--yes');
    expect(JSON.parse((await get()).stdout)).toMatchObject(kept('v'));
  });

  it.each([[[]], [['--keep-state']]])('with %j says nothing of a state when there was none', async (flags) => {
    const { run, home } = await installed();
    expect((await run('remove', 'custom.reach', ...flags)).stderr).toBe('removed custom.reach 1.2.3\n');
    expect(existsSync(join(home, 'state.db'))).toBe(false);
  });

  it('removes nothing while nobody can say what the skill kept', async () => {
    const { run, home } = await installed();
    writeFileSync(join(home, 'state.db'), 'no database. '.repeat(100));
    const { code, stderr } = await run('remove', 'custom.reach');
    expect([code, stderr.replaceAll(/\s+/g, ' ')]).toEqual([
      1,
      expect.stringMatching(/no database.*fix: move it away/),
    ]);
    expect((await run('list')).stdout).toContain('custom.reach');
  });
});
