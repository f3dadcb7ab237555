import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { refusal } from '../resolve/support.ts';
import { makeWorld } from './world.ts';

const APP = ['custom.app@1.0.0', { 'custom.lib': '^1' }] as const;

describe('what a skill needs', () => {
  it.each([
    ['before', 0],
    ['after', 1],
  ])('may be given in the same command, %s it [R-RESOLVE-9]', async (_, at) => {
    const world = makeWorld();
    const [app, lib] = [world.write(...APP), world.write('custom.lib@1.2.0')];
    await world.add(...(at === 0 ? [lib, app] : [app, lib]));
    expect(await world.locked()).toEqual({ 'custom.app@1.0.0': ['custom.lib@1.2.0'], 'custom.lib@1.2.0': [] });
  });

  it('may be there already [R-RESOLVE-9]', async () => {
    const world = makeWorld();
    await world.add(world.write('custom.lib@1.0.0'));
    world.offer('custom.lib@1.5.0');
    await world.add(world.write(...APP));
    expect(await world.locked()).toEqual({ 'custom.app@1.0.0': ['custom.lib@1.0.0'], 'custom.lib@1.0.0': [] });
  });

  it('is found where skills are offered, and is marked as not asked for [R-RESOLVE-9]', async () => {
    const world = makeWorld();
    world.offer('custom.lib@1.0.0');
    world.offer('custom.lib@1.5.0', { 'custom.base': '*' }, { features: { fast: true } });
    world.offer('custom.lib@2.0.0');
    world.offer('custom.base@0.1.0');
    await world.add(world.write(...APP));
    expect(await world.locked()).toEqual({
      'custom.app@1.0.0': ['custom.lib@1.5.0'],
      '+custom.base@0.1.0': [],
      '+custom.lib@1.5.0': ['custom.base@0.1.0', 'fast'],
    });
  });

  it('that is nowhere is asked for by name, and nothing is installed [R-RESOLVE-4]', async () => {
    const world = makeWorld();
    const error = await refusal(() => world.add(world.write(...APP)));
    expect(error.code).toBe('E_NOT_FOUND');
    expect(error.message).toBe('custom.lib ^1 is needed by custom.app 1.0.0 and is not installed; no registry has it');
    expect(await world.locked()).toEqual({});
  });

  it.each([
    ['evil.store', 'E_NOT_FOUND'],
    ['custom.store', undefined],
  ])('is provided by %s, which is none of that name, only in its own namespace [R-REGISTRY-2]', async (id, code) => {
    const world = makeWorld();
    await world.add(world.write(`${id}@1.0.0`, {}, { provides: { 'custom.lib': '1.0.0' } }));
    const added = world.add(world.write(...APP)).then(
      () => undefined,
      (error: { code: string }) => error.code,
    );
    expect(await added).toBe(code);
  });

  it('is provided by what is installed, though others could [R-RESOLVE-8]', async () => {
    const world = makeWorld();
    world.offer('custom.black@1.0.0', {}, { provides: { formatter: '1.0.0' } });
    await world.add(world.write('custom.one@1.0.0', { formatter: '^1' }));
    world.offer('custom.ruff@1.0.0', {}, { provides: { formatter: '1.0.0' } });
    await world.add(world.write('custom.two@1.0.0', { formatter: '^1' }));
    expect(await world.locked()).toMatchObject({
      'custom.two@1.0.0': ['custom.black@1.0.0'],
      '+custom.black@1.0.0': [],
    });
  });
});

describe('what is installed', () => {
  it('keeps its version, and names the new one of what it needs [R-RESOLVE-2]', async () => {
    const world = makeWorld();
    world.offer('custom.lib@1.0.0');
    await world.add(world.write('custom.app@1.0.0', { 'custom.lib': '*' }));
    world.offer('custom.lib@2.0.0');
    await world.add(world.write('custom.other@1.0.0'));
    expect(await world.locked()).toMatchObject({ 'custom.app@1.0.0': ['custom.lib@1.0.0'] });
    await world.add(world.write('custom.tool@1.0.0', { 'custom.lib': '^2' }));
    expect(await world.locked()).toEqual({
      'custom.app@1.0.0': ['custom.lib@2.0.0'],
      '+custom.lib@2.0.0': [],
      'custom.other@1.0.0': [],
      'custom.tool@1.0.0': ['custom.lib@2.0.0'],
    });
  });

  it('is not broken by another version of what it needs [R-RESOLVE-10]', async () => {
    const world = makeWorld();
    await world.add(world.write(...APP), world.write('custom.lib@1.0.0'));
    const before = await world.locked();
    const error = await refusal(() => world.add(world.write('custom.lib@2.0.0')));
    expect(error.code).toBe('E_CONFLICT');
    expect(error.message).toBe('custom.app 1.0.0 needs custom.lib ^1; there is only "custom.lib" 2.0.0');
    expect(await world.locked()).toEqual(before);
  });

  it('gets features that others ask for [R-RESOLVE-6]', async () => {
    const world = makeWorld();
    await world.add(world.write('custom.lib@1.0.0', {}, { features: { fast: false } }));
    await world.add(world.write('custom.app@1.0.0', { 'custom.lib': { features: ['fast'] } }));
    expect(await world.locked()).toEqual({ 'custom.app@1.0.0': ['custom.lib@1.0.0'], 'custom.lib@1.0.0': ['fast'] });
  });
});

describe('a package that is not what was offered', () => {
  it.each([
    ['needs more', 'custom.lib@1.0.0', { 'custom.more': '*' }, 'needs or provides something else than was said'],
    ['is another version', 'custom.lib@1.0.1', {}, 'is custom.lib 1.0.1'],
  ])('because it %s is refused, and nothing of it stays', async (_, name, needs, said) => {
    const world = makeWorld();
    const offer = world.offer('custom.lib@1.0.0');
    const folder = world.write(name, needs);
    Object.assign(offer, { source: folder });
    const error = await refusal(() => world.add(world.write(...APP)));
    expect(`${error.code} ${String(error.details?.['reason'])}`).toBe('E_PACKAGE not_as_offered');
    expect(error.message).toContain(said);
    expect(readdirSync(world.installation.store.trees).filter((entry) => entry.includes('-'))).toEqual([]);
  });
});

it('two different skills of one id are not installed by one command', async () => {
  const world = makeWorld();
  const error = await refusal(() => world.add(world.write('custom.lib@1.0.0'), world.write('custom.lib@2.0.0')));
  expect(error.details?.['reason']).toBe('same_id');
});

it('the same skill named twice in one command is installed once', async () => {
  const world = makeWorld();
  const lib = world.write('custom.lib@1.0.0');
  expect(await world.add(lib, lib)).toHaveLength(1);
});
