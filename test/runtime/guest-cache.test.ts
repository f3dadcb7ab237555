import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ValueCache } from '../../host/index.ts';
import { NO_CACHE } from '../../src/manifest/cache-rules.ts';
import { guestCache } from '../../src/runtime/guest-cache.ts';
import { ResultCache } from '../../src/runtime/result-cache.ts';
import { temporaryFolder } from '../host/function/scope-fixture.ts';

const DAY_MS = 24 * 3_600_000;
const text = (value: Uint8Array | undefined): string | undefined =>
  value === undefined ? undefined : Buffer.from(value).toString();

/** One folder as processes have it, with a clock that only moves when it is told to. */
function setUp() {
  const folder = temporaryFolder();
  let time = Date.parse('2030-01-01T00:00:00Z');
  const now = (): number => time;
  const open = ({ skill = 'custom.a', trust = 't', maxBytes = NO_CACHE.maxBytes } = {}): ValueCache =>
    guestCache(new ResultCache(folder, now), { skill, trust, rules: { ...NO_CACHE, maxBytes } }, now);
  return { folder, open, wait: (ms: number) => void (time += ms) };
}

describe('what guests keep of what they can make again [R-CACHE-3]', () => {
  it('is found by the next process, whatever the bytes and the key', () => {
    const { open } = setUp();
    const values = [new Uint8Array(), Uint8Array.from([0, 255, 10]), Buffer.from('grüße')];
    const keys = ['k', '../../x', '__proto__'];
    for (const [i, key] of keys.entries()) open().set(key, values[i] ?? new Uint8Array(), 1_000);
    expect(keys.map((key) => Buffer.from(open().get(key) ?? 'none'))).toEqual(values.map((one) => Buffer.from(one)));
    expect(open().get('other')).toBeUndefined();
  });

  it.each<[what: string, whose: { readonly skill?: string; readonly trust?: string }]>([
    ['skill', { skill: 'custom.b' }],
    ['version, grant or place', { trust: 'other' }],
  ])('is not found by another %s', (_, whose) => {
    const { open } = setUp();
    open().set('k', Buffer.from('v'), 1_000);
    expect(open(whose).get('k')).toBeUndefined();
    expect(text(open().get('k'))).toBe('v');
  });

  it.each<[ttlMs: number, waited: number, isThere: boolean]>([
    [1_000, 999, true],
    [1_000, 1_000, false],
    [0, 0, false],
    [Number.MAX_SAFE_INTEGER, 30 * DAY_MS - 1, true],
    [Number.MAX_SAFE_INTEGER, 30 * DAY_MS, false],
    [1_000, -2_000, false],
  ])('for %d ms is there after %d: %s', (ttlMs, waited, isThere) => {
    const { open, wait } = setUp();
    const same = open();
    same.set('k', Buffer.from('v'), ttlMs);
    wait(waited);
    expect([same, open()].map((cache) => cache.get('k') !== undefined)).toEqual([isThere, isThere]);
  });

  it('takes no more room than its skill may', () => {
    const { open, folder } = setUp();
    const cache = open({ maxBytes: 4_000 });
    cache.set('huge', Buffer.alloc(5_000), 1_000);
    expect(cache.get('huge')).toBeUndefined();
    for (let i = 0; i < 64; i++) cache.set(`k${i}`, Buffer.alloc(1_000), 1_000);
    expect(cache.get('k0')).toBeUndefined();
    expect(cache.get('k63')).toHaveLength(1_000);
    expect(readdirSync(join(folder, 'custom.a')).length).toBeLessThan(25);
  });

  it('is not there when its file holds something else', () => {
    const { open, folder } = setUp();
    open().set('k', Buffer.from('v'), 1_000);
    const [name = ''] = readdirSync(join(folder, 'custom.a'));
    const written = Date.parse('2030-01-01T00:00:00Z');
    for (const kept of ['1', 'null', '{"until":1}', `{"until":${written + 9},"base64":1}`]) {
      writeFileSync(join(folder, 'custom.a', name), JSON.stringify({ written, text: kept }));
      expect(open().get('k')).toBeUndefined();
    }
  });
});
