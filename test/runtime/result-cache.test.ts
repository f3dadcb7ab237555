import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_CACHE } from '../../src/manifest/cache-rules.ts';
import { canonicalJson } from '../../src/runtime/canonical-json.ts';
import { cacheKey, type CacheKeyParts, ResultCache } from '../../src/runtime/result-cache.ts';
import { write } from './folders.ts';
import { type Workbench, workbench } from '../executor/bench.ts';
import { temporaryFolder } from '../host/function/scope-fixture.ts';

const EXEC =
  '[capabilities]\nterminal_exec = { allowed = true, commands = ["sh"] }\nfilesystem_read = ["./"]\nenv_read = ["GREETING"]\n';
/** A tool whose answer is another one each time it runs. */
const TOOL = (more = ''): string =>
  `[[tools]]\nname = "go"\ndescription = "Goes"\ntype = "code_inline"\ncommand = "sh"\nargs = ["-c", "cat /proc/sys/kernel/random/uuid"]\ncacheable = true\nparameters = { n = { type = "integer", default = 1 }, m = { type = "integer", default = 1 } }\n${more}`;
const GRANT = { terminal_exec: ['sh'], filesystem_read: ['./'] };
const at = (rest = EXEC + TOOL(), options = {}): Workbench => workbench({}, { rest, grant: GRANT, ...options });

async function answer({ runtime }: Workbench, input: object = {}, options = {}): Promise<string> {
  const result = await runtime.run('custom.sample', 'go', { input, ...options });
  if (!result.ok) throw result.error;
  return (result.result as { stdout: string }).stdout;
}

describe('results of a cacheable tool [R-CACHE-1]', () => {
  it('are given again for the same input, in this process and the next', async () => {
    const bench = at();
    const first = await answer(bench, { n: 1, m: 2 });
    expect(await answer(bench, { m: 2, n: 1 })).toBe(first);
    expect(await answer(bench, { m: 2 })).toBe(first);
    expect(await answer(bench.again(), { n: 1, m: 2 })).toBe(first);
    expect(bench.events.map(({ type }) => type)).toContain('cached');
    expect(bench.records.at(-1)).toMatchObject({ event: 'finished', reason: 'answered by the cache' });
    const again = await bench.runtime.run('custom.sample', 'go', { input: { m: 2 } });
    expect(again).toMatchObject({ attempts: 0, instead: { cache: true } });
  });

  it.each<[what: string, change: (bench: Workbench) => Parameters<typeof answer>]>([
    ['input', (bench) => [bench, { n: 2 }]],
    ['seed', (bench) => [bench, {}, { seed: 1 }]],
    ['grant', (bench) => [bench, {}, { grant: { env_read: ['GREETING'] } }]],
    ['standard input', (bench) => [bench, {}, { stdin: 'a' }]],
    ['folder', (bench) => [bench.again({ cwd: bench.root })]],
    ['no wish for it', (bench) => [bench, {}, { fresh: true }]],
  ])('are not given for another: %s', async (_, change) => {
    const bench = at();
    const first = await answer(bench);
    expect(await answer(bench)).toBe(first);
    expect(await answer(...change(bench))).not.toBe(first);
  });

  it('are not given once the skill, a file it names, a variable it may read or a skill it needs is another', async () => {
    const rest = `${EXEC}[cache]\nfiles = ["here.txt"]\n[dependencies]\n"custom.other" = "*"\n${TOOL()}`;
    const grant = { ...GRANT, env_read: ['GREETING'] };
    const env = { PATH: '/usr/bin:/bin', GREETING: 'hello' };
    const bench = at(rest, { grant, env });
    const other = (text: string): void =>
      write(join(bench.root, 'skills', 'other'), {
        'skill.toml': `[skill]\nid = "custom.other"\nname = "Other"\ndescription = "${text}"\nversion = "1.0.0"\napi_version = "1.0"\n`,
      });
    other('A');
    const seen = [await answer(bench)];
    const changes: (() => Workbench)[] = [
      () => (writeFileSync(join(bench.root, 'work', 'here.txt'), 'another'), bench),
      () => (other('B'), bench),
      () => bench.again({ env: { ...env, GREETING: 'good day' } }),
      () => (write(join(bench.root, 'skills', 'sample'), { 'skill.toml': `${readSkill(bench)}\n` }), bench),
    ];
    for (const change of changes) {
      const changed = change();
      const now = await answer(changed);
      expect(seen).not.toContain(now);
      expect(await answer(changed)).toBe(now);
      seen.push(now);
    }
  });

  it('are not kept where nobody can say whether a file it names is the same', async () => {
    const bench = at(`${EXEC}[cache]\nfiles = ["folder"]\n${TOOL()}`);
    write(join(bench.root, 'work'), { 'folder/a': 'a' });
    expect(await answer(bench)).not.toBe(await answer(bench));
  });

  it('are not given to whoever has another home', async () => {
    const env = { PATH: '/usr/bin:/bin', HOME: '/homes/a' };
    const bench = at(EXEC + TOOL(), { env });
    const first = await answer(bench);
    expect(await answer(bench.again({ env }))).toBe(first);
    expect(await answer(bench.again({ env: { ...env, HOME: '/homes/b' } }))).not.toBe(first);
  });

  it('are not kept of a tool that is not marked, or failed, or was refused something', async () => {
    const plain = at(EXEC + TOOL().replace('cacheable = true\n', ''));
    expect(await answer(plain)).not.toBe(await answer(plain));
    const failing = at(EXEC + TOOL().replace('random/uuid', 'random/uuid; exit 3'));
    const run = (): Promise<unknown> =>
      failing.runtime.run('custom.sample', 'go').then((result) => !result.ok && result.error.details?.['stdout']);
    expect(await run()).not.toBe(await run());
  });
});

function readSkill({ root }: Workbench): string {
  return `# changed ${root}\n[skill]\nid = "custom.sample"\nname = "Sample"\ndescription = "A sample"\nversion = "1.2.3"\napi_version = "1.0"\n${EXEC}${TOOL()}`;
}

describe('the cache of results [R-CACHE-2]', () => {
  const rules = { ...NO_CACHE, resultTtlMs: 1_000, maxBytes: 2_000 };

  it('keeps nothing for longer than it is good, whatever the clock does', () => {
    let now = 1_000_000;
    const folder = temporaryFolder();
    const cache = new ResultCache(folder, () => now);
    cache.set('s', 'k', { a: 1 }, rules);
    now += 999;
    expect(cache.get('s', 'k', rules)).toEqual({ value: { a: 1 } });
    now += 1;
    expect(cache.get('s', 'k', rules)).toBeUndefined();
    now = 500_000;
    expect(cache.get('s', 'k', rules)).toBeUndefined();
    expect(new ResultCache(folder, () => now).get('s', 'k', rules)).toBeUndefined();
  });

  it('holds no more than it may, the newest last to go', () => {
    const folder = temporaryFolder();
    const cache = new ResultCache(folder);
    for (let i = 0; i < 50; i++) cache.set('s', `key${i}`, 'x'.repeat(100), rules);
    expect(cache.get('s', 'key49', rules)).toBeDefined();
    expect(cache.get('s', 'huge', rules)).toBeUndefined();
    cache.set('s', 'huge', 'x'.repeat(3_000), rules);
    expect(new ResultCache(folder).get('s', 'huge', rules)).toBeUndefined();
    new ResultCache(folder).set('s', 'last', 1, rules);
    expect(readdirSync(join(folder, 's')).length).toBeLessThan(30);
  });

  it('gives a value that may be changed without changing it', () => {
    const cache = new ResultCache(temporaryFolder());
    cache.set('s', 'k', { list: [1] }, rules);
    const first = cache.get('s', 'k', rules)?.value as { list: number[] } | undefined;
    first?.list.push(2);
    expect(cache.get('s', 'k', rules)).toEqual({ value: { list: [1] } });
  });

  it('takes a file for none that is none', () => {
    const folder = temporaryFolder();
    new ResultCache(folder).set('s', 'k', 1, rules);
    for (const text of [
      '',
      '{',
      '[]',
      '{"written":1}',
      `{"written":${Date.now()},"text":"{"}`,
      '{"written":"a","text":"1"}',
    ]) {
      writeFileSync(join(folder, 's', 'k'), text);
      expect(new ResultCache(folder).get('s', 'k', rules)).toBeUndefined();
    }
  });

  it('knows equal values by equal names, and no others', () => {
    const parts: CacheKeyParts = {
      skill: 's',
      tool: 't',
      trust: 'x',
      input: {},
      args: [],
      stdin: new Uint8Array(),
      more: {},
    };
    const json = fc.jsonValue();
    const property = fc.property(json, json, (a, b) => {
      const isSame = JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
      expect(cacheKey({ ...parts, input: a }) === cacheKey({ ...parts, input: b })).toBe(isSame);
      expect(canonicalJson(sorted(a))).toBe(canonicalJson(a));
    });
    fc.assert(property, { numRuns: 300 });
    const others = [
      { skill: 't' },
      { tool: 's' },
      { trust: 'y' },
      { args: ['a'] },
      { stdin: Buffer.from('a') },
      { more: 1 },
    ];
    const keys = [{}, ...others].map((change) => cacheKey({ ...parts, ...change }));
    expect(new Set(keys).size).toBe(keys.length);
  });
});

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
