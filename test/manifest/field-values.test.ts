import { describe, expect, test } from 'vitest';
import { CEILINGS, type LimitName } from '../../host/index.ts';
import type { Manifest } from '../../src/manifest/manifest.ts';
import { HEAD, parseClean } from './sample.ts';

type Read = (manifest: Manifest) => unknown;
/** What is written below HEAD, where it goes in the manifest, and the value it has there. */
type Row = readonly [written: string, read: Read, value: unknown];

const label = (length: number): string => 'é'.repeat(length);
const words = (length: number): string => 'a'.repeat(length);

/** `key = value` in `[skill]`, in place of the line of HEAD when there is one. */
function inSkill(key: string, value: string): string {
  const line = new RegExp(`^${key} = .*$`, 'm');
  return line.test(HEAD) ? HEAD.replace(line, `${key} = ${value}`) : `${HEAD}${key} = ${value}`;
}

const IDENTITY: readonly Row[] = [
  ...['core.a', 'cloud.a-b-c', 'tool.0', 'lang.a1', 'platform.x', `custom.${words(64)}`].map((id): Row => {
    return [inSkill('id', `"${id}"`), (m) => m.id, id];
  }),
  ...['A', label(64), '😀'.repeat(64), ' a ', 'a.b:c "d"'].map((name): Row => {
    return [inSkill('name', `'${name}'`), (m) => m.name, name];
  }),
  ...['x', label(1_024)].map((text): Row => [inSkill('description', `"${text}"`), (m) => m.description, text]),
  ...['0.0.0', '10.20.30', '1.0.0-0', '1.0.0-alpha.1', '1.0.0+b', '1.0.0-rc.1+b.5', '1.0.0--'].map((version): Row => {
    return [inSkill('version', `"${version}"`), (m) => m.version, version];
  }),
  ['', (m) => m.apiVersion, '1.0'],
  [inSkill('scope', '"user"'), (m) => m.scope, 'user'],
  [inSkill('scope', '"workspace"'), (m) => m.scope, 'workspace'],
];

const LABELS: readonly Row[] = [
  [inSkill('authors', '[]'), (m) => m.authors, []],
  [inSkill('authors', `["${label(256)}", "b"]`), (m) => m.authors, [label(256), 'b']],
  ...['MIT', 'GPL-2.0+', 'MIT OR Apache-2.0', '(MIT AND BSD-3-Clause)', 'LicenseRef-x', words(256)].map((text): Row => {
    return [inSkill('license', `"${text}"`), (m) => m.license, text];
  }),
  ...['https://a.org', 'http://a.org/b?c#d', 'git+https://a.org/b.git', 'ssh://git@a.org/b', 'git://a.org'].flatMap(
    (link): Row[] => [
      [inSkill('repository', `"${link}"`), (m) => m.repository, link],
      [inSkill('documentation', `"${link}"`), (m) => m.documentation, link],
    ],
  ),
  [inSkill('keywords', `["${label(64)}"]`), (m) => m.keywords, [label(64)]],
  [inSkill('aliases', '["a", "a.b", "a-1.b-2"]'), (m) => m.aliases, ['a', 'a.b', 'a-1.b-2']],
  [inSkill('category', `"${label(64)}"`), (m) => m.category, label(64)],
  [inSkill('maturity', `"${label(64)}"`), (m) => m.maturity, label(64)],
  [inSkill('min_runtime_version', '"0.1.0-beta"'), (m) => m.minRuntimeVersion, '0.1.0-beta'],
  [inSkill('deprecated', `"${label(1_024)}"`), (m) => m.deprecated, label(1_024)],
];

const CONTENT: readonly Row[] = [
  ...(['knowledge', 'recipes', 'executable'] as const).flatMap((part): Row[] => [
    [`[provides]\n${part} = true`, (m) => m.provides[part], true],
    [`[provides]\n${part} = false`, (m) => m.provides[part], false],
    ['[provides]', (m) => m.provides[part], undefined],
  ]),
  [
    '[provides]\na = "1.0.0"\n"b.c" = "2.0.0-x"',
    (m) => [...m.provides.virtual].flat(),
    ['a', '1.0.0', 'b.c', '2.0.0-x'],
  ],
  [`[knowledge]\ntopics = ["${label(64)}"]`, (m) => m.knowledge.topics, [label(64)]],
  [`[knowledge.synonyms]\n"a b" = ["${label(64)}", "c"]`, (m) => m.knowledge.synonyms.get('a b'), [label(64), 'c']],
  [`[knowledge.synonyms]\n${words(64)} = []`, (m) => m.knowledge.synonyms.get(words(64)), []],
  ['[knowledge]\npriority = 0', (m) => m.knowledge.priority, 0],
  ['[knowledge]\npriority = 4294967295', (m) => m.knowledge.priority, 4_294_967_295],
  ['[knowledge]\nmax_context_tokens = 0', (m) => m.knowledge.maxContextTokens, 0],
  ['[knowledge]\nmax_context_tokens = 4294967295', (m) => m.knowledge.maxContextTokens, 4_294_967_295],
  ['[recipes]\nfiles = []', (m) => m.recipes.files, []],
  ['[recipes]\nfiles = ["a.yaml", "./b/**/*.yaml"]', (m) => m.recipes.files, ['a.yaml', './b/**/*.yaml']],
  ...['auto', 'prompt', 'always'].map((how): Row => {
    return [`[recipes]\ndefault_confirmation = "${how}"`, (m) => m.recipes.defaultConfirmation, how];
  }),
];

const WITH_MODULE = '[executable]\nmodule = "a.wasm"\n';
const EXECUTABLE: readonly Row[] = [
  ...['a', 'bin/a.wasm', './a', 'a..b/c', words(1_024)].map((path): Row => {
    return [`[executable]\nmodule = "${path}"`, (m) => m.executable?.module, path];
  }),
  [
    WITH_MODULE,
    (m) => m.executable,
    { module: 'a.wasm', exports: undefined, kind: undefined, reuse: false, config: new Map() },
  ],
  [`${WITH_MODULE}exports = []`, (m) => m.executable?.exports, []],
  [`${WITH_MODULE}exports = ["${label(256)}"]`, (m) => m.executable?.exports, [label(256)]],
  ...['component', 'extism', 'wasi'].map((kind): Row => [
    `${WITH_MODULE}kind = "${kind}"`,
    (m) => m.executable?.kind,
    kind,
  ]),
  [`${WITH_MODULE}reuse = true`, (m) => m.executable?.reuse, true],
  [`${WITH_MODULE}reuse = false`, (m) => m.executable?.reuse, false],
  [
    `${WITH_MODULE}config = { "" = "", "a b" = "x\\ny" }`,
    (m) => m.executable?.config,
    new Map([
      ['', ''],
      ['a b', 'x\ny'],
    ]),
  ],
];

const RETRY = { maxAttempts: 3, backoff: 'exponential', retryOn: undefined };
const resilience =
  (key: keyof Manifest['resilience']) =>
  (m: Manifest): unknown =>
    m.resilience[key];

const KEPT: readonly Row[] = [
  ['[resilience]\nmax_attempts = 3', resilience('retry'), RETRY],
  ['[resilience]\nretry_attempts = 2', resilience('retry'), RETRY],
  ['[resilience.retry]\nmax_attempts = 3', resilience('retry'), RETRY],
  ['[resilience.retry_config]\nmax_attempts = 3', resilience('retry'), RETRY],
  [
    '[resilience]\nmax_attempts = 9\n[resilience.retry]\nmax_attempts = 3\nbackoff_strategy = "fixed"',
    resilience('retry'),
    { ...RETRY, backoff: 'fixed' },
  ],
  ...['none', 'fixed', 'linear', 'exponential'].map((backoff): Row => {
    const text = `[resilience]\nmax_attempts = 3\nbackoff_strategy = "${backoff}"`;
    return [text, resilience('retry'), { ...RETRY, backoff }];
  }),
  ['[resilience]\nbackoff_strategy = "none"', resilience('retry'), undefined],
  [
    '[resilience]\nmax_attempts = 3\nretry_on = ["timeout", "resource_limit", "network_error"]',
    resilience('retry'),
    { ...RETRY, retryOn: ['timeout', 'fuel_exhausted', 'memory_limit', 'output_limit', 'network'] },
  ],
  ['[resilience]\nfailure_threshold = 2', resilience('breaker'), { failureThreshold: 2, recoveryMs: 60_000 }],
  [
    '[resilience.circuit_breaker]\nrecovery_timeout = 7',
    resilience('breaker'),
    { failureThreshold: 5, recoveryMs: 7_000 },
  ],
  ['[resilience.health_check]\nenabled = false', resilience('healthCheck'), undefined],
  ['[resilience.health_check]\ninterval = 2', resilience('healthCheck'), { intervalMs: 2_000, check: undefined }],
  [
    '[resilience.health_check]\ntool = "ping"',
    resilience('healthCheck'),
    { intervalMs: 30_000, check: { tool: 'ping' } },
  ],
  [
    '[resilience.health_check]\ncommand = ["git", "--version"]',
    resilience('healthCheck'),
    { intervalMs: 30_000, check: { command: ['git', '--version'] } },
  ],
  ['[resilience]\nfallback = "other"', resilience('fallback'), { tool: 'other' }],
  ['[resilience]\nfallback_command = "echo \'a b\'"', resilience('fallback'), { command: ['echo', 'a b'] }],
  ['[resilience]\nmax_concurrent_skills = 4', resilience('maxConcurrent'), 4],
  ['[resilience.bulkhead]\nmax_concurrent_skills = 4', resilience('maxConcurrent'), 4],
  ['[resilience.bulkhead]\nexecution_queue_size = 0', resilience('queueSize'), 0],
  ['[cache]\nresult_cache_ttl = 9', (m) => m.cache.resultTtlMs, 9_000],
  ['[cache]\nmax_cache_size_mb = 2', (m) => m.cache.maxBytes, 2 * 1024 * 1024],
  ['[cache]\nfiles = ["a.json"]', (m) => m.cache.files, ['a.json']],
];

const STATE: readonly Row[] = [
  ['', (m) => m.state, { version: 0, migrate: undefined, ttlMs: undefined, maxBytes: 4_194_304 }],
  ['[state]', (m) => m.state, { version: 0, migrate: undefined, ttlMs: undefined, maxBytes: 4_194_304 }],
  ['[state]\nversion = 0', (m) => m.state.version, 0],
  ['[state]\nversion = 1000000', (m) => m.state.version, 1_000_000],
  // With no tools declared they are those of the module, which may have any name.
  ['[state]\nmigrate = "Any name"', (m) => m.state.migrate, 'Any name'],
  ['[state]\nttl = 1', (m) => m.state.ttlMs, 1_000],
  ['[state]\nttl = 315360000', (m) => m.state.ttlMs, 315_360_000_000],
  ['[state]\nmax_size_kb = 1', (m) => m.state.maxBytes, 1_024],
  ['[state]\nmax_size_kb = 4096', (m) => m.state.maxBytes, 4_194_304],
];

const REST: readonly Row[] = [
  ...(Object.keys(CEILINGS) as LimitName[]).flatMap((name): Row[] => [
    [`[limits]\n${name} = 1`, (m) => m.limits, { [name]: 1 }],
    [`[limits]\n${name} = ${CEILINGS[name].hard}`, (m) => m.limits, { [name]: CEILINGS[name].hard }],
  ]),
  ['[features.a]', (m) => m.features, new Map([['a', { description: '', default: false }]])],
  [`[features]\n0_x-y = { default = true }`, (m) => m.features.get('0_x-y')?.default, true],
  [
    `[features.${words(64)}]\ndescription = "${label(1_024)}"`,
    (m) => m.features.get(words(64))?.description,
    label(1_024),
  ],
  ...['linux', 'macos', 'darwin', 'windows', 'win32', 'freebsd', 'openbsd', 'android'].map((os): Row => {
    return [`[platform]\nos = ["${os}"]`, (m) => m.platform.os, [os]];
  }),
  ...['x86_64', 'x64', 'amd64', 'aarch64', 'arm64', 'arm', 'x86', 'ia32', 'riscv64', 's390x', 'ppc64', 'loong64'].map(
    (arch): Row => [`[platform]\narch = ["${arch}"]`, (m) => m.platform.arch, [arch]],
  ),
  ['[platform]\nrequired_tools = ["g++", "python3.11"]', (m) => m.platform.requiredTools, ['g++', 'python3.11']],
  [`[platform]\noptional_tools = ["${words(128)}"]`, (m) => m.platform.optionalTools, [words(128)]],
];

describe.each([
  ['identity', IDENTITY],
  ['labels', LABELS],
  ['content', CONTENT],
  ['executable', EXECUTABLE],
  ['kept sections', KEPT],
  ['state', STATE],
  ['the rest', REST],
])('%s: a good value comes back as written', (_, rows) => {
  test.each(rows)('row %#', async (written, read, value) => {
    const manifest = await parseClean(written.startsWith('[skill]') ? written : HEAD + written);
    expect(read(manifest)).toEqual(value);
  });
});
