import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SkillError } from '../../host/index.ts';
import { parseSelection, type Selection, selectSkills, unmatchedNames } from '../../src/skill/select.ts';
import { SEED } from '../seed.ts';

const skills = [
  { id: 'tool.text', aliases: ['text', 'slug'] },
  { id: 'tool.files', aliases: [] },
  { id: 'cloud.aws', aliases: ['aws'] },
];

const chosen = (selection: Selection): string[] => selectSkills(selection, skills).map(({ id }) => id);

function refusal(text: string): { code: string; message: string; hint: string | undefined } {
  try {
    parseSelection(text);
  } catch (error) {
    if (error instanceof SkillError) return { code: error.code, message: error.message, hint: error.hint };
    throw error;
  }
  throw new Error(`${JSON.stringify(text)} was accepted`);
}

describe('what a selection lets in [R-AGENT-1]', () => {
  it.each<[text: string, expected: readonly string[]]>([
    ['all', ['tool.text', 'tool.files', 'cloud.aws']],
    ['none', []],
    ['tool.text', ['tool.text']],
    ['tool.text,cloud.aws', ['tool.text', 'cloud.aws']],
    ['cloud.aws,tool.text,cloud.aws', ['tool.text', 'cloud.aws']],
    ['slug', ['tool.text']],
    ['text,tool.text', ['tool.text']],
    ['!tool.text', ['tool.files', 'cloud.aws']],
    ['!aws,!slug', ['tool.files']],
    ['tool.gone', []],
    ['!tool.gone', ['tool.text', 'tool.files', 'cloud.aws']],
    // A name is whole and exact.
    ['tool', []],
    ['TEXT', []],
    ['tool.text.x', []],
  ])('%s', (text, expected) => {
    expect(chosen(parseSelection(text))).toEqual(expected);
  });

  it.each<[text: string, expected: readonly string[]]>([
    ['all', []],
    ['none', []],
    ['tool.text,aws', []],
    ['tool.txt', ['tool.txt']],
    ['!tool.txt,!aws,!gone', ['tool.txt', 'gone']],
  ])('names of %s that nothing has are told', (text, expected) => {
    expect(unmatchedNames(parseSelection(text), skills)).toEqual(expected);
  });
});

describe('what is no selection [R-AGENT-1]', () => {
  it.each<[what: string, text: string, why: RegExp, hint: RegExp]>([
    ['names to take and to leave out', 'a,!b', /to take and skills to leave out/, /either a,b or !a,!b/],
    ['the other way round', '!a,b', /to take and skills to leave out/, /either a,b or !a,!b/],
    ['nothing', '', /a name is empty/, /all, none, a,b/],
    ['an empty name', 'a,,b', /a name is empty/, /all, none, a,b/],
    ['a comma at the end', 'a,', /a name is empty/, /all, none, a,b/],
    ['an exclamation mark alone', '!', /a name is empty/, /all, none, a,b/],
    ['two exclamation marks', '!!a', /"!a" is no name/, /all, none, a,b/],
    ['spaces', 'a, b', /" b" is no name/, /all, none, a,b/],
    ['all among names', 'all,a', /all stands alone/, /--skills all/],
    ['all left out', '!all', /all stands alone/, /--skills all/],
    ['none among names', 'a,none', /none stands alone/, /--skills none/],
    ['a path', './a', /"\.\/a" is no name/, /all, none, a,b/],
    ['characters that hide', 'a\u202eb', /"a\\u\{202e\}b" is no name/, /all, none, a,b/],
    ['too long a name', 'a'.repeat(200), /is no name/, /all, none, a,b/],
  ])('%s', (_what, text, why, hint) => {
    const { code, message, hint: said } = refusal(text);
    expect(code).toBe('E_USAGE');
    expect(message).toMatch(why);
    expect(said).toMatch(hint);
  });
});

describe('for any names [R-AGENT-1]', () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}\.[a-z0-9]{1,8}$/);
  const names = fc.uniqueArray(word, { minLength: 1, maxLength: 5 });

  it('`!a,!b` lets in exactly what `a,b` does not, where no id is the alias of another skill', () => {
    fc.assert(
      fc.property(names, names, fc.array(word, { maxLength: 2 }), (wanted, ids, aliases) => {
        const only = parseSelection(wanted.join(','));
        const except = parseSelection(wanted.map((name) => `!${name}`).join(','));
        for (const id of ids) {
          const skill = { id, aliases };
          const isIn = selectSkills(only, [skill]).length === 1;
          expect(isIn).toBe(selectSkills(except, [skill]).length === 0);
          expect(isIn).toBe(
            wanted.includes(id) || (!wanted.includes(id) && aliases.some((name) => wanted.includes(name))),
          );
        }
        expect(unmatchedNames(only, [])).toEqual(wanted);
        expect(
          unmatchedNames(
            except,
            wanted.map((id) => ({ id, aliases: [] })),
          ),
        ).toEqual([]);
      }),
      { seed: SEED },
    );
  });

  it('an alias that is the id of another skill lets in that one alone, and keeps both out', () => {
    const impostor = { id: 'custom.other', aliases: ['tool.text'] };
    const both = [...skills, impostor];
    expect(selectSkills(parseSelection('tool.text'), both).map(({ id }) => id)).toEqual(['tool.text']);
    expect(selectSkills(parseSelection('!tool.text'), both).map(({ id }) => id)).toEqual(['tool.files', 'cloud.aws']);
  });

  it('any text is a selection or E_USAGE with a hint, and nothing else', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[!,a.lone]{0,12}$/)), (text) => {
        try {
          const { mode, names: taken } = parseSelection(text);
          expect(taken.length > 0).toBe(mode === 'only' || mode === 'except');
          expect(text.startsWith('!')).toBe(mode === 'except');
        } catch (error) {
          expect(error).toMatchObject({ code: 'E_USAGE', hint: expect.stringMatching(/./) as string });
        }
      }),
      { seed: SEED },
    );
  });
});
