import { describe, expect, it } from 'vitest';
import { DeadEnds } from '../../src/resolve/dead-ends.ts';
import { resolve } from '../../src/resolve/resolve.ts';
import { make, names, refusal, solve } from './support.ts';

const many = <T>(count: number, one: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => one(i));
const candidate = (i: number) => make(`x.c${i}@1.0.0`);

describe('dead ends', () => {
  const chosen = (of: readonly ReturnType<typeof candidate>[]) => new Map(of.map((one) => [one.id, one]));

  it('are found beside all they were seen with, and not beside fewer', () => {
    const [a, b, c] = many(3, candidate) as [
      ReturnType<typeof candidate>,
      ReturnType<typeof candidate>,
      ReturnType<typeof candidate>,
    ];
    const dead = new DeadEnds();
    dead.add([a, b, c], new Set(['x.c0', 'x.c1']));
    expect(dead.find(a, chosen([b, c]))).toEqual(['x.c1']);
    expect(dead.find(c, chosen([a, b]))).toEqual(['x.c0', 'x.c1']);
    expect(dead.find(a, chosen([b]))).toBeUndefined();
    expect(dead.find(a, chosen([b, make('x.c2@2.0.0')]))).toBeUndefined();
  });

  it.each([
    [8, true],
    [9, false],
  ])('of %i choices together are remembered: %s [R-RESOLVE-7]', (count, isRemembered) => {
    const together = many(count, candidate);
    const [first = candidate(0), ...others] = together;
    const dead = new DeadEnds();
    dead.add(together, new Set());
    expect(dead.find(first, chosen(others)) !== undefined).toBe(isRemembered);
  });

  it('are as many of one candidate as can be looked through at each choice [R-RESOLVE-7]', () => {
    const shared = make('x.shared@1.0.0');
    const others = many(51, candidate);
    const dead = new DeadEnds();
    for (const other of others) dead.add([shared, other], new Set());
    const found = others.map((other) => dead.find(shared, chosen([other])) !== undefined);
    expect(found).toEqual([...many(50, () => true), false]);
  });
});

describe('what could be part of an answer', () => {
  it('is asked for once, whoever needs it, and counts once in each version', async () => {
    const asked: string[] = [];
    const lib = make('x.lib@1.0.0');
    const known = [make('x.a@1.0.0', { 'x.lib': '*' }), make('x.b@1.0.0', { 'x.lib': '*', 'x.a': '*' })];
    const found = await resolve([make('x.app@1.0.0', { 'x.a': '*', 'x.b': '*', 'x.lib': '*' })], {
      versionsOf(id) {
        asked.push(id);
        return Promise.resolve(id === 'x.lib' ? many(20_000, () => lib) : known.filter((one) => one.id === id));
      },
      signal: new AbortController().signal,
      prefer: new Map(),
    });
    expect(asked.toSorted()).toEqual(['x.a', 'x.b', 'x.lib']);
    expect(names(found)).toEqual(['x.a@1.0.0', 'x.app@1.0.0', 'x.b@1.0.0', 'x.lib@1.0.0']);
  });

  it('that is optional is tried so often and then given up [R-RESOLVE-7]', async () => {
    const optional = (count: number) =>
      many(count, (i) => ({ id: 'x.lib', range: `<=0.0.${i}`, optional: true, features: [] }));
    const app = (count: number) => ({ ...make('x.app@1.0.0'), dependencies: optional(count) });
    const lib = [make('x.lib@1.0.0')];
    expect(names(await solve([app(1_000)], lib))).toEqual(['x.app@1.0.0']);
    expect(await refusal(() => solve([app(1_001)], lib))).toMatchObject({
      code: 'E_CONFLICT',
      message: expect.stringContaining('more than 1000 optional skills'),
      details: { reason: 'too_hard' },
    });
  });

  it('that is optional and takes too long to find out is left out [R-RESOLVE-5, R-RESOLVE-7]', async () => {
    // As many that each want a place for themselves, and one place fewer.
    const places = 10;
    const guests = many(places + 1, (i) => i);
    const seats = guests.flatMap((guest) => many(places, (place) => make(`x.place${place}@${guest + 1}.0.0`)));
    const known = guests.flatMap((guest) =>
      many(places, (place) => make(`x.g${guest}@${place + 1}.0.0`, { [`x.place${place}`]: `${guest + 1}.0.0` })),
    );
    const party = make('x.party@1.0.0', Object.fromEntries(guests.map((guest) => [`x.g${guest}`, '*'])));
    const app = make('x.app@1.0.0', { 'x.lib': '*', 'x.party': { optional: true } });
    expect(names(await solve([app], [party, make('x.lib@1.0.0'), ...known, ...seats]))).toEqual([
      'x.app@1.0.0',
      'x.lib@1.0.0',
    ]);
  });
});

describe('what a conflict says', () => {
  it('names ten, and how many more there are [R-RESOLVE-4]', async () => {
    const features = many(12, (i) => `f${String(i).padStart(2, '0')}`);
    const app = make('x.app@1.0.0', { 'x.lib': { features } });
    const { message } = await refusal(() => solve([app], [make('x.lib@1.0.0')]));
    expect(message).toMatch(/"f00", .*"f09" and 2 more/);
    expect(message).not.toContain('"f10"');
  });

  it('cites what is needed, and not what a version would merely take [R-RESOLVE-4, R-RESOLVE-5]', async () => {
    const known = [
      make('x.mid@1.0.0', { 'x.lib': { range: '^9', optional: true }, 'x.gone': '*' }),
      make('x.mid@2.0.0', { 'x.lib': '^9' }),
      make('x.lib@1.0.0'),
    ];
    const { message } = await refusal(() => solve([make('x.app@1.0.0', { 'x.mid': '*' })], known));
    expect(message).toContain('x.mid 2.0.0 needs x.lib ^9');
  });
});
