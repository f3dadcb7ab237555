import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Condition, evaluate, parseCondition, referencesOf } from '../../src/recipe/condition.ts';
import { canHold } from '../../src/recipe/reachable.ts';
import type { Parameter } from '../../src/recipe/recipe.ts';
import type { Value } from '../../src/recipe/value.ts';
import type { Reference } from '../../src/recipe/template.ts';

const KNOWN: Readonly<Record<string, Value>> = {
  yes: true,
  no: false,
  text: 'abc',
  empty: '',
  num: 10,
  numeral: '10',
  padded: '010',
  neg: -3,
  big: '9007199254740993',
  truth: 'true',
};

function parse(text: string): Condition | string {
  let told = '';
  const names = {
    resolve: (name: string): Reference | { wrong: string; fix: string } =>
      Object.hasOwn(KNOWN, name) || name === 'unknown'
        ? { kind: 'parameter', name }
        : { wrong: 'it is none', fix: 'none' },
    isBoolean: (one: Reference) =>
      one.kind === 'parameter' && (typeof KNOWN[one.name] === 'boolean' || one.name === 'unknown'),
  };
  return parseCondition(text, names, ({ code, wrong }) => (told = `${code} ${wrong}`)) ?? told;
}

const valueOf = (one: Reference): Value | undefined => (one.kind === 'parameter' ? KNOWN[one.name] : undefined);

function holds(text: string): boolean | undefined | string {
  const condition = parse(text);
  return typeof condition === 'string' ? condition : evaluate(condition, valueOf);
}

describe('a condition [R-RECIPE-4]', () => {
  it.each<[text: string, holds: boolean | undefined]>([
    ['yes', true],
    ['no', false],
    ['{{yes}}', true],
    ['{{ no }}', false],
    ['true', true],
    ['false', false],
    ['not no', true],
    ['not not yes', true],
    ['not yes and no', false],
    ['not (yes and no)', true],
    ['yes or no and no', true],
    ['(yes or no) and no', false],
    ['no or no or yes', true],
    ['text == "abc"', true],
    [`text == 'abc'`, true],
    ['"abc" == text', true],
    ['text == "ABC"', false],
    ['text != "abc"', false],
    ['text == "abc "', false],
    ['empty == ""', true],
    ['"a" == "a"', true],
    ['yes == true', true],
    ['yes == "true"', true],
    ['truth == true', true],
    ['num == 10', true],
    ['num == "10"', true],
    ['num == 10.0', true],
    ['numeral == 10', true],
    ['numeral == "10"', true],
    ['padded == 10', true],
    ['padded == numeral', false],
    ['num != 10', false],
    ['num > 9', true],
    ['num >= 10', true],
    ['num < 10', false],
    ['num <= 10', true],
    ['numeral > 9', true],
    ['neg < 0', true],
    ['neg == -3', true],
    ['text > 1', false],
    ['text < 1', false],
    ['text <= 1', false],
    ['empty >= 0', false],
    ['big == 9007199254740992', true],
    ['big == "9007199254740992"', false],
    ['unknown', undefined],
    ['not unknown', undefined],
    ['unknown and no', false],
    ['unknown and yes', undefined],
    ['unknown or yes', true],
    ['unknown or no', undefined],
    ['unknown == "x" and no', false],
    ['text == "a and b" or yes', true],
    ['  yes  ', true],
    ['yes\nand\tyes', true],
  ])('%j', (text, expected) => {
    expect(holds(text)).toBe(expected);
  });

  it.each<[text: string, fault: RegExp]>([
    ['', /M_CONDITION ends where a value/],
    ['and', /M_CONDITION has "and" where a value/],
    ['yes and', /ends where a value/],
    ['yes or or no', /has "or" where/],
    ['yes no', /goes on where it should end/],
    ['(yes', /not closed/],
    ['yes)', /goes on/],
    ['()', /has "\)" where/],
    ['== 1', /has "==" where/],
    ['num ==', /ends where/],
    ['num == == 1', /has "=="/],
    ['num = 1', /is no condition/],
    ['num === 1', /is no condition/],
    ['num > "9"', /compares by > what is no number/],
    ['"a" < num', /compares by </],
    ['text', /neither true nor false/],
    ['num', /neither true nor false/],
    ['"true"', /neither true nor false/],
    ['1', /neither true nor false/],
    ['nope', /M_UNKNOWN_NAME names "nope"/],
    ['__proto__ == "x"', /M_UNKNOWN_NAME/],
    ['yes; no', /is no condition/],
    ['yes && no', /is no condition/],
    ['!yes', /is no condition/],
    ['yes ? 1 : 2', /is no condition/],
    ['text.length > 1', /M_UNKNOWN_NAME/],
    ['text + "a" == "b"', /is no condition/],
    ['text =~ "a"', /is no condition/],
    ['1.2.3 == 1', /is no condition/],
    ['"open', /is no condition/],
    [`${'not '.repeat(40)}yes`, /nested too deep/],
    [`${'('.repeat(40)}yes${')'.repeat(40)}`, /nested too deep/],
    [`yes${' '.repeat(1_000)}`, /is no condition/],
    ['1 < 2 < 3', /goes on/],
  ])('%j is none', (text, fault) => {
    expect(holds(text)).toMatch(fault);
  });

  it('means what it says, however it is put together', () => {
    const tree = fc.letrec<{ any: { text: string; holds: boolean } }>((tie) => ({
      any: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(
          { text: 'yes', holds: true },
          { text: 'no', holds: false },
          { text: 'num > 3', holds: true },
          { text: 'text == "b"', holds: false },
        ),
        tie('any').map((one) => ({ text: `not (${one.text})`, holds: !one.holds })),
        fc
          .tuple(tie('any'), tie('any'))
          .map(([a, b]) => ({ text: `(${a.text}) and (${b.text})`, holds: a.holds && b.holds })),
        fc
          .tuple(tie('any'), tie('any'))
          .map(([a, b]) => ({ text: `(${a.text}) or (${b.text})`, holds: a.holds || b.holds })),
      ),
    })).any;
    fc.assert(
      fc.property(tree, ({ text, holds: expected }) => {
        const found = holds(text);
        if (typeof found === 'string') expect(found).toMatch(/nested too deep|is no condition/);
        else expect(found).toBe(expected);
      }),
      { numRuns: 1_000 },
    );
  });

  it('never throws for any text', () => {
    const signs = fc.constantFrom(
      'yes',
      'num',
      '==',
      '<',
      '(',
      ')',
      'and',
      'or',
      'not',
      '"a"',
      '1',
      ' ',
      '{{',
      '}}',
      "'",
      '-',
      '.',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(signs).map((one) => one.join(' ')),
        ),
        (text) => {
          expect(() => holds(text)).not.toThrow();
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('tells all values it depends on', () => {
    const condition = parse('not (yes and text == "x") or num > neg');
    expect(
      typeof condition === 'string' ? [] : referencesOf(condition).map((one) => one.kind === 'parameter' && one.name),
    ).toEqual(['yes', 'text', 'num', 'neg']);
  });
});

describe('a condition that can never hold [R-RECIPE-2]', () => {
  const boolean = (name: string): Parameter =>
    ({ name, type: 'boolean', values: [] as readonly string[] }) as Parameter;
  const choice = (name: string, ...values: string[]): Parameter =>
    ({ name, type: 'enum', values }) as unknown as Parameter;
  const PARAMETERS = [
    boolean('a'),
    boolean('b'),
    choice('e', 'x', 'y'),
    choice('none'),
    { name: 't', type: 'string' } as Parameter,
  ];

  function can(text: string): boolean {
    const names = { resolve: (name: string): Reference => ({ kind: 'parameter', name }), isBoolean: () => true };
    const condition = parseCondition(text, names, () => undefined);
    if (condition === undefined) throw new Error('no condition');
    return canHold(condition, PARAMETERS);
  }

  it.each<[text: string, can: boolean]>([
    ['a', true],
    ['a and not a', false],
    ['a and not b', true],
    ['not (a or not a)', false],
    ['e == "x"', true],
    ['e == "z"', false],
    ['e == "x" and e == "y"', false],
    ['e != "x" and e != "y"', false],
    ['e == "x" or t == "1"', true],
    ['t == "1" and t == "2"', true],
    ['none == "x"', true],
    ['1 > 2', false],
    ['true', true],
    ['false or 1 == 1', true],
  ])('%j', (text, expected) => {
    expect(can(text)).toBe(expected);
  });

  it('of too many combinations it is taken for granted', () => {
    const many = Array.from({ length: 12 }, (_, i) => boolean(`p${i}`));
    const text = many.map(({ name }) => `(${name} or not ${name})`).join(' and ');
    const condition = parseCondition(
      `${text} and false`,
      { resolve: (name) => ({ kind: 'parameter', name }), isBoolean: () => true },
      () => undefined,
    );
    expect(condition && canHold(condition, many)).toBe(true);
  });
});
