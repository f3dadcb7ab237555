import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameTool } from '../../src/agent/tool-name.ts';
import { SEED } from '../seed.ts';

/** What OpenAI, Anthropic and Google all take. */
const SAFE = /^[a-zA-Z][a-zA-Z0-9_-]{0,63}$/;
const HASHED = /_X[0-9a-f]{20}$/;

describe('the name of a tool [R-AGENT-2]', () => {
  it.each<[skill: string, tool: string, name: string]>([
    ['tool.text', 'slugify', 'tool_text_slugify'],
    ['tool.word-count', 'count', 'tool_word-count_count'],
    ['tool.text', 'change-case', 'tool_text_change-case'],
    ['a.b', 'c_d', 'a_b_c_d'],
    ['a.1', 'c', 'a_1_c'],
    ['a.b', 'c'.repeat(60), `a_b_${'c'.repeat(60)}`],
  ])('%s %s is plain', (skill, tool, name) => {
    expect(nameTool(skill, tool)).toBe(name);
    expect(name).toMatch(SAFE);
  });

  it.each<[what: string, skill: string, tool: string, begins: string]>([
    ['too long by one', 'a.b', 'c'.repeat(61), 'a_b_cccc'],
    ['capitals', 'a.b', 'Count', 'a_b_Count_X'],
    ['a digit in front', '0ad.map', 'draw', 'S0ad_map_draw_X'],
    ['a hyphen in front', '-a.b', 'draw', 'S-a_b_draw_X'],
    ['a dot in the tool', 'a.b', 'c.d', 'a_b_c-d_X'],
    ['spaces and slashes', 'a.b', 'c / d', 'a_b_c-d_X'],
    ['nothing but what no name may have', 'a.b', '\u202e\u202e', 'a_b_-_X'],
    ['an empty tool', 'a.b', '', 'a_b__X'],
    ['an underscore in front', 'a.b', '_start', 'a_b__start_X'],
    ['a skill without a dot', 'guest', 'run', 'guest_run_X'],
    ['a skill with two dots', 'a.b.c', 'run', 'a_b-c_run_X'],
    ['what looks like a digest', 'a.b', `c_X${'0'.repeat(20)}`, 'a_b_c_X0000'],
    ['letters outside ASCII', 'a.b', 'größe', 'a_b_gr-e_X'],
    ['a lone surrogate', 'a.b', '\ud800', 'a_b_-_X'],
    ['__proto__', 'a.b', '__proto__', 'a_b___proto___X'],
  ])('%s gets a digest', (_what, skill, tool, begins) => {
    const name = nameTool(skill, tool);
    expect(name).toMatch(SAFE);
    expect(name).toMatch(HASHED);
    expect(name.startsWith(begins)).toBe(true);
  });

  it.each<[a: readonly [string, string], b: readonly [string, string]]>([
    [
      ['a.b', 'c_d'],
      ['a.b', 'c-d'],
    ],
    [
      ['a.b', 'c.d'],
      ['a.b', 'c/d'],
    ],
    [
      ['a.b', 'C'],
      ['a.b', 'c'],
    ],
    [
      ['a.b', 'x'.repeat(90)],
      ['a.b', 'x'.repeat(91)],
    ],
    [
      ['a', 'b_c'],
      ['a.b', 'c'],
    ],
    [
      ['a.b', ''],
      ['a', 'b_'],
    ],
    [
      ['a.b.c', 'd'],
      ['a.b', 'c_d'],
    ],
    // What stands between the two is no part of either.
    [
      ['a","b', 'c'],
      ['a', 'b","c'],
    ],
  ])('%j and %j differ', (a, b) => {
    expect(nameTool(...a)).not.toBe(nameTool(...b));
  });

  it('no tool can take the name of another by what it is called', () => {
    const victim = nameTool('tool.text', 'Slugify');
    const [skill = '', , ...rest] = victim.split('_');
    expect(nameTool(`${skill}.text`, rest.join('_'))).not.toBe(victim);
  });
});

describe('for any skills and tools [R-AGENT-2]', () => {
  const part = fc.oneof(
    fc.stringMatching(/^[a-z][a-z0-9-]{0,6}$/),
    fc.stringMatching(/^[aA_.X-]{0,5}$/),
    fc.string({ maxLength: 90 }),
    fc.string({ unit: 'binary', maxLength: 5 }),
  );
  const id = fc.oneof(
    fc.tuple(part, part).map(([namespace, name]) => `${namespace}.${name}`),
    part,
  );

  it('the name is safe, the same each time, and no other tool has it', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(id, part), { selector: (one) => JSON.stringify(one), maxLength: 40 }),
        (all) => {
          const names = all.map(([skill, tool]) => nameTool(skill, tool));
          for (const name of names) expect(name).toMatch(SAFE);
          expect(new Set(names).size).toBe(all.length);
          expect(all.map(([skill, tool]) => nameTool(skill, tool))).toEqual(names);
        },
      ),
      { seed: SEED, numRuns: 400 },
    );
  });
});
