import { describe, expect, it } from 'vitest';
import { removable } from '../../src/install/removable.ts';
import { type LockedSkill, type Lockfile, NO_LOCKFILE, withSkills } from '../../src/lockfile/lockfile.ts';
import { refusal } from '../resolve/support.ts';

const skill = (id: string, needs: readonly string[], direct: boolean): LockedSkill => ({
  id,
  version: '1.0.0',
  requested: './x',
  source: 'file:///x',
  integrity: `sha256:${'0'.repeat(64)}`,
  installed: '2026-01-01T00:00:00.000Z',
  enabled: true,
  direct,
  signature: undefined,
  dependencies: needs.map((one) => `${one}@1.0.0`),
  features: [],
  granted: {},
});
const lock: Lockfile = withSkills(NO_LOCKFILE, [
  skill('x.app', ['x.mid', 'x.own'], true),
  skill('x.tool', ['x.shared'], true),
  skill('x.mid', ['x.shared', 'x.base'], false),
  skill('x.own', [], true),
  skill('x.shared', [], false),
  skill('x.base', [], false),
  skill('x.stray', [], false),
]);

describe('what goes when skills are removed', () => {
  it.each([
    ['x.app', ['x.app', 'x.base', 'x.mid']],
    ['x.tool', ['x.tool']],
    ['x.stray', ['x.stray']],
    ['x.tool x.app', ['x.app', 'x.base', 'x.mid', 'x.shared', 'x.tool']],
    ['x.app x.own', ['x.app', 'x.base', 'x.mid', 'x.own']],
    ['x.mid x.app', ['x.app', 'x.base', 'x.mid']],
  ])('of %s: what came only because of them goes too [R-RESOLVE-11]', (ids, gone) => {
    expect(removable(lock, ids.split(' '))).toEqual(gone);
  });

  it.each([
    ['x.own', 'x.own is not removed: needed by x.app 1.0.0'],
    ['x.mid', 'x.mid is not removed: needed by x.app 1.0.0'],
    ['x.shared', 'x.shared is not removed: needed by x.mid 1.0.0, x.tool 1.0.0'],
    ['x.app x.shared', 'x.shared is not removed: needed by x.tool 1.0.0'],
  ])('of %s is nothing: others need it [R-RESOLVE-11]', async (ids, message) => {
    const error = await refusal(() => Promise.resolve().then(() => removable(lock, ids.split(' '))));
    expect(`${error.code} ${error.message}`).toBe(`E_CONFLICT ${message}`);
    expect(error.details?.['reason']).toBe('needed');
  });

  it('is nothing that a skill needs that was there for no reason anyway [R-RESOLVE-11]', () => {
    expect(removable(withSkills(lock, [skill('x.stray', ['x.base'], false)]), ['x.app'])).toEqual(['x.app', 'x.mid']);
  });
});
