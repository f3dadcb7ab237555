import { expect, test } from 'vitest';
import { parseClean, parseText } from './sample.ts';

/** As manifests of this field are published: multi-line inline tables, comments, both forms of parameters. */
const EXAMPLE = `# AWS for agents
[skill]
id = "cloud.aws"
name = "AWS"
description = "Amazon Web Services: commands and patterns"
version = "0.3.1-rc.1+build.5"
api_version = "1.0"
authors = ["Ada <ada@example.org>"]
license = "MIT OR (Apache-2.0 WITH LLVM-exception)"
repository = "https://example.org/aws.git"
documentation = "https://example.org/docs"
keywords = ["s3", "ec2"]
aliases = ["aws", "tool.aws"]
category = "cloud"
maturity = "stable"
scope = "workspace"
min_runtime_version = "0.1.0"
deprecated = "use cloud.aws2"

[provides]
knowledge = true
recipes = false
code-formatter = "1.2.0"

[knowledge]
topics = ["aws", "s3"]
priority = 60
max_context_tokens = 2_000
[knowledge.synonyms]
s3 = ["bucket", "object storage"]

[recipes]
files = ["recipes/**/*.yaml"]
default_confirmation = "always"

[executable]
module = "./bin/skill.wasm"
exports = ["list"]
kind = "extism"
reuse = true
config = { region = "eu-west-1" }

[[tools]]
name = "list-buckets"
description = "Lists buckets"
export = "list"
[tools.parameters.prefix]
type = "string"
required = true

[capabilities]
terminal_exec = {
  allowed = true,
  commands = ["aws", "kubectl"],   # the two we need
  blocked = ["rm"],
}
network = ["*.amazonaws.com", "GET https://internal.corp:8443"]

[limits]
timeout_ms = 10_000
memory_mb = 128

[resilience]
retry_config = { max_attempts = 3, backoff_strategy = "exponential" }

[cache]
result_cache_ttl = 300

[state]
version = 2

[dependencies]
"core.shell" = ">=1.0, <2.0"
code-formatter = "1.0"
"tool.jq" = { version = "^1", optional = true, features = ["color"] }

[suggestions]
"cloud.gcp" = "*"

[features]
s3 = { description = "Object storage", default = true }
ec2 = {}

[platform]
os = ["linux", "macos"]
arch = ["x86_64", "aarch64"]
required_tools = ["aws"]
optional_tools = ["jq"]
`;

test('every section of an example becomes what it says', async () => {
  expect(await parseClean(EXAMPLE)).toEqual({
    file: 'skill.toml',
    id: 'cloud.aws',
    name: 'AWS',
    description: 'Amazon Web Services: commands and patterns',
    version: '0.3.1-rc.1+build.5',
    apiVersion: '1.0',
    authors: ['Ada <ada@example.org>'],
    license: 'MIT OR (Apache-2.0 WITH LLVM-exception)',
    repository: 'https://example.org/aws.git',
    documentation: 'https://example.org/docs',
    keywords: ['s3', 'ec2'],
    aliases: ['aws', 'tool.aws'],
    category: 'cloud',
    maturity: 'stable',
    scope: 'workspace',
    minRuntimeVersion: '0.1.0',
    deprecated: 'use cloud.aws2',
    compatibility: undefined,
    metadata: new Map(),
    allowedTools: [],
    provides: {
      knowledge: true,
      recipes: false,
      executable: undefined,
      virtual: new Map([['code-formatter', '1.2.0']]),
    },
    knowledge: {
      topics: ['aws', 's3'],
      synonyms: new Map([['s3', ['bucket', 'object storage']]]),
      priority: 60,
      maxContextTokens: 2_000,
      alwaysOn: false,
    },
    recipes: { files: ['recipes/**/*.yaml'], defaultConfirmation: 'always' },
    executable: {
      module: './bin/skill.wasm',
      exports: ['list'],
      kind: 'extism',
      reuse: true,
      config: new Map([['region', 'eu-west-1']]),
    },
    tools: [
      {
        name: 'list-buckets',
        description: 'Lists buckets',
        parameters: {
          type: 'object',
          properties: { prefix: { type: 'string' } },
          required: ['prefix'],
          additionalProperties: false,
        },
        returns: undefined,
        patterns: new Map(),
        cacheable: false,
        resilience: undefined,
        settings: { type: 'wasm', export: 'list' },
      },
    ],
    capabilities: {
      filesystemRead: [],
      filesystemWrite: [],
      network: [
        { text: '*.amazonaws.com', origin: 'capabilities.network[0]' },
        { text: 'GET https://internal.corp:8443', origin: 'capabilities.network[1]' },
      ],
      envRead: [],
      secretsAccess: [],
      messaging: [],
      terminalExec: {
        commands: [
          { text: 'aws', origin: 'capabilities.terminal_exec.commands[0]' },
          { text: 'kubectl', origin: 'capabilities.terminal_exec.commands[1]' },
        ],
        blocked: [{ text: 'rm', origin: 'capabilities.terminal_exec.blocked[0]' }],
        args: new Map(),
      },
    },
    limits: { timeout_ms: 10_000, memory_mb: 128 },
    resilience: {
      retry: { maxAttempts: 3, backoff: 'exponential', retryOn: undefined },
      breaker: undefined,
      healthCheck: undefined,
      fallback: undefined,
      maxConcurrent: undefined,
      queueSize: undefined,
    },
    cache: { resultTtlMs: 300_000, maxBytes: 16 * 1024 * 1024, files: [] },
    state: { version: 2, migrate: undefined, ttlMs: undefined, maxBytes: 4_194_304 },
    observability: {},
    development: {},
    dependencies: [
      { id: 'core.shell', range: '>=1.0 <2.0', optional: false, features: [] },
      { id: 'code-formatter', range: '1.0', optional: false, features: [] },
      { id: 'tool.jq', range: '^1', optional: true, features: ['color'] },
    ],
    suggestions: [{ id: 'cloud.gcp', range: '*', optional: false, features: [] }],
    features: new Map([
      ['s3', { description: 'Object storage', default: true }],
      ['ec2', { description: '', default: false }],
    ]),
    platform: {
      os: ['linux', 'macos'],
      arch: ['x86_64', 'aarch64'],
      requiredTools: ['aws'],
      optionalTools: ['jq'],
    },
  });
});

test('an example is as good under strict', async () => {
  expect((await parseText(EXAMPLE, true)).problems).toEqual([]);
});

test('what is not written has its default', async () => {
  const text = '[skill]\nid = "custom.a"\nname = "A"\ndescription = "B"\nversion = "1.0.0"\napi_version = "1.0"';
  expect(await parseClean(text)).toMatchObject({
    scope: 'user',
    license: undefined,
    provides: { knowledge: undefined, recipes: undefined, executable: undefined, virtual: new Map() },
    knowledge: { topics: [], synonyms: new Map(), priority: 50, maxContextTokens: 1_000 },
    recipes: { files: ['recipes/*.yaml'], defaultConfirmation: 'prompt' },
    executable: undefined,
    tools: [],
    limits: {},
    dependencies: [],
    platform: { os: [], arch: [], requiredTools: [], optionalTools: [] },
  });
});
