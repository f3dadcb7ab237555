import { describe, expect, it } from 'vitest';
import { loadSkill } from '../../src/skill/load-skill.ts';
import type { ReadySkill } from '../../src/skill/skill.ts';
import { dryRun } from '../../src/trial/dry-run.ts';
import { skill as cli } from '../cli/support.ts';
import { temporaryFolder } from '../host/function/scope-fixture.ts';
import { write, writeSkill } from '../runtime/folders.ts';

const RULES = `[capabilities]
filesystem_read = ["./", "~/notes"]
filesystem_write = ["./out"]
env_read = ["LANG", "HOME"]
`;

async function reaching(cases = ''): Promise<ReadySkill> {
  const folder = await writeSkill(temporaryFolder(), { id: 'custom.reach', guest: 'reach', rest: RULES });
  if (cases !== '') write(folder, { 'tests/tool_test.yaml': `test_cases:\n${cases}` });
  const skill = await loadSkill(folder);
  if (!skill.ready) throw new Error('it is not ready');
  return skill;
}

describe('a dry run [R-TRIAL-7]', () => {
  it('tells what a tool used, what of it is not declared, and what is declared and was not used', async () => {
    const used = await dryRun(await reaching(), 'env-get', { name: 'LANG' });
    expect(used).toEqual({
      tool: 'env-get',
      trials: [{ name: 'an empty world', code: 'E_GUEST' }],
      declared: ['env_read=LANG'],
      undeclared: [],
      unused: ['filesystem_read=./', 'filesystem_read=~/notes', 'filesystem_write=./out', 'env_read=HOME'],
      least: '[capabilities]\nenv_read = [ "LANG" ]\n',
    });
    const denied = await dryRun(await reaching(), 'env-get', { name: 'PATH' });
    expect(denied).toMatchObject({
      declared: [],
      undeclared: ['env_read=PATH'],
      least: '[capabilities]\nenv_read = [ "PATH" ]\n',
    });
  });

  it('takes the cases of the tool, all of them together', async () => {
    const skill = await reaching(`
  - { name: a, tool: read-file, input: { path: a/x }, files: { a/x: y } }
  - { name: b, tool: read-file, input: { path: b } }
  - { name: c, tool: env-get, input: { name: LANG } }
`);
    const { trials, declared, least } = await dryRun(skill, 'read-file');
    expect(trials).toEqual([
      { name: 'a', code: undefined },
      { name: 'b', code: 'E_GUEST' },
    ]);
    expect(declared).toEqual(['filesystem_read=./a/x', 'filesystem_read=./b']);
    expect(least).toBe('[capabilities]\nfilesystem_read = [ "./a/x", "./b" ]\n');
  });

  it('is told by skill analyze --dry-run, with 5 for what is not declared', async () => {
    const { path } = await reaching();
    const words = ['analyze', path, '--dry-run', 'env-get', '--input'];
    const good = await cli([...words, '{"name": "LANG"}']);
    expect(good.code).toBe(0);
    expect(good.stdout).toMatch(/^tried env-get: an empty world \(E_GUEST\)\nused, and declared:\n {2}env_read LANG\n/);
    const bad = await cli([...words, '{"name": "PATH"}']);
    expect(bad).toMatchObject({
      code: 5,
      stdout: expect.stringContaining('used, and not declared:\n  env_read PATH\n'),
    });
    expect(await cli([...words, '{'])).toMatchObject({ code: 5, stderr: expect.stringContaining('is no JSON') });
  });
});
