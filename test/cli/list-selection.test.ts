import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { scratch } from '../runtime/folders.ts';
import { HOSTILE, writeHome } from './knowledge-skills.ts';
import { expectInert, jsonOf, skill } from './support.ts';

const root = scratch();
const home = writeHome(root);
const here = { cwd: root, home };

describe('--skills [R-SELECT-1]', () => {
  it.each<[selection: string, ids: string[]]>([
    ['none', []],
    ['custom.knitting', ['custom.knitting']],
    ['custom.knitting,git', ['core.git', 'custom.knitting']],
    ['broken', ['broken']],
  ])('%s takes part in a listing', async (selection, ids) => {
    const words = ['--skills', selection, 'list', '--format'];
    const [json, yaml] = await Promise.all(['json', 'yaml'].map((format) => skill([...words, format], here)));
    const listed = jsonOf(json ?? expect.fail()) as unknown as { id: string }[];
    expect(listed.map(({ id }) => id)).toEqual(ids);
    expect(parse(yaml?.stdout ?? '')).toEqual(listed);
  });

  it('leaves out, and parts with its opposite all there are', async () => {
    const ids = async (selection: string): Promise<string[]> => {
      const listed = jsonOf(await skill(['--skills', selection, 'list', '--format', 'json'], here)) as unknown as {
        id: string;
      }[];
      return listed.map(({ id }) => id);
    };
    const [all, only, except] = await Promise.all(['all', 'custom.knitting', '!custom.knitting'].map(ids));
    expect(all?.length).toBeGreaterThan(8);
    expect([...(only ?? []), ...(except ?? [])].toSorted()).toEqual(all?.toSorted());
  });

  it('holds for every verb that finds skills', async () => {
    const without = ['--skills', '!custom.knitting'];
    expect(await skill([...without, 'info', 'custom.knitting'], here)).toMatchObject({ code: 1 });
    expect(await skill([...without, 'test', 'custom.knitting'], here)).toMatchObject({ code: 1 });
    expect((await skill([...without, 'context', 'scarf'], here)).stdout).not.toContain('knitting');
    expect((await skill(['--skills', 'none', 'tools', '--format', 'json'], here)).stdout).toBe('[]\n');
    expect(await skill(['--skills', 'none', 'list'], here)).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringMatching(/no skills here/),
    });
    expect(
      (await skill(['--skills', 'custom.knitting', 'list', `${home}/skills`, '--format', 'json'], here)).stdout,
    ).toContain('custom.knitting');
  });

  it.each<[selection: string, code: number, says: RegExp]>([
    ['custom.knittnig', 1, /there is no such skill[^]*did you mean custom\.knitting\?/],
    ['!typo-of-nothing', 1, /skill list shows/],
    ['a,!b', 2, /write either a,b or !a,!b/],
    ['', 2, /a name is empty/],
    [HOSTILE, 2, /is no name of a skill/],
  ])('%j is refused by every verb, with a hint', async (selection, code, says) => {
    for (const words of [['list'], ['context', 'x'], ['search', 'x'], ['tools']]) {
      const ended = await skill(['--skills', selection, ...words], here);
      expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code, stdout: '' });
      expect(ended.stderr.replaceAll(/\s+/g, ' ')).toMatch(says);
      expectInert(ended.stderr);
    }
  });
});
