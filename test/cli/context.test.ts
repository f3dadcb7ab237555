import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ContextAugmentation } from '../../src/knowledge/augmentation.ts';
import { exactly, splitContext } from '../knowledge/contexts.ts';
import { scratch } from '../runtime/folders.ts';
import { HOSTILE, writeHome } from './knowledge-skills.ts';
import { expectInert, jsonOf, MAIN, skill } from './support.ts';

const root = scratch();
const home = writeHome(root);
const here = { cwd: root, home };
const ONLY = ['--skills', 'custom.knitting,custom.hostile'];
const asked = async (...words: readonly string[]): Promise<ContextAugmentation> =>
  jsonOf(await skill([...ONLY, 'context', ...words, '--format', 'json'], here)) as unknown as ContextAugmentation;

describe('skill context [R-CONTEXT-7]', () => {
  it('prints what would stand in front of a prompt, and beside it how much of whom', async () => {
    const { code, stdout, stderr } = await skill([...ONLY, 'context', 'knit a scarf'], here);
    expect(code).toBe(0);
    expect(stdout).toBe((await asked('knit a scarf')).systemContext);
    expect(stdout).toContain('Count your stitches.');
    expect(stderr).toBe(`${exactly(stdout)} tokens (o200k_base) of custom.knitting; --explain shows why\n`);
  });

  it('is the same object as JSON and as YAML, counted by the tokenizer, within the budget', async () => {
    for (const budget of ['150', '600']) {
      const words = [...ONLY, 'context', 'knitting cables', '--budget', budget];
      const [json, yaml] = await Promise.all(
        ['json', 'yaml'].map((format) => skill([...words, '--format', format], here)),
      );
      const data = jsonOf(json ?? expect.fail()) as unknown as ContextAugmentation;
      expect(parse(yaml?.stdout ?? '')).toEqual(data);
      expect(Object.keys(data)).toEqual(['systemContext', 'tokens', 'skills', 'recipes', 'dropped', 'warnings']);
      expect(data.tokens).toEqual({ count: exactly(data.systemContext), tokenizer: 'o200k_base' });
      expect(data.tokens.count).toBeLessThanOrEqual(Number(budget));
      expect(data.dropped.length).toBe(budget === '150' ? 1 : 0);
    }
  });

  it.each(['', ' ', 'the weather in Oslo'])('of %j prints nothing, and says what shows more', async (prompt) => {
    const ended = await skill([...ONLY, 'context', prompt], here);
    expect(ended).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'no skill fits the prompt; --explain shows those that come close\n',
    });
  });

  it('with --explain tells why each skill and file is there, and what is not', async () => {
    const { stdout, stderr } = await skill(
      [...ONLY, 'context', 'knitting cables', '--explain', '--budget', '150'],
      here,
    );
    expect(stderr).toBe('');
    expect(stdout).toMatch(
      /^\d+ tokens, counted by o200k_base\n\ncustom\.knitting 1\.2\.3 {2}score 0\.\d\d {2}\d+ tokens\n/,
    );
    expect(stdout).toMatch(/^ {2}because "knitting" is its topic "knitting"$/m);
    expect(stdout).toMatch(/^ {2}from knowledge\/prompts\/context\.md$/m);
    expect(stdout).toMatch(
      /\nfits, and left out\n {2}custom\.knitting knowledge\/patterns\/cables\.md, "Cables": it takes \d+/,
    );
  });

  it.each(['0', '-1', '1.5', '1e3', 'many', '', ' 5', '٣', '99999999999999999999', '\u001b[31m'])(
    'refuses the budget %j, and says what one is',
    async (budget) => {
      const { code, stdout, stderr } = await skill(['context', 'x', `--budget=${budget}`], here);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr.replaceAll(/\s+/g, ' ')).toMatch(
        /--budget is ".*"; it takes a whole number.*such as --budget 8000/,
      );
      expectInert(stderr);
    },
  );

  it.each<[words: string[], says: RegExp]>([
    [['context'], /missing required argument 'prompt'/],
    [['context', 'a', 'b'], /too many arguments/],
    [['context', 'x', '--format', 'table'], /one of text, json, yaml/],
    [['context', 'x', '--budgte', '5'], /--budget/],
  ])('%j is wrong usage, with a hint', async (words, says) => {
    expect(await skill(words, here)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(says) });
  });

  it('takes a prompt that begins like an option behind --', async () => {
    const { code, stdout } = await skill([...ONLY, 'context', '--', '--scarf run'], here);
    expect(code).toBe(0);
    expect(stdout).toContain('Count your stitches.');
  });

  it('takes a prompt of 100 KB, at whose end the question stands', async () => {
    const begun = performance.now();
    const { skills } = await asked(`${'lorem ipsum dolor '.repeat(5_800)}knit a scarf`);
    expect(skills.map(({ id }) => id)).toEqual(['custom.knitting']);
    expect(performance.now() - begun).toBeLessThan(20_000);
  });

  it('moves no cursor, whatever a skill or a prompt holds', async () => {
    for (const words of [['trap'], ['trap', '--explain'], [`trap ${HOSTILE}`], [`${HOSTILE} trap`, '--explain']]) {
      const { code, stdout, stderr } = await skill([...ONLY, 'context', ...words], here);
      expect(code).toBe(0);
      expect(stdout).toContain('custom.hostile');
      expectInert(stdout);
      expectInert(stderr);
    }
    const { systemContext, warnings, dropped } = await asked('trap');
    expectInert(systemContext);
    expect(warnings.join()).toMatch(/context\.md:1:4: U\+001B and \d+ more hidden/);
    expect(dropped).toMatchObject([{ why: 'its name holds hidden characters' }]);
  });

  it('fits 80 columns with --explain', (context) => {
    if (spawnSync('script', ['--version']).status !== 0) context.skip('there is no script(1) to make a terminal');
    const command = `stty cols 80; node ${MAIN} --home ${home} ${ONLY.join(' ')} context "knitting cables" --budget 100 --explain`;
    const { stdout } = spawnSync('script', ['-qec', command, '/dev/null'], { encoding: 'utf8', input: '' });
    const lines = stdout.replaceAll('\r', '').split('\n');
    expect(lines.length).toBeGreaterThan(6);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  it('of many skills opens the index that is there', async () => {
    await asked('scarf');
    const again = await asked('scarf');
    expect(again.skills.map(({ id }) => id)).toEqual(['custom.knitting']);
    expect(splitContext(again.systemContext).bodies).toHaveLength(1);
    expect(join(home, 'cache')).toBeTruthy();
  });
});
