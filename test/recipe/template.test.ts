import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Output } from '../../src/recipe/entry.ts';
import type { Parameter } from '../../src/recipe/recipe.ts';
import { parseTemplate, type Reference, showTemplate, type Template } from '../../src/recipe/template.ts';
import { Values } from '../../src/recipe/values.ts';

const REFERENCE: Reference = { kind: 'parameter', name: 'a' };

function parse(text: string): { template: Template; faults: string[] } {
  const faults: string[] = [];
  const known = (name: string): Reference | { wrong: string; fix: string } =>
    name === 'a' ? REFERENCE : { wrong: 'it is none', fix: 'none' };
  return { template: parseTemplate(text, known, ({ code }) => faults.push(code)), faults };
}

function valuesOf(
  parameters: Readonly<Record<string, string | number | boolean>>,
  more: {
    outputs?: Readonly<Record<string, Partial<Output>>>;
    item?: string;
    types?: Readonly<Record<string, Partial<Parameter>>>;
  } = {},
): Values {
  const declared = Object.keys(parameters).map(
    (name) => ({ name, type: 'string', allowDash: false, ...more.types?.[name] }) as Parameter,
  );
  return new Values({
    recipe: { parameters: declared },
    parameters: new Map(Object.entries(parameters)),
    outputs: new Map(
      Object.entries(more.outputs ?? {}).map(([step, one]) => [step, { stdout: '', stderr: '', exitCode: 0, ...one }]),
    ),
    variable: (name) => ({ HOME: '/home/user', EMPTY: '', DASH: '-x' })[name],
    item: more.item,
  });
}

const out = (step: string, field: 'stdout' | 'stderr' | 'exit_code' = 'stdout'): Reference => ({
  kind: 'output',
  step,
  field,
});
const env = (name: string): Reference => ({ kind: 'env', name });

describe('places for values [R-RECIPE-4]', () => {
  it.each<[text: string, template: Template, ...faults: string[]]>([
    ['', []],
    ['text', ['text']],
    ['{{a}}', [REFERENCE]],
    ['{{ a }}', [REFERENCE]],
    ['{{\ta\n}}', [REFERENCE]],
    ['x{{a}}y{{a}}z', ['x', REFERENCE, 'y', REFERENCE, 'z']],
    ['{a} {{a}} }} { }', ['{a} ', REFERENCE, ' }} { }']],
    ['{{"{{"}}', ['{{']],
    ['{{"}}"}}a', ['}}', 'a']],
    ['{{""}}', ['']],
    ['{{"{{a}}"}}', ['{{a}}']],
    ['${a} $(a) <%a%> #{a} %s %(a)s {0} $a', ['${a} $(a) <%a%> #{a} %s %(a)s {0} $a']],
    ['{{b}}', [], 'M_UNKNOWN_NAME'],
    ['x{{b}}{{a}}', ['x', REFERENCE], 'M_UNKNOWN_NAME'],
    ...[
      '{{',
      '{{a',
      '{{a}',
      '{{}}',
      '{{ }}',
      '{{{a}}}',
      '{{a b}}',
      '{{a|upper}}',
      '{{a()}}',
      '{{a[0]}}',
      '{{1}}',
      '{{a+1}}',
      '{{#if a}}',
      '{{> a}}',
      "{{'a'}}",
      '{{"a}}',
      '{{a}} {{',
      '{{-a}}',
      '{{.a}}',
      '{{ä}}',
    ].map((text): [string, Template, string] => [text, text.startsWith('{{a}}') ? [REFERENCE, ' '] : [], 'M_TEMPLATE']),
    ...['{{a.b}}', '{{__proto__}}', '{{constructor}}', '{{toString}}', '{{a.constructor}}', '{{steps}}'].map(
      (text): [string, Template, string] => [text, [], 'M_UNKNOWN_NAME'],
    ),
  ])('%j', (text, template, ...faults) => {
    expect(parse(text)).toEqual({ template, faults });
  });

  it('are shown as their author wrote them', () => {
    const template = [REFERENCE, 'x', out('s', 'stderr'), env('HOME'), { kind: 'item' } as const];
    expect(showTemplate(template)).toBe('{{a}}x{{steps.s.stderr}}{{env.HOME}}{{item}}');
  });
});

describe('values [R-RECIPE-4] [R-RECIPE-5]', () => {
  it('are put in once and never read again, whatever they are', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '{{a}}',
        '{{env.HOME}}',
        '{{"x"}}',
        '${a}',
        '$(a)',
        '{{steps.s.stdout}}',
        '$&',
        '$1',
        '$$',
        "$'",
        '%s',
        '{{',
        '}}',
        '\0',
        '\r\n',
        '__proto__',
      ),
    );
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 4 }), fc.string(), (parts, text) => {
        const given = Object.fromEntries(parts.map((part, i) => [`p${i}`, `x${part}`]));
        const template = parts.flatMap((_, i) => [text, { kind: 'parameter', name: `p${i}` } as const]);
        const expected = parts.map((part) => `${text}x${part}`).join('');
        const values = valuesOf(given);
        for (const one of [values.text(template), values.word(template), values.show(template)])
          expect(one).toBe(expected);
        expect(values.input({ fields: new Map([['deep', { list: [{ template }] }]]) })).toEqual({ deep: [expected] });
      }),
      { numRuns: 500 },
    );
  });

  it.each<[what: string, reference: Reference, text: string]>([
    ['a number', { kind: 'parameter', name: 'n' }, '1.5'],
    ['a boolean', { kind: 'parameter', name: 'b' }, 'false'],
    ['a parameter that was not given', { kind: 'parameter', name: 'none' }, ''],
    ['an item', { kind: 'item' }, 'it'],
    ['an output', out('s'), 'printed'],
    ['an exit code', out('s', 'exit_code'), '7'],
    ['the output of a step that did not run', out('none'), ''],
    ['the exit code of a step that did not run', out('none', 'exit_code'), ''],
    ['a variable', env('HOME'), '/home/user'],
    ['an empty variable', env('EMPTY'), ''],
    ['an exit code beside a secret', out('redacted', 'exit_code'), '3'],
  ])('%s', (_, reference, text) => {
    const outputs = { s: { stdout: 'printed', exitCode: 7 }, redacted: { isRedacted: true, exitCode: 3 } };
    expect(valuesOf({ n: 1.5, b: false }, { outputs, item: 'it' }).text([reference])).toBe(text);
  });

  it.each<[what: string, reference: Reference, why: RegExp]>([
    ['a variable that is not set', env('NONE'), /"NONE" is not set/],
    ['what held a secret', out('redacted'), /held a secret, which no journal keeps/],
    ['what nobody wrote down', out('lost'), /is not known: the step was settled as done/],
  ])('%s cannot be had, and says so', (_, reference, why) => {
    const values = valuesOf({}, { outputs: { redacted: { isRedacted: true }, lost: { isLost: true } } });
    expect(() => values.text([reference])).toThrow(why);
    expect(values.show([reference])).toMatch(/^\{\{/);
  });

  it('are shown to nobody when they are secret, or come from the environment', () => {
    const values = valuesOf({ s: 'marker' }, { types: { s: { type: 'secret' } } });
    // Of a step that did not run there is nothing to show.
    expect(values.show([{ kind: 'parameter', name: 's' }, env('HOME'), out('later')])).toBe('{{s}}{{env.HOME}}');
  });
});

describe('a value that begins a word does not make it an option [R-RECIPE-5]', () => {
  const p = (name: string): Reference => ({ kind: 'parameter', name });
  const word = (template: Template): string =>
    valuesOf(
      { a: '-x', e: '', n: -5, m: -5, ok: '-y', s: '-marker' },
      {
        item: '-i',
        outputs: { s: { stdout: '--o' } },
        types: {
          ok: { allowDash: true },
          n: { type: 'integer' },
          m: { type: 'integer', allowDash: true },
          s: { type: 'secret' },
        },
      },
    ).word(template);

  it.each<[template: Template, word: string]>([
    [['x', p('a')], 'x-x'],
    [['--flag=', p('a')], '--flag=-x'],
    [['-', p('a')], '--x'],
    [['./', p('a')], './-x'],
    [[p('ok')], '-y'],
    [[p('e'), p('ok')], '-y'],
    [[p('m')], '-5'],
    [['-literal'], '-literal'],
    [['', '-literal'], '-literal'],
    [[p('e')], ''],
  ])('%j', (template, expected) => {
    expect(word(template)).toBe(expected);
  });

  it.each<[template: Template, shown: RegExp]>([
    [[p('a')], /\{\{a\}\}, "-x", would be read as an option/],
    [['', p('a')], /"-x"/],
    [[p('e'), p('a')], /"-x"/],
    [[p('e'), p('e'), p('a'), 'y'], /"-x"/],
    [[p('n')], /\{\{n\}\}, "-5"/],
    [[{ kind: 'item' }], /\{\{item\}\}, "-i"/],
    [[out('s')], /"--o"/],
    [[env('DASH')], /\{\{env\.DASH\}\} would/],
    [[p('s')], /^the value of \{\{s\}\} would be read as an option$/],
  ])('%j is refused', (template, shown) => {
    expect(() => word(template)).toThrow(
      expect.objectContaining({ code: 'E_INPUT', message: expect.stringMatching(shown) as string }) as Error,
    );
  });
});
