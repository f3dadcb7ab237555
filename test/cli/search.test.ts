import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { scratch } from '../runtime/folders.ts';
import { HOSTILE, writeHome } from './knowledge-skills.ts';
import { expectInert, jsonOf, skill } from './support.ts';

const root = scratch();
const here = { cwd: root, home: writeHome(root) };

describe('skill search [R-CONTEXT-7]', () => {
  it('lists the skills that come closest, best first, as a table and as data', async () => {
    const words = ['search', 'knitting', 'scarf', '--limit', '3'];
    const [table, json, yaml] = await Promise.all([
      skill(words, here),
      skill([...words, '--format', 'json'], here),
      skill([...words, '--format', 'yaml'], here),
    ]);
    expect(table.stdout).toMatch(/^SKILL +VERSION +SCORE +DESCRIPTION\ncustom\.knitting +1\.2\.3 +0\.\d\d +Knitting/);
    const found = jsonOf(json) as unknown as Record<string, unknown>[];
    expect(found[0]).toMatchObject({
      id: 'custom.knitting',
      fits: true,
      why: expect.arrayContaining(['"scarf" is its topic "scarf"']),
    });
    expect(found.map(({ score }) => score)).toEqual(
      found.map(({ score }) => score).toSorted((a, b) => Number(b) - Number(a)),
    );
    expect(parse(yaml.stdout)).toEqual(found);
  });

  it('says what shows more when there is nothing', async () => {
    expect(await skill(['search', 'qwertyuiop'], here)).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'no skill has any of these words; skill list shows all\n',
    });
    expect((await skill(['search', 'qwertyuiop', '--format', 'json'], here)).stdout).toBe('[]\n');
  });

  it('lists no more than it was asked for, of those that were selected', async () => {
    const few = jsonOf(
      await skill(['search', 'About', 'custom', '--limit', '2', '--format', 'json'], here),
    ) as unknown as unknown[];
    expect(few.length).toBeLessThanOrEqual(2);
    const none = await skill(['--skills', '!custom.knitting', 'search', 'scarf', '--format', 'json'], here);
    expect(none.stdout).not.toContain('knitting');
  });

  it.each<[words: string[], says: RegExp]>([
    [['search'], /missing required argument 'words'/],
    [['search', 'x', '--limit', '0'], /--limit is "0".*[^]*such as --limit 20/],
    [['search', 'x', '--limit', HOSTILE], /--limit is "a\\u\{1b\}/],
    [['search', 'x', '--format', 'text'], /one of table, json, yaml/],
  ])('%j is wrong usage, with a hint', async (words, says) => {
    const ended = await skill(words, here);
    expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(says) });
    expectInert(ended.stderr);
  });

  it('moves no cursor', async () => {
    for (const words of [['trap'], [HOSTILE], [HOSTILE, 'trap']]) {
      const { code, stdout, stderr } = await skill(['search', ...words], here);
      expect(code).toBe(0);
      expectInert(stdout + stderr);
    }
  });
});
