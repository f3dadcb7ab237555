import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { findSkill, listSkills } from './in-directories.ts';
import { manifest, scratch, write, writeSkill } from '../runtime/folders.ts';

const root = scratch();
const first = join(root, 'first');
const second = join(root, 'second');
const both = [first, second];

beforeAll(async () => {
  await writeSkill(join(first, 'alpha'), { id: 'custom.alpha', guest: 'one', head: 'aliases = ["al", "shared"]' });
  await writeSkill(join(first, 'twin'), { id: 'custom.twin', guest: 'one' });
  await writeSkill(join(second, 'twin'), { id: 'custom.twin', guest: 'core' });
  await writeSkill(join(second, 'beta'), { id: 'custom.beta', guest: 'one', head: 'aliases = ["shared"]' });
  write(first, { 'broken/skill.toml': '[skill\n', 'stray.txt': 'no skill', 'plain/readme': 'no manifest' });
  write(second, { 'bare/skill.toml': manifest('custom.bare') });
  mkdirSync(join(first, 'odd', 'skill.toml'), { recursive: true });
  symlinkSync(join(root, 'nowhere'), join(second, 'dangling'));
  symlinkSync(join(first, 'alpha'), join(root, 'linked'));
});

describe('what a person calls a skill', () => {
  it.each([
    ['an id', 'custom.alpha', 'custom.alpha'],
    ['an alias', 'al', 'custom.alpha'],
    ['a folder', join(first, 'alpha'), 'custom.alpha'],
    ['a link to a folder', join(root, 'linked'), 'custom.alpha'],
    ['a bare module', join(first, 'alpha', 'bin', 'guest.wasm'), 'guest'],
  ])('%s', async (_what, reference, id) => {
    expect(await findSkill(reference, both)).toMatchObject({ ready: true, id });
  });

  it.each<[reference: string, code: string, says: RegExp, hint: RegExp]>([
    ['custom.alpah', 'E_NOT_FOUND', /no skill "custom.alpah"/, /did you mean custom.alpha\?/],
    ['completely-else', 'E_NOT_FOUND', /no skill/, /skill list/],
    ['', 'E_NOT_FOUND', /no skill ""/, /skill list/],
    ['__proto__', 'E_NOT_FOUND', /no skill/, /skill list/],
    ['./absent', 'E_NOT_FOUND', /no file or folder/, /skill folder/],
    ['absent.wasm', 'E_NOT_FOUND', /no file or folder/, /skill folder/],
    ['a\u001b[31m/b', 'E_NOT_FOUND', /\\u\{1b\}/, /skill folder/],
    ['custom.twin', 'E_AMBIGUOUS', /first\/twin and .*second\/twin/, /folder/],
    ['shared', 'E_AMBIGUOUS', /alpha and .*beta/, /folder/],
    ['broken', 'E_MANIFEST', /broken is not ready/, /skill validate/],
    ['odd', 'E_MANIFEST', /not a regular file/, /skill validate/],
  ])('%j is refused', async (reference, code, says, hint) => {
    const error: unknown = await findSkill(reference, both).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, message: expect.stringMatching(says), hint: expect.stringMatching(hint) });
  });
});

describe('a listing', () => {
  it('shows every skill, the broken ones with their reasons [R-LIST-1, R-MANIFEST-2]', async () => {
    const skills = await listSkills(both);
    expect(skills.map(({ id, ready }) => `${id} ${ready}`)).toEqual([
      'broken false',
      'custom.alpha true',
      'custom.bare true',
      'custom.beta true',
      'custom.twin true',
      'custom.twin true',
      'odd false',
    ]);
    const broken = skills.find(({ id }) => id === 'broken');
    expect(broken?.details().problems).toMatchObject([
      { severity: 'error', file: 'skill.toml', line: expect.any(Number) },
    ]);
  });

  it('of a directory that is not there is empty; a file is refused', async () => {
    expect(await listSkills([join(root, 'absent')])).toEqual([]);
    await expect(listSkills([join(first, 'stray.txt')])).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  });
});
