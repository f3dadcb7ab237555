import { describe, expect, it } from 'vitest';
import { scratch } from '../runtime/folders.ts';
import { HOSTILE, writeHome } from './knowledge-skills.ts';
import { expectInert, jsonOf, skill } from './support.ts';

const root = scratch();
const home = writeHome(root);
const here = { cwd: root, home };

describe('skill test [R-CONTEXT-7]', () => {
  it('runs the tests of a skill, by id or folder, and exits with 0 when all pass', async () => {
    for (const reference of ['custom.knitting', `${home}/skills/knitting`])
      expect(await skill(['test', reference], here)).toMatchObject({
        code: 0,
        stdout: 'custom.knitting\n  ok A scarf\n  ok A cable\n  2 passed, 0 failed\n',
        stderr: '',
      });
  });

  it('exits with 1 when one fails, and says what was expected and what was found', async () => {
    const { code, stdout } = await skill(['test', 'custom.knitting', 'custom.failing'], here);
    expect(code).toBe(1);
    expect(stdout).toContain('custom.knitting\n  ok A scarf\n');
    expect(stdout).toMatch(
      / {2}failed It has nothing\n {4}expected the context is empty\n {4}but {6}the context begins "/,
    );
    expect(stdout).toMatch(/ {2}ok It has something\n {2}1 passed, 1 failed\n$/);
  });

  it('exits with 5 when the tests themselves are wrong, with their place', async () => {
    const { code, stdout } = await skill(['test', 'custom.wrong'], here);
    expect(code).toBe(5);
    expect(stdout).toContain('error: tests/knowledge_test.md:1:1: the case expects nothing');
  });

  it('of a skill without tests says where to write them', async () => {
    const { code, stdout, stderr } = await skill(['test', 'custom.untested'], here);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.replaceAll(/\s+/g, ' ')).toMatch(
      /has no tests fix: write \S+untested\/tests\/knowledge_test\.md: a heading "## Test: NAME"/,
    );
  });

  it.each<[words: string[], code: number, says: RegExp]>([
    [['test'], 2, /missing required argument 'skills'/],
    [['test', 'custom.kniting'], 1, /did you mean custom\.knitting\?/],
    [['test', 'broken'], 5, /broken is not ready/],
    [['test', 'custom.knitting', '--format', 'yaml'], 2, /one of text, json/],
    [['test', 'custom.knitting', '--filter', 'nothing'], 1, /no test has "nothing" in its name[^]*without --filter/],
  ])('%j exits with %i and a hint', async (words, code, says) => {
    expect(await skill(words, here)).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(says) });
  });

  it('runs those alone whose name holds a text', async () => {
    const { code, stdout } = await skill(['test', 'custom.failing', '--filter', 'something'], here);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'custom.failing\n  ok It has something\n  1 passed, 0 failed\n',
    });
  });

  it('tells the same as data', async () => {
    const ended = await skill(['test', 'custom.failing', 'custom.wrong', '--format', 'json'], here);
    expect(ended.code).toBe(5);
    expect(jsonOf(ended)).toMatchObject([
      {
        skill: 'custom.failing',
        isThere: true,
        problems: [],
        cases: [{ name: 'It has nothing', line: 1 }, { failures: [] }],
      },
      { skill: 'custom.wrong', cases: [], problems: [{ severity: 'error', code: 'K_TEST_NO_EXPECTATION', line: 1 }] },
    ]);
  });

  it('moves no cursor', async () => {
    for (const words of [
      ['test', 'custom.hostile'],
      ['test', 'custom.hostile', '--filter', HOSTILE],
      ['test', HOSTILE],
    ]) {
      const { stdout, stderr } = await skill(words, here);
      expectInert(stdout);
      expectInert(stderr);
    }
    const { stdout } = await skill(['test', 'custom.hostile', '--format', 'json'], here);
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });

  it.each(['core.git', 'core.posix', 'core.shell'])('passes for the bundled %s', async (id) => {
    expect(await skill(['test', id], here)).toMatchObject({ code: 0, stdout: expect.stringMatching(/, 0 failed\n$/) });
  });
});
