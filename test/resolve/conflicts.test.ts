import { describe, expect, it } from 'vitest';
import { make, names, refusal, solve } from './support.ts';

const lib = (version: string, ...more: Parameters<typeof make> extends [string, ...infer Rest] ? Rest : never) =>
  make(`custom.lib@${version}`, ...more);

const cases = [
  {
    name: 'two of what was asked for want different versions',
    roots: [make('custom.app@1.0.0', { 'custom.lib': '^2' }), make('custom.tool@3.1.0', { 'custom.lib': '^1' })],
    known: [lib('1.0.0'), lib('2.0.0')],
    code: 'E_CONFLICT no_version',
    message: 'custom.app 1.0.0 needs custom.lib ^2, and custom.tool 3.1.0 needs custom.lib ^1; no version is both',
  },
  {
    name: 'what is needed wants another version of what was asked for',
    roots: [make('custom.app@1.0.0', { 'custom.mid': '*' }), lib('2.0.0')],
    known: [make('custom.mid@1.0.0', { 'custom.lib': '^1' }), make('custom.other@1.0.0', { 'custom.lib': '^7' })],
    code: 'E_CONFLICT no_version',
    message:
      'custom.app 1.0.0 needs custom.mid *, and custom.mid 1.0.0 needs custom.lib ^1; there is only "custom.lib" 2.0.0',
  },
  {
    name: 'two versions of what is needed want the same that is not there',
    roots: [make('custom.app@1.0.0', { 'custom.mid': '*' })],
    known: [
      make('custom.mid@1.0.0', { 'custom.lib': '^3' }),
      make('custom.mid@1.1.0', { 'custom.lib': '^3' }),
      lib('1.0.0'),
    ],
    code: 'E_CONFLICT no_version',
    message:
      'custom.app 1.0.0 needs custom.mid *, and custom.mid 1.0.0 and 1.1.0 need custom.lib ^3; there is only "custom.lib" 1.0.0',
  },
  {
    name: 'three want three',
    roots: ['a', 'b', 'c'].map((one, i) =>
      make(`custom.${one}@1.0.0`, { 'custom.lib': ['<3', '>=2', '1.0.0 || 3.0.0'][i] ?? '' }),
    ),
    known: [lib('1.0.0'), lib('2.0.0'), lib('3.0.0')],
    code: 'E_CONFLICT no_version',
    message:
      'custom.a 1.0.0 needs custom.lib <3, and custom.b 1.0.0 needs custom.lib >=2, and custom.c 1.0.0 needs custom.lib 1.0.0 || 3.0.0; no version is all 3',
  },
  {
    name: 'nobody has what is needed',
    roots: [make('custom.app@1.0.0', { 'custom.lib': '^1' })],
    known: [],
    code: 'E_NOT_FOUND no_version',
    message: 'custom.lib ^1 is needed by custom.app 1.0.0 and is not installed; no registry has it',
  },
  {
    name: 'nobody has what that needs',
    roots: [make('custom.app@1.0.0', { 'custom.mid': '^1' })],
    known: [make('custom.mid@1.0.0', { 'custom.lib': '^1' })],
    code: 'E_NOT_FOUND no_version',
    message:
      'custom.app 1.0.0 needs custom.mid ^1, and custom.mid 1.0.0 needs custom.lib ^1; "custom.lib" is not installed, and no registry has it',
  },
  {
    name: 'nothing provides that version',
    roots: [make('custom.app@1.0.0', { formatter: '^2' })],
    known: [make('custom.black@1.0.0', {}, { provides: { formatter: '1.0.0' } })],
    code: 'E_CONFLICT no_version',
    message: 'custom.app 1.0.0 needs formatter ^2; nothing provides "formatter" in that version',
  },
  {
    name: 'several could provide it',
    roots: [make('custom.app@1.0.0', { formatter: '^1' })],
    known: ['black', 'ruff'].map((one) => make(`custom.${one}@1.0.0`, {}, { provides: { formatter: '1.2.0' } })),
    code: 'E_AMBIGUOUS several_providers',
    message: 'custom.app 1.0.0 needs formatter ^1; custom.black and custom.ruff provide it, and none of them is chosen',
  },
  {
    name: 'a circle',
    roots: [make('custom.a@1.0.0', { 'custom.b': '*' })],
    known: [make('custom.b@1.0.0', { 'custom.c': '*' }), make('custom.c@1.0.0', { 'custom.b': '*' })],
    code: 'E_CONFLICT cycle',
    message: 'skills need each other in a circle: custom.b needs custom.c needs custom.b',
  },
  {
    name: 'a circle through what was asked for',
    roots: [make('custom.a@1.0.0', { 'custom.b': '*' })],
    known: [make('custom.b@1.0.0', { 'custom.a': '*' })],
    code: 'E_CONFLICT cycle',
    message: 'skills need each other in a circle: custom.a needs custom.b needs custom.a',
  },
  {
    name: 'a circle by way of what each provider needs',
    roots: [
      make('custom.app@1.0.0', { formatter: '*' }),
      ...['x', 'y'].map((one) =>
        make(`custom.${one}@1.0.0`, { 'custom.app': '*' }, { provides: { formatter: '1.0.0' } }),
      ),
    ],
    known: [],
    code: 'E_CONFLICT cycle',
    message: 'skills need each other in a circle: custom.app needs custom.x needs custom.app',
  },
  {
    name: 'a feature that no version has',
    roots: [make('custom.app@1.0.0', { 'custom.lib': { range: '^1', features: ['fast'] } })],
    known: [lib('1.0.0', {}, { features: { slow: true } })],
    code: 'E_CONFLICT no_feature',
    message: 'custom.app 1.0.0 needs custom.lib ^1 with "fast"; no version of "custom.lib" has "fast"',
  },
  {
    name: 'a feature that no version in the range has',
    roots: [make('custom.app@1.0.0', { 'custom.lib': { range: '^1', features: ['fast'] } })],
    known: [lib('1.0.0'), lib('2.0.0', {}, { features: { fast: false } })],
    code: 'E_CONFLICT no_feature',
    message: 'custom.app 1.0.0 needs custom.lib ^1 with "fast"; no version that fits has them',
  },
  {
    name: 'a range that is none',
    roots: [make('custom.app@1.0.0', { 'custom.lib': 'soon\u202e' })],
    known: [lib('1.0.0')],
    code: 'E_CONFLICT no_version',
    message: 'custom.app 1.0.0 needs "custom.lib soon\\u{202e}"; there is only "custom.lib" 1.0.0',
  },
  {
    name: 'a pre-release that no range names',
    roots: [make('custom.app@1.0.0', { 'custom.lib': '>=1' })],
    known: [lib('2.0.0-rc.1')],
    code: 'E_CONFLICT no_version',
    message: 'custom.app 1.0.0 needs custom.lib >=1; there is only "custom.lib" 2.0.0-rc.1',
  },
];

describe('what cannot be together', () => {
  it.each(cases)('is told: $name [R-RESOLVE-4]', async ({ roots, known, code, message }) => {
    const error = await refusal(() => solve(roots, known));
    expect(`${error.code} ${String(error.details?.['reason'])}`).toBe(code);
    expect(error.message).toBe(message);
    expect(error.hint).toBeDefined();
  });

  it('comes with who asks for what as data [R-RESOLVE-4]', async () => {
    const [first] = cases;
    const error = await refusal(() => solve(first?.roots ?? [], first?.known ?? []));
    expect(error.details?.['chain']).toEqual([
      { by: 'custom.app', versions: ['1.0.0'], id: 'custom.lib', range: '^2', features: [] },
      { by: 'custom.tool', versions: ['3.1.0'], id: 'custom.lib', range: '^1', features: [] },
    ]);
  });
});

describe('a graph made to be searched for ever', () => {
  it('of more skills than anybody has is given up [R-RESOLVE-7]', async () => {
    const many = Array.from({ length: 1_100 }, (_, i) => make(`x.s${i}@1.0.0`, { [`x.s${i + 1}`]: '*' }));
    const error = await refusal(() => solve(many.slice(0, 1), many));
    expect(error.details?.['reason']).toBe('too_hard');
    expect(error.message).toContain('too hard to find out: more than 1000 skills');
  });

  it('of more versions than anybody has is given up [R-RESOLVE-7]', async () => {
    const many = Array.from({ length: 10_001 }, (_, i) => make(`custom.lib@1.0.${i}`));
    const error = await refusal(() => solve([make('custom.app@1.0.0', { 'custom.lib': '*' })], many));
    expect(error.message).toContain('more than 10000 versions');
  });

  it('of choices that exclude each other ends [R-RESOLVE-7]', async () => {
    // Eleven skills that each want one of ten places for themselves: there is no answer, and no short proof of it.
    const places = 10;
    const guests = Array.from({ length: places + 1 }, (_, i) => i);
    const known = guests.flatMap((guest) =>
      Array.from({ length: places }, (_, place) =>
        make(`x.g${guest}@${place + 1}.0.0`, { [`x.place${place}`]: `${guest + 1}.0.0` }),
      ),
    );
    const seats = guests.flatMap((guest) =>
      Array.from({ length: places }, (_, place) => make(`x.place${place}@${guest + 1}.0.0`)),
    );
    const root = make('x.root@1.0.0', Object.fromEntries(guests.map((guest) => [`x.g${guest}`, '*'])));
    const error = await refusal(() => solve([root], [...known, ...seats]));
    expect(error.code).toBe('E_CONFLICT');
  });

  it('that is long but plain is answered [R-RESOLVE-7]', async () => {
    const many = Array.from({ length: 900 }, (_, i) => make(`x.s${i}@1.0.0`, i < 899 ? { [`x.s${i + 1}`]: '^1' } : {}));
    expect(names(await solve(many.slice(0, 1), many))).toHaveLength(900);
  });

  it('is left when its caller goes', async () => {
    const { resolve } = await import('../../src/resolve/resolve.ts');
    const known = { versionsOf: () => Promise.resolve([]), signal: AbortSignal.abort(), prefer: new Map() };
    const error = await refusal(() => resolve([make('custom.app@1.0.0', { 'custom.lib': '*' })], known));
    expect(error.code).toBe('E_ABORTED');
  });
});
