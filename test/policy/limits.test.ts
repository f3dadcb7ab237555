import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CapabilityDenied, CEILINGS, type LimitName, SkillError } from '../../host/index.ts';
import { decideLimits, valuesOf, type WrittenLimits } from '../../src/policy/limits.ts';

const NOTHING = { manifest: {}, runtime: {}, option: {} };

function thrownBy(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

describe('who decides a limit [R-LIMIT-4]', () => {
  it('is the default when nobody asks', () => {
    const decisions = decideLimits(NOTHING, {});
    for (const [name, { value, from }] of Object.entries(decisions))
      expect([name, value, from]).toEqual([name, CEILINGS[name as LimitName].default, 'default']);
  });

  it.each<readonly [string, Partial<typeof NOTHING>, number, string]>([
    ['the manifest', { manifest: { fuel: 5 } }, 5, 'manifest'],
    ['the runtime, over the manifest', { manifest: { fuel: 5 }, runtime: { fuel: 9 } }, 9, 'runtime'],
    ['the call, over both', { manifest: { fuel: 5 }, runtime: { fuel: 9 }, option: { fuel: 2 } }, 2, 'option'],
    [
      'the manifest, where the call says nothing',
      { manifest: { fuel: 5 }, option: { fuel: undefined } },
      5,
      'manifest',
    ],
  ])('is %s', (_who, asked, value, from) => {
    expect(decideLimits({ ...NOTHING, ...asked }, {}).fuel).toEqual({ value, from });
  });

  it('is the policy that allows least, and it is told what was asked', () => {
    const caps = { corp: { fuel: 50 }, profile: { fuel: 20 }, tenant: { fuel: 30 } };
    const { fuel, memory_mb } = decideLimits({ ...NOTHING, manifest: { fuel: 40 } }, caps);
    expect(fuel).toEqual({ value: 20, from: 'profile', asked: { value: 40, from: 'manifest' } });
    expect(memory_mb.from).toBe('default');
    expect(decideLimits(NOTHING, caps).fuel).toMatchObject({ value: 20, asked: { from: 'default' } });
    expect(decideLimits({ ...NOTHING, runtime: { fuel: 20 } }, caps).fuel).toEqual({ value: 20, from: 'runtime' });
  });

  it('refuses a call that asks for more than a policy allows', () => {
    const error = thrownBy(() => decideLimits({ ...NOTHING, option: { fuel: 21 } }, { corp: { fuel: 20 } }));
    expect(error).toBeInstanceOf(CapabilityDenied);
    expect(error).toMatchObject({
      code: 'E_DENIED',
      layer: 'corp',
      rule: 'fuel <= 20',
      hint: 'ask for at most --limit fuel=20',
      details: { limit: 'fuel', value: 20 },
    });
  });

  it.each<readonly [string, WrittenLimits, string]>([
    ['an unknown name', { fule: 1 }, 'did you mean fuel?'],
    ['a name of an object', { constructor: 1 }, 'one of '],
    ['zero', { fuel: 0 }, 'from 1 to'],
    ['more than the ceiling', { fuel: CEILINGS.fuel.hard + 1 }, 'from 1 to'],
    ['half an instruction', { fuel: 1.5 }, 'from 1 to'],
    ['a text', { fuel: '5' }, 'from 1 to'],
  ])('refuses %s, whoever wrote it [R-LIMIT-2]', (_what, written, hint) => {
    for (const act of [
      () => decideLimits({ ...NOTHING, option: written }, {}),
      () => decideLimits({ ...NOTHING, runtime: written }, {}),
      () => decideLimits(NOTHING, { corp: written }),
    ]) {
      const error = thrownBy(act);
      expect(error).toBeInstanceOf(SkillError);
      expect(error).toMatchObject({ code: 'E_USAGE', hint: expect.stringContaining(hint) as string });
    }
  });

  const names = Object.keys(CEILINGS) as LimitName[];
  const someLimits = fc.record(
    Object.fromEntries(names.map((name) => [name, fc.integer({ min: 1, max: Math.min(CEILINGS[name].hard, 1e9) })])),
    { requiredKeys: [] },
  );

  it('never gives more than any policy allows, and less than was asked only for a policy', () => {
    fc.assert(
      fc.property(someLimits, someLimits, someLimits, someLimits, (manifest, runtime, corp, profile) => {
        const limits = valuesOf(decideLimits({ manifest, runtime, option: {} }, { corp, profile }));
        for (const name of names) {
          const asked = runtime[name] ?? manifest[name] ?? CEILINGS[name].default;
          expect(limits[name]).toBe(Math.min(asked, corp[name] ?? Infinity, profile[name] ?? Infinity));
        }
      }),
    );
  });
});
