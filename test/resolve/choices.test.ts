import { describe, expect, it } from 'vitest';
import { make, names, solve } from './support.ts';

const lib = (version: string, features: Record<string, boolean> = {}) =>
  make(`custom.lib@${version}`, {}, { features });
const app = (need: Parameters<typeof make>[1]) => make('custom.app@1.0.0', need);
const formatter = (id: string) => make(`${id}@1.0.0`, {}, { provides: { formatter: '1.2.0' } });

describe('the version that is chosen', () => {
  it.each([
    ['the highest in the range', '^1', {}, '1.10.0'],
    ['the highest of all', '*', {}, '2.0.0'],
    ['what is there, though there is a higher one', '*', { 'custom.lib': '1.2.0' }, '1.2.0'],
    ['a higher one, when what is there does not fit', '^2', { 'custom.lib': '1.2.0' }, '2.0.0'],
    ['a pre-release, when the range names it', '>=3.0.0-rc.1', {}, '3.0.0-rc.2'],
  ])('is %s [R-RESOLVE-1, R-RESOLVE-2]', async (_, range, prefer, version) => {
    const known = ['1.2.0', '1.10.0', '2.0.0', '3.0.0-rc.2'].map((one) => lib(one));
    expect(names(await solve([app({ 'custom.lib': range })], known, prefer))).toEqual([
      'custom.app@1.0.0',
      `custom.lib@${version}`,
    ]);
  });

  it('is a lower one where the highest needs what cannot be [R-RESOLVE-1]', async () => {
    const known = [lib('1.0.0'), make('custom.lib@2.0.0', { 'custom.gone': '*' })];
    expect(names(await solve([app({ 'custom.lib': '*' })], known))).toContain('custom.lib@1.0.0');
  });

  it('is one without a circle, where there is one [R-RESOLVE-1]', async () => {
    const known = [lib('1.0.0'), make('custom.lib@2.0.0', { 'custom.app': '*' })];
    expect(names(await solve([app({ 'custom.lib': '*' })], known))).toContain('custom.lib@1.0.0');
  });

  it('is tried again beside others than those it failed with [R-RESOLVE-1]', async () => {
    const roots = [app({ 'custom.b': '*', 'custom.c': '*' })];
    const known = [
      make('custom.b@1.0.0'),
      make('custom.b@2.0.0'),
      make('custom.c@1.0.0', { 'custom.gone': '*' }),
      make('custom.c@2.0.0', { 'custom.d': '*' }),
      make('custom.d@1.0.0', { 'custom.b': '^1' }),
    ];
    expect(names(await solve(roots, known))).toEqual([
      'custom.app@1.0.0',
      'custom.b@1.0.0',
      'custom.c@2.0.0',
      'custom.d@1.0.0',
    ]);
  });

  it('is read as a version, or not at all', async () => {
    const known = [lib('1.0.0'), lib('newest')];
    expect(names(await solve([app({ 'custom.lib': '*' })], known))).toContain('custom.lib@1.0.0');
  });
});

describe('an optional dependency', () => {
  const optional = (range: string) => ({ range, optional: true });

  it('is taken where it fits, with what it needs itself [R-RESOLVE-5]', async () => {
    const known = [make('custom.extra@1.0.0', { 'custom.lib': '^1' }), lib('1.0.0'), lib('2.0.0')];
    const found = await solve([app({ 'custom.extra': optional('^1') })], known);
    expect(names(found)).toEqual(['custom.app@1.0.0', 'custom.extra@1.0.0', 'custom.lib@1.0.0']);
    expect(found.get('custom.app')?.dependencies).toEqual(['custom.extra@1.0.0']);
  });

  it.each([
    ['is nowhere', []],
    ['is of another version', [make('custom.extra@2.0.0')]],
    ['needs what is nowhere', [make('custom.extra@1.0.0', { 'custom.gone': '*' })]],
    ['needs the one that could do with it', [make('custom.extra@1.0.0', { 'custom.app': '*' })]],
    ['needs another version of what was chosen', [make('custom.extra@1.0.0', { 'custom.lib': '^1' })]],
  ])('that %s is left out, and nothing fails [R-RESOLVE-5]', async (_, extra) => {
    const roots = [app({ 'custom.extra': optional('^1'), 'custom.lib': '*' })];
    const found = await solve(roots, [...extra, lib('1.0.0'), lib('2.0.0')]);
    expect(names(found)).toEqual(['custom.app@1.0.0', 'custom.lib@2.0.0']);
    expect(found.get('custom.app')?.dependencies).toEqual(['custom.lib@2.0.0']);
  });

  it('goes with what is there for another reason only when it fits [R-RESOLVE-5]', async () => {
    const found = await solve([app({ 'custom.lib': optional('^1') }), lib('2.0.0')], []);
    expect(found.get('custom.app')?.dependencies).toEqual([]);
  });
});

describe('features', () => {
  it('are those that are asked for by anybody, and those that are on by themselves [R-RESOLVE-6]', async () => {
    const roots = [
      app({ 'custom.lib': { features: ['fast'] } }),
      make('custom.tool@1.0.0', { 'custom.lib': { features: ['blue', 'fast'] } }),
    ];
    const found = await solve(roots, [lib('1.0.0', { plain: true, fast: false, blue: false, never: false })]);
    expect(found.get('custom.lib')?.features).toEqual(['blue', 'fast', 'plain']);
  });

  it('choose a version that has them [R-RESOLVE-6]', async () => {
    const known = [lib('1.0.0', { fast: false }), lib('1.1.0')];
    const found = await solve([app({ 'custom.lib': { features: ['fast'] } })], known);
    expect(names(found)).toContain('custom.lib@1.0.0');
  });
});

describe('a virtual dependency', () => {
  it('takes the only one that provides it [R-RESOLVE-8]', async () => {
    const found = await solve([app({ formatter: '^1' })], [formatter('custom.black')]);
    expect(found.get('custom.app')?.dependencies).toEqual(['custom.black@1.0.0']);
  });

  it.each([
    ['that was asked for', [formatter('custom.ruff')], {}],
    ['that is there', [], { 'custom.ruff': '1.0.0' }],
  ])('takes of several the one %s [R-RESOLVE-8]', async (_, more, prefer) => {
    const known = [formatter('custom.black'), formatter('custom.ruff')];
    const found = await solve([app({ formatter: '^1' }), ...more], known, prefer);
    expect(found.get('custom.app')?.dependencies).toEqual(['custom.ruff@1.0.0']);
  });

  it('is not met by one that needs the skill that asks [R-RESOLVE-8]', async () => {
    const circular = make('custom.a@1.0.0', { 'custom.app': '*' }, { provides: { formatter: '1.0.0' } });
    const found = await solve([app({ formatter: '^1' }), circular, formatter('custom.ruff')], []);
    expect(found.get('custom.app')?.dependencies).toEqual(['custom.ruff@1.0.0']);
  });

  it('is met by a skill that provides it to itself', async () => {
    const self = make('custom.app@1.0.0', { formatter: '*' }, { provides: { formatter: '1.0.0' } });
    expect((await solve([self], []).then((found) => found.get('custom.app')))?.dependencies).toEqual([]);
  });

  it('is no matter of providers where a skill has the name [R-RESOLVE-8]', async () => {
    const known = [make('formatter@1.0.0'), formatter('custom.black')];
    expect(names(await solve([app({ formatter: '*' })], known))).toContain('formatter@1.0.0');
  });
});
