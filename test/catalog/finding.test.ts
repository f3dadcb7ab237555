import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeProblem } from '../../src/manifest/describe-problem.ts';
import { findSkill, listSkills } from './in-directories.ts';
import { manifest, scratch, write } from '../runtime/folders.ts';

const root = scratch();
const at = (...names: string[]): string => join(root, ...names);
const isRoot = process.getuid?.() === 0;

/** A skill without a module: enough to be found. */
const named = (id: string, aliases: readonly string[] = []): string =>
  manifest(id, `aliases = ${JSON.stringify(aliases)}\n`);

beforeAll(() => {
  write(root, {
    'one/zeta/skill.toml': named('custom.alpha', ['custom.beta', 'short', 'broken-one']),
    'one/alpha/skill.toml': named('custom.beta', ['b', 'custom.delta']),
    'one/unready/skill.toml': `${named('custom.broken', ['worn'])}nonsense = [\n`,
    'one/half/skill.toml': `${named('custom.half', ['half-alias'])}[executable]\nmodule = "gone.wasm"\n`,
    'one/file': 'a file, named like a folder of a skill',
    'one/custom.named/skill.toml': '[skill]\nid = 3\nversion = 4\n',
    'one/.hidden/skill.toml': named('custom.hidden'),
    'one/deep/er/skill.toml': named('custom.deep'),
    'two/same/skill.toml': named('custom.same', ['twice']),
    'three/same/skill.toml': named('custom.other', ['twice']),
    'apart/linked/skill.toml': named('custom.linked'),
    'apart/toml': named('custom.toml'),
    'empty/readme': 'no skill',
    'locked/in/skill.toml': named('custom.locked'),
  });
  symlinkSync(at('apart', 'linked'), at('one', 'link'));
  symlinkSync(at('apart', 'toml'), at('one', 'link-to-file'));
  symlinkSync(at('one', 'round'), at('one', 'round'));
  mkdirSync(at('one', 'linked-manifest'));
  symlinkSync(at('apart', 'toml'), at('one', 'linked-manifest', 'skill.toml'));
});

const failure = async (reference: string, directories: readonly string[]): Promise<Record<string, unknown>> =>
  findSkill(reference, directories).then(
    ({ id }) => expect.fail(`${reference} was found: ${id}`),
    (error: unknown) => error as Record<string, unknown>,
  );

describe('a name', () => {
  it.each<[what: string, reference: string, path: string[]]>([
    ['is an id before it is an alias', 'custom.beta', ['one', 'alpha']],
    ['is an alias where no id is so called', 'custom.delta', ['one', 'alpha']],
    ['is an id whatever its folder is called', 'custom.alpha', ['one', 'zeta']],
    ['finds a hidden folder', 'custom.hidden', ['one', '.hidden']],
    ['finds what is behind a link', 'custom.linked', ['one', 'link']],
    ['finds in a later directory', 'custom.same', ['two', 'same']],
  ])('%s', async (_what, reference, path) => {
    expect(await findSkill(reference, [at('one'), at('two'), at('absent')])).toMatchObject({ path: at(...path) });
  });

  it.each<[what: string, reference: string, code: string, says: RegExp]>([
    ['of a folder is no id', 'zeta', 'E_NOT_FOUND', /no skill "zeta"/],
    ['in other case is not the id', 'Custom.Alpha', 'E_NOT_FOUND', /no skill/],
    ['of a skill two folders down finds nothing', 'custom.deep', 'E_NOT_FOUND', /no skill/],
    ['of a broken skill says what is wrong with it', 'custom.half', 'E_MANIFEST', /half is not ready: .*gone\.wasm/],
    ['of a folder whose manifest has no id says so', 'custom.named', 'E_MANIFEST', /is not ready: skill\.toml/],
    ['of a broken skill is no alias', 'half-alias', 'E_NOT_FOUND', /no skill/],
    ['of a skill whose manifest is a link to elsewhere says so', 'linked-manifest', 'E_MANIFEST', /link that leaves/],
    ['that two have as alias is ambiguous', 'twice', 'E_AMBIGUOUS', /three\/same and .*two\/same/],
  ])('%s', async (_what, reference, code, says) => {
    const error = await failure(reference, [at('one'), at('two'), at('three')]);
    expect(error).toMatchObject({ code, message: expect.stringMatching(says), hint: expect.stringMatching(/\w{3}/) });
  });

  it('that is an id twice is ambiguous, even when the directory is given twice', async () => {
    expect(await failure('custom.same', [at('two'), at('two')])).toMatchObject({ code: 'E_AMBIGUOUS' });
  });

  it.each<[reference: string, hint: string]>([
    ['custom.alhpa', 'did you mean custom.alpha?'],
    ['custom.linkd', 'did you mean custom.linked?'],
    ['CUSTOM.BETA', 'did you mean custom.beta?'],
    ['nothing-like-it', 'skill list shows the skills that are here'],
    ['custom.alpha'.repeat(100), 'skill list shows the skills that are here'],
  ])('%s has a hint', async (reference, hint) => {
    const error = await failure(reference, [at('one')]);
    expect(error['hint']).toContain(hint);
    expect(String(error['message']).length).toBeLessThan(500);
  });

  it('with all its problems is refused as data too [R-MANIFEST-1]', async () => {
    const error = await failure(at('one', 'custom.named'), []);
    const { problems } = error['details'] as { problems: { severity: string }[] };
    expect(problems.length).toBeGreaterThan(1);
    expect(problems.every(({ severity }) => severity === 'error')).toBe(true);
    expect(error['hint']).toBe(`skill validate ${at('one', 'custom.named')} shows every problem with its fix`);
  });

  it('that no skill has finds none, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 12 }), async (text) => {
        const error = await failure(`${text}?`, [at('two')]);
        expect(error).toMatchObject({ code: 'E_NOT_FOUND' });
        expect(error['message']).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});

describe('a listing [R-LIST-1]', () => {
  it('is sorted by id, with the links and the broken, without files and dangling links', async () => {
    const skills = await listSkills([at('two'), at('one'), at('empty'), at('absent')]);
    expect(skills.map(({ id, ready }) => (ready ? id : `${id}!`))).toEqual([
      'custom.alpha',
      'custom.beta',
      'custom.half!',
      'custom.hidden',
      'custom.linked',
      'custom.named!',
      'custom.same',
      'linked-manifest!',
      'unready!',
    ]);
    for (const skill of skills)
      expect(skill.ready || skill.details().problems.some(({ severity }) => severity === 'error')).toBe(true);
  });

  it('is the same in whatever order the directories are given', async () => {
    const ids = async (names: string[]): Promise<string[]> =>
      (await listSkills(names.map((name) => at(name)))).map(({ id }) => id);
    expect(await ids(['three', 'two', 'one'])).toEqual(await ids(['one', 'two', 'three']));
  });

  it('a directory that is a file, or a link to itself, is refused by name', async () => {
    for (const [name, why] of [
      ['file', 'ENOTDIR'],
      ['round', 'ELOOP'],
    ] as const)
      await expect(listSkills([at('one', name)])).rejects.toMatchObject({
        code: 'E_NOT_FOUND',
        message: `the directory "${at('one', name)}" cannot be read: ${why}`,
        hint: 'check that it is a directory you may read',
      });
  });

  it('leaves out a folder that cannot be entered, and shows the others [only when not root]', async (context) => {
    if (isRoot) context.skip('whoever runs this may read everything');
    chmodSync(at('locked', 'in'), 0);
    try {
      expect(await listSkills([at('locked'), at('two')])).toMatchObject([{ id: 'custom.same' }]);
    } finally {
      chmodSync(at('locked', 'in'), 0o755);
    }
  });
});

it('a problem is described with as much of its place as is known', () => {
  const problem = { severity: 'error', code: 'M_X', file: 'skill.toml', message: 'wrong', fix: 'mend it' } as const;
  expect(describeProblem(problem)).toBe('skill.toml: wrong');
  expect(describeProblem({ ...problem, line: 3 })).toBe('skill.toml:3: wrong');
  expect(describeProblem({ ...problem, line: 3, column: 4 })).toBe('skill.toml:3:4: wrong');
});
