// cspell:ignore letrec
import * as fc from 'fast-check';
import { stringify } from 'smol-toml';
import { expect, test } from 'vitest';
import { CEILINGS } from '../../host/index.ts';
import type { Problem } from '../../src/manifest/manifest.ts';
import { parseManifest } from '../../src/manifest/parse-manifest.ts';
import { parseText } from './sample.ts';

const KEYS = fc.constantFrom(
  'id',
  'name',
  'version',
  'type',
  'network',
  'commands',
  'module',
  'x',
  'toString',
  '__proto__',
);

const VALUES = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(KEYS, tie('value')), { maxLength: 4 }).map((entries) => toTable(entries)),
  ),
})).value;

/** As the parser makes tables: nothing inherited, any name an own key. */
function toTable(entries: readonly (readonly [string, unknown])[]): object {
  const table = Object.create(null) as Record<string, unknown>;
  for (const [key, value] of entries) table[key] = value;
  return table;
}

const SAMPLE = {
  skill: { id: 'custom.a', name: 'A', description: 'B', version: '1.0.0', api_version: '1.0', keywords: ['k'] },
  provides: { knowledge: true, fmt: '1.0.0' },
  knowledge: { topics: ['a'], synonyms: { a: ['b'] }, priority: 1 },
  recipes: { files: ['recipes/*.yaml'], default_confirmation: 'auto' },
  executable: { module: 'bin/a.wasm', kind: 'wasi', config: { a: 'b' } },
  tools: [
    { name: 'a', description: 'b', parameters: { p: { type: 'string', required: true } }, returns: { type: 'null' } },
  ],
  capabilities: { network: ['a.org'], terminal_exec: { allowed: true, commands: ['git'], args: { git: ['log **'] } } },
  limits: { timeout_ms: 5, fuel: 1 },
  resilience: { retry_config: { max_attempts: 1 } },
  cache: { result_cache_ttl: 1 },
  state: { ttl: 1 },
  dependencies: { 'a.b': '>=1,<2', c: { version: '1', optional: true } },
  suggestions: { d: '*' },
  features: { f: { description: 'x', default: true } },
  platform: { os: ['linux'], required_tools: ['sh'] },
};

function expectInside(text: string, problems: readonly Problem[]): void {
  const lines = text.split('\n');
  for (const { line, column } of problems) {
    if (line === undefined || column === undefined) continue;
    expect(line).toBeGreaterThan(0);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThan(0);
    expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
  }
}

async function expectAnswer(bytes: Uint8Array): Promise<void> {
  const { manifest, problems } = await parseManifest(bytes, { file: 'skill.toml' });
  const refused = problems.some(({ severity }) => severity === 'error');
  expect(manifest === undefined).toBe(refused);
  for (const { file, code, fix } of problems)
    expect([file, /^M_[A-Z_]+$/.test(code), fix !== '']).toEqual(['skill.toml', true, true]);
  expectInside(new TextDecoder().decode(bytes), problems);
}

test('any bytes get an answer', async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), expectAnswer), { numRuns: 1_000 });
});

test('any text of the pieces of TOML gets an answer', async () => {
  const pieces = [
    '[',
    ']',
    '[[',
    '{',
    '}',
    '=',
    '.',
    ',',
    '"',
    "'",
    '"""',
    '\n',
    '#',
    ' ',
    '\\',
    'skill',
    'tools',
    'id',
    '1',
    '-',
    'inf',
    'é',
  ];
  const text = fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(text, (source) => expectAnswer(new TextEncoder().encode(source))),
    { numRuns: 2_000 },
  );
});

test('a manifest with one byte changed gets an answer', async () => {
  const good = new TextEncoder().encode(stringify(SAMPLE));
  const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255));
  await fc.assert(
    fc.asyncProperty(change, ([at, byte]) => expectAnswer(good.with(at, byte))),
    { numRuns: 1_000 },
  );
});

/** Every path to a value of the sample. */
function pathsOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, child]) => pathsOf(child, [...path, key]))].filter(
    (p) => p.length > 0,
  );
}

function replaceAt(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  const copy: Record<string, unknown> = Array.isArray(value)
    ? ([...(value as unknown[])] as never)
    : { ...(value as object) };
  copy[key] = replaceAt(copy[key], rest, by);
  return copy;
}

test('whatever stands in any field, the answer has its places inside the file', async () => {
  const changes = fc.array(fc.tuple(fc.constantFrom(...pathsOf(SAMPLE)), VALUES), { minLength: 1, maxLength: 5 });
  const property = fc.asyncProperty(changes, async (list) => {
    let text: string;
    try {
      text = stringify(list.reduce<unknown>((value, [path, by]) => replaceAt(value, path, by), SAMPLE));
    } catch {
      return; // What cannot be written as TOML says nothing about reading it.
    }
    await expectAnswer(new TextEncoder().encode(text));
  });
  await fc.assert(property, { numRuns: 2_000 });
});

const isAllowedKey = (word: string): boolean => word !== 'prototype' && word !== 'constructor';
const WORD = fc.stringMatching(/^[a-z0-9]{1,8}(?:-[a-z0-9]{1,8}){0,3}$/).filter(isAllowedKey);
const LABEL = fc.stringMatching(/^[A-Za-z0-9éß日.,:"'\\{}[\]=#-]{1,40}$/).filter(isAllowedKey);
const VERSION = fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99)).map((numbers) => numbers.join('.'));

const MANIFEST = fc.record({
  id: fc
    .tuple(fc.constantFrom('core', 'cloud', 'tool', 'lang', 'platform', 'custom'), WORD)
    .map((parts) => parts.join('.')),
  name: LABEL,
  description: LABEL,
  version: VERSION,
  keywords: fc.array(LABEL, { maxLength: 3 }),
  topics: fc.array(LABEL, { maxLength: 3 }),
  synonyms: fc.dictionary(LABEL, fc.array(LABEL, { maxLength: 2 }), { maxKeys: 3 }),
  priority: fc.nat(4_294_967_295),
  reuse: fc.boolean(),
  config: fc.dictionary(LABEL, fc.string(), { maxKeys: 3 }),
  tools: fc.uniqueArray(fc.record({ name: fc.stringMatching(/^[a-z][a-z0-9_-]{0,20}$/), description: LABEL }), {
    selector: ({ name }) => name,
    maxLength: 3,
  }),
  network: fc.array(fc.domain(), { maxLength: 3 }),
  env: fc.array(fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,9}\*?$/), { maxLength: 3 }),
  timeout: fc.integer({ min: 1, max: CEILINGS.timeout_ms.hard }),
  dependencies: fc.dictionary(WORD, VERSION, { maxKeys: 3 }),
});

test('a valid manifest comes back as it was meant', async () => {
  const property = fc.asyncProperty(MANIFEST, async (meant) => {
    const network = meant.network.map((host) => host.toLowerCase());
    const text = stringify({
      skill: {
        id: meant.id,
        name: meant.name,
        description: meant.description,
        version: meant.version,
        api_version: '1.0',
        keywords: meant.keywords,
      },
      knowledge: { topics: meant.topics, synonyms: meant.synonyms, priority: meant.priority },
      executable: { module: 'bin/a.wasm', reuse: meant.reuse, config: meant.config },
      tools: meant.tools,
      capabilities: { network, env_read: meant.env },
      limits: { timeout_ms: meant.timeout },
      dependencies: meant.dependencies,
    });
    const { manifest, problems } = await parseText(text);
    expect(problems).toEqual([]);
    expect(manifest).toMatchObject({
      id: meant.id,
      name: meant.name,
      description: meant.description,
      version: meant.version,
      keywords: meant.keywords,
      knowledge: { topics: meant.topics, priority: meant.priority, synonyms: new Map(Object.entries(meant.synonyms)) },
      executable: { module: 'bin/a.wasm', reuse: meant.reuse, config: new Map(Object.entries(meant.config)) },
      tools: meant.tools,
      capabilities: {
        network: network.map((host) => ({ text: host })),
        envRead: meant.env.map((name) => ({ text: name })),
      },
      limits: { timeout_ms: meant.timeout },
      dependencies: Object.entries(meant.dependencies).map(([id, range]) => ({
        id,
        range,
        optional: false,
        features: [],
      })),
    });
  });
  await fc.assert(property, { numRuns: 500 });
});
