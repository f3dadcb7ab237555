import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitFrontMatter } from '../../../src/manifest/format/front-matter.ts';
import { parse } from './samples.ts';

describe('front matter ends where every reader ends it [R-FORMAT-4]', () => {
  test.each<[text: string, yaml: string, body: string, bodyLine: number]>([
    ['---\na: b\n---\nbody', 'a: b\n', 'body', 4],
    ['---\na: b\n---', 'a: b\n', '', 4],
    ['---\n---\n', '', '', 3],
    ['---  \t\na: b\n---\t \nbody', 'a: b\n', 'body', 4],
    ['---\r\na: b\r\n---\r\nbody\r\n', 'a: b\r\n', 'body\r\n', 4],
    ['---\na: b\n...\nbody', 'a: b\n', 'body', 4],
    ['---\na: |\n  ---\n  b\n---\nbody', 'a: |\n  ---\n  b\n', 'body', 6],
    ['---\na: b ---\n----\n--- c\n---d\n---\n---\n', 'a: b ---\n----\n--- c\n---d\n', '---\n', 7],
    ['---\na: b\n---\n\n\nbody', 'a: b\n', '\n\nbody', 4],
    ['---\n# \u2028---\na: b\n---\nbody', '# \u2028---\na: b\n', 'body', 5],
    ['---\n# \r---\r# \na: b\n---\nbody', '# \r---\r# \na: b\n', 'body', 5],
  ])('%j', (text, yaml, body, bodyLine) => {
    expect(splitFrontMatter(text)).toEqual({ yaml, yamlLine: 2, body, bodyLine });
  });

  test.each<[text: string, wrong: RegExp, line: number, column: number]>([
    ['', /does not start with front matter/, 1, 1],
    ['# Title\n---\nname: a\n---\n', /does not start with front matter/, 1, 1],
    ['\n---\nname: a\n---\n', /does not start with front matter/, 1, 1],
    [' ---\nname: a\n---\n', /does not start with front matter/, 1, 1],
    ['--- # note\nname: a\n---\n', /does not start with front matter/, 1, 1],
    ['----\nname: a\n----\n', /does not start with front matter/, 1, 1],
    ['---\rname: a\r---\r', /does not start with front matter/, 1, 1],
    ['+++\nname = "a"\n+++\n', /does not start with front matter/, 1, 1],
    ['---js\nmodule.exports = {}\n---\n', /another language.*nothing in a skill is evaluated/, 1, 4],
    ['---json\n{"name": "a"}\n---\n', /another language/, 1, 4],
    ['---toml\nname = "a"\n---\n', /another language/, 1, 4],
    ['---javascript\nprocess.exit()\n---\n', /another language/, 1, 4],
    ['---\nname: a\n', /not closed/, 1, 1],
    ['---', /not closed/, 1, 1],
    ['---\n  ---\n', /not closed/, 1, 1],
    ['---\nname: a\n# \u2028---\u2028', /not closed/, 1, 1],
  ])('%j has none that can be read', async (text, wrong, line, column) => {
    const split = splitFrontMatter(text);
    expect(split).toMatchObject({ wrong: expect.stringMatching(wrong) as string, place: { line, column } });
    const { manifest, problems } = await parse('SKILL.md', text);
    expect(manifest).toBeUndefined();
    expect(problems).toMatchObject([{ severity: 'error', code: 'M_FRONT_MATTER', line, column }]);
    expect(problems[0]?.fix).toMatch(/---/);
  });

  test('of what was there nothing is lost, and the line of the body is its line', () => {
    const LINE = fc.constantFrom('a: b', '', '  ---', '# é', '--- c', '...x', '\r', '\u2028---', 'text');
    const lines = fc.array(LINE, { maxLength: 6 });
    fc.assert(
      fc.property(lines, lines, fc.constantFrom('\n', '\r\n'), (head, body, end) => {
        const rest = ['---', ...body].join(end);
        const text = ['---', ...head, rest].join(end);
        const split = splitFrontMatter(text);
        if ('wrong' in split) throw new Error(split.wrong);
        expect(split.yaml).toBe(head.map((line) => line + end).join(''));
        expect(split.body).toBe(body.join(end));
        const lineOfBody = text
          .split('\n')
          .slice(split.bodyLine - 1)
          .join('\n');
        expect(lineOfBody).toBe(split.body);
      }),
      { numRuns: 500 },
    );
  });

  test('a head of 256 KiB is read, a longer one is not', async () => {
    const head = '---\nname: a\ndescription: b\n#';
    const room = 256 * 1024 - head.length + 4;
    const text = (size: number): string => `${head}${'x'.repeat(size - 1)}\n---\nbody`;
    expect((await parse('SKILL.md', text(room))).problems).toEqual([]);
    expect((await parse('SKILL.md', text(room + 1))).problems).toMatchObject([{ code: 'M_TOO_LARGE' }]);
  });

  test('spaces and dashes without end take no time', () => {
    const started = performance.now();
    for (const unit of [' ', '-', '--- ', '---x\n', '\n--- \t', '...', '\r---\r'])
      for (const start of ['---\n', '---', ''])
        splitFrontMatter(start + unit.repeat(Math.floor(1_000_000 / unit.length)));
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
