import { describe, expect, it } from 'vitest';
import { pickEntries } from '../../src/git/pick-entries.ts';
import type { TreeEntry } from '../../src/git/tree-entry.ts';

const MIB = 2 ** 20;
const entry = (path: string, size = 1, mode = '100644'): TreeEntry => ({ path, mode, size, id: '1'.repeat(40) });
const many = (folder: string, count: number): TreeEntry[] =>
  Array.from({ length: count }, (_, i) => entry(`${folder}${i}`));
const pick = (...entries: TreeEntry[]): string[] => pickEntries(entries).map(({ path }) => path);

describe('the files of the skills of a repository', () => {
  it.each([
    ['nothing without a skill', [entry('a'), entry('b/c')], []],
    ['all of a repository that is one', [entry('SKILL.md'), entry('b/c')], ['SKILL.md', 'b/c']],
    ['a folder, not one that begins like it', [entry('x/skill.toml'), entry('xy/a'), entry('x.md')], ['x/skill.toml']],
    ['a skill with its inner ones, once', [entry('x/SKILL.md'), entry('x/y/SKILL.md')], ['x/SKILL.md', 'x/y/SKILL.md']],
    ['as many as one may have', [entry('SKILL.md'), ...many('', 4_095)], { length: 4_096 }],
    [
      'as many in each',
      [entry('x/SKILL.md'), ...many('x/', 4_000), entry('y/SKILL.md'), ...many('y/', 4_000)],
      { length: 8_002 },
    ],
    ['as much as one may have', [entry('SKILL.md', 1), entry('a', 64 * MIB - 1)], ['SKILL.md', 'a']],
    ['a skill beside what is too large', [entry('x/SKILL.md'), entry('film', 9_000 * MIB)], ['x/SKILL.md']],
    ['a skill beside very many', [entry('x/SKILL.md'), ...many('node_modules/', 50_000)], ['x/SKILL.md']],
    ['a skill beside links', [entry('x/SKILL.md'), entry('y', 1, '120000'), entry('z', 0, '160000')], ['x/SKILL.md']],
  ] as const)('are %s [R-GIT-6]', (_, entries, expected) => {
    const picked = pick(...entries);
    if ('length' in expected && !Array.isArray(expected)) expect(picked).toHaveLength(expected.length);
    else expect(picked).toEqual(expected);
  });

  it.each([
    ['one file too many', 'too_many_files', [entry('SKILL.md'), ...many('', 4_096)]],
    ['one file too many in a folder', 'too_many_files', [entry('x/SKILL.md'), ...many('x/', 4_096)]],
    ['one byte too many', 'too_large', [entry('SKILL.md', 1), entry('a', 64 * MIB)]],
    [
      'a byte too many together',
      'too_large',
      ['x', 'y', 'z'].flatMap((f) => [entry(`${f}/SKILL.md`), entry(`${f}/a`, 43 * MIB)]),
    ],
    ['a link', 'link', [entry('SKILL.md'), entry('a', 1, '120000')]],
    ['a link deep in a folder', 'link', [entry('x/SKILL.md'), entry('x/y/z/a', 1, '120000')]],
    ['a manifest that is a link', 'link', [entry('x/SKILL.md', 1, '120000')]],
    ['a submodule', 'submodule', [entry('x/SKILL.md'), entry('x/lib', 0, '160000')]],
    ['a submodule named like a manifest', 'submodule', [entry('x/SKILL.md', 0, '160000')]],
  ])('are refused with %s [R-GIT-6]', (_, reason, entries) => {
    expect(() => pick(...entries)).toThrow(expect.objectContaining({ code: 'E_PACKAGE', details: { reason } }));
  });
});
