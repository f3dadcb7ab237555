import * as fc from 'fast-check';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findLost } from '../../src/import/find-lost.ts';
import { writeManifest } from '../../src/import/write-manifest.ts';
import type { Manifest } from '../../src/manifest/manifest.ts';
import { FORMATS, type FormatFile, parse, parseClean, WITH } from '../manifest/format/samples.ts';
import { V2_EXAMPLES, whole } from '../manifest/format/v2-examples.ts';
import { carried, saying } from './bring.ts';

const SKILLS = join(import.meta.dirname, '..', '..', 'skills');

async function again(manifest: Manifest): Promise<Manifest> {
  return parseClean('skill.toml', writeManifest(findLost(manifest).kept));
}

/** Every field of a skill.toml, none with its default. */
const NATIVE = `
[skill]
id = "custom.every-field"
name = "Every field"
description = "Has one of each."
version = "1.2.3-rc.1+build.5"
api_version = "1.0"
authors = ["Ada Example", "B \\"quoted\\" Example"]
license = "MIT OR Apache-2.0"
repository = "https://example.org/a"
documentation = "https://example.org/b"
keywords = ["a", "b"]
aliases = ["every", "custom.other"]
category = "samples"
maturity = "beta"
scope = "workspace"
min_runtime_version = "0.1.0"
deprecated = "use another"
[provides]
knowledge = true
recipes = false
code-formatter = "1.2.0"
[knowledge]
topics = ["notes"]
priority = 60
max_context_tokens = 800
synonyms = { notes = ["jottings"], "two words" = ["x"] }
[recipes]
files = ["flows/*.yaml", "more/a.yaml"]
default_confirmation = "always"
[executable]
module = "bin/skill.wasm"
exports = ["a"]
kind = "component"
reuse = true
config = { key = "value", "a.b" = "" }
[capabilities]
filesystem_read = ["./", "~/x"]
filesystem_write = ["./out"]
network = ["GET,POST api.example.org", "programs:*"]
env_read = ["AWS_*"]
secrets_access = ["token"]
messaging = ["reviewer"]
terminal_exec = { allowed = true, commands = ["git", "sh"], blocked = ["rm"], args = { git = ["log **", "status"] } }
[limits]
timeout_ms = 2500
memory_mb = 32
[resilience]
max_attempts = 3
backoff_strategy = "linear"
retry_on = ["network", "timeout"]
failure_threshold = 4
recovery_timeout = 9
fallback_command = "echo 'a b'"
max_concurrent_skills = 2
execution_queue_size = 0
health_check = { interval = 5, command = ["true"] }
[cache]
result_cache_ttl = 60
max_cache_size_mb = 2
files = ["a.txt"]
[state]
version = 2
migrate = "say"
ttl = 100
max_size_kb = 10
[dependencies]
"core.git" = ">=0.1,<2"
plain = { version = "^1", optional = true, features = ["x_y"] }
[suggestions]
"core.text" = "*"
[features]
streaming = { description = "Streams", default = true }
quiet = {}
[platform]
os = ["linux"]
arch = ["x64"]
required_tools = ["git"]
optional_tools = ["jq"]
[[tools]]
name = "say"
description = "Says"
type = "wasm"
export = "say-it"
args = ["--", "{{n}}"]
cacheable = true
parameters = { a = { type = "string", required = true, default = "x" }, b = { type = "object", properties = {} } }
returns = { type = "array", items = { type = "integer", minimum = -5, maximum = 0.5 } }
resilience = {}
[[tools]]
name = "run"
description = "Runs"
type = "code_inline"
command = "git"
args = ["log", "--x={{a}}"]
environment = { A = "1", B = "{{a}}" }
stdin = "one\\ntwo"
exit_codes = [0, 3]
timeout = 7
resource_limits = { max_memory_mb = 8, max_cpu_percent = 20, max_file_size_mb = 3, max_processes = 4 }
sandbox = { allow_network = true, allow_file_write = false, allowed_paths = ["./"] }
[tools.parameters]
type = "object"
properties = { a = { type = ["string", "integer"], description = "${'long '.repeat(40)}" } }
required = ["a"]
[[tools]]
name = "keep"
description = "Keeps"
type = "code_session"
command = "bash"
session_config = { session_timeout = 60, max_sessions = 2, cleanup_on_exit = false, state_persistence = true, share = "x" }
[[tools]]
name = "file"
description = "A script"
type = "script"
script = "scripts/a.sh"
interpreter = "sh"
sandbox = {}
[[tools]]
name = "ask"
description = "Asks"
type = "prompt_inline"
prompt = "  Two\\n\\tlines {{}} \\"quoted\\" \\\\ \\n"
output_format = "json"
resilience = { fallback = "say", health_check = { tool = "say" } }
[[tools]]
name = "talk"
description = "Talks"
type = "conversation"
prompt_template = "{q}"
model = "m"
context_window = 100
context_files = { patterns = ["*.md"], exclude_patterns = ["x/"], max_files = 2, max_file_size_kb = 5 }
[[tools]]
name = "flow"
description = "A recipe"
type = "recipe"
recipe = "other"
parameters = {}
`;

const SAMPLES: readonly (readonly [name: string, file: FormatFile | 'skill.toml', text: string])[] = [
  ['every field of skill.toml', 'skill.toml', NATIVE],
  ...readdirSync(SKILLS)
    .filter((name) => existsSync(join(SKILLS, name, 'skill.toml')))
    .map((name) => {
      const text = readFileSync(join(SKILLS, name, 'skill.toml'), 'utf8');
      return [`the bundled ${name}`, 'skill.toml', text] as const;
    }),
  ...FORMATS.map((file) => [`the least of ${file}`, file, WITH[file]('')] as const),
  ...Object.entries(V2_EXAMPLES).map(
    ([name, fields]) => [`version 2: ${name}`, 'skill.json', JSON.stringify(whole(fields))] as const,
  ),
  [
    'a whole SKILL.md',
    'SKILL.md',
    WITH['SKILL.md'](
      'license: MIT\ncompatibility: Needs git\nallowed-tools: Read(docs/**), Write, Bash(git add:*), Bash(npm:*), WebFetch(domain:a.org)\nmetadata:\n  author: [Ada, Bob]\n  version: "1.0.0"\n  extra: x',
    ),
  ],
  [
    'a whole manifest.yaml',
    'manifest.yaml',
    WITH['manifest.yaml'](
      'author: Ada\nlicense: MIT\npermissions:\n  network: [a.org]\n  files: {read: [in], write: [out]}\n  environment: {required: [A], optional: [B_*]}\ntools:\n- name: a\n  description: b\n  parameters:\n  - {name: p, type: enum, values: [x, y], default: x}\n  - {name: "odd name", type: object, required: true}\n  - {name: properties, type: array}\n  returns: {type: object, properties: {n: {type: integer, default: -0}}, required: [n]}',
    ),
  ],
];

describe('a manifest, written as skill.toml and read again', () => {
  it.each(SAMPLES)('%s says the same [R-MIGRATE-1]', async (_, file, text) => {
    const { manifest, problems } = await parse(file, text);
    if (manifest === undefined) throw new Error(JSON.stringify(problems));
    const written = writeManifest(findLost(manifest).kept);
    const { manifest: read, problems: found } = await parse('skill.toml', written);
    expect(found.filter(({ code }) => code !== 'M_TOOL_NO_MODULE')).toEqual([]);
    expect(saying(read ?? manifest)).toEqual(saying(carried(manifest)));
    expect(writeManifest(read ?? manifest)).toBe(written);
  });

  it('whatever texts a version 2 skill holds [R-MIGRATE-1]', async () => {
    const odd = fc.string({
      unit: fc.constantFrom('a', '"', "'", '\\', '{', '}', '\n', '\t', '#', 'é', '😀', '\u0007'),
    });
    const text = fc.oneof(odd, fc.string({ unit: 'grapheme' })).map((value) => value.toWellFormed());
    const label = text.map((value) =>
      `x${value.replaceAll(/[\p{C}\p{Z}\ufe00-\ufe0f\u034f\u115f\u1160\u3164\uffa0]/gu, '')}`.slice(0, 40),
    );
    const parameter = fc.record({
      name: label,
      type: fc.constant('string'),
      required: fc.boolean(),
      description: text,
      values: fc.array(text, { minLength: 1, maxLength: 3 }),
    });
    const skill = fc.record({
      name: fc.constantFrom('a', 'a-b', '0'),
      description: label,
      version: fc.constantFrom('1.0.0', '0.0.0-a.1'),
      author: label,
      type: fc.constant('code_inline'),
      command: fc.constantFrom('git', 'wc'),
      args: fc.array(
        text.map((value) => value.replaceAll('\0', '')),
        { maxLength: 4 },
      ),
      environment: fc.dictionary(fc.constantFrom('A', 'B_C', '_'), text, { noNullPrototype: true }),
      parameters: fc.uniqueArray(parameter, { selector: ({ name }) => name, maxLength: 4 }),
      timeout: fc.integer({ min: 1, max: 60 }),
      metadata: fc.record({ tags: fc.array(label, { maxLength: 3 }) }),
      provides: fc.dictionary(fc.constantFrom('one', 'two.three'), fc.constant('1.0.0'), { noNullPrototype: true }),
      resilience: fc.record({ retry_attempts: fc.nat(5), fallback_command: fc.constantFrom('echo a', 'true') }),
    });
    await fc.assert(
      fc.asyncProperty(skill, async (fields) => {
        const { manifest } = await parse('skill.json', JSON.stringify(fields));
        fc.pre(manifest !== undefined);
        expect(saying(await again(manifest))).toEqual(saying(carried(manifest)));
      }),
      { numRuns: 200 },
    );
  });

  it('tells each field that a skill.toml has none for [R-MIGRATE-2]', async () => {
    const { manifest } = await parse(
      'SKILL.md',
      WITH['SKILL.md']('license: See LICENSE.txt\ncompatibility: git\nallowed-tools: Read\nmetadata:\n  extra: x'),
    );
    if (manifest === undefined) throw new Error('no manifest');
    const { kept, notCarried } = findLost(manifest);
    expect(notCarried.map(({ field }) => field)).toEqual([
      'license',
      'compatibility',
      'metadata.extra',
      'allowed-tools',
    ]);
    expect(kept.license).toBeUndefined();
    const all = await parseClean(
      'skill.json',
      JSON.stringify(
        whole({ ...V2_EXAMPLES['a prompt'], observability: { metrics: {} }, development: { hot_reload: true } }),
      ),
    );
    expect(findLost(all).notCarried.map(({ field }) => field)).toEqual([
      'observability',
      'development',
      'tools[0].parameters.tongue.pattern',
    ]);
  });

  it('leaves out null, which TOML cannot write, and says so [R-MIGRATE-2]', async () => {
    const manifest = await parse(
      'manifest.yaml',
      WITH['manifest.yaml'](
        'tools:\n- name: a\n  description: b\n  returns: {enum: [x, null], properties: {y: {default: [null]}}}',
      ),
    );
    if (manifest.manifest === undefined) throw new Error('no manifest');
    const { kept, notCarried } = findLost(manifest.manifest);
    expect(notCarried.map(({ field }) => field)).toEqual([
      'tools[0].returns.enum',
      'tools[0].returns.properties.y.default',
    ]);
    expect(kept.tools[0]?.returns).toEqual({ properties: { y: {} } });
  });

  it('tells of hidden characters in texts that nobody checks, and writes them visibly [R-MIGRATE-2]', async () => {
    const manifest = await parseClean(
      'skill.json',
      JSON.stringify(whole({ type: 'prompt_inline', prompt: 'Do\u200b it\n\tnow' })),
    );
    expect(findLost(manifest).notCarried.map(({ field }) => field)).toEqual(['tools[0].prompt']);
    const text = writeManifest(manifest);
    expect(text).toContain('Do\\u200b it');
    expect(text).not.toContain('\u200b');
    expect(saying(await again(manifest))).toEqual(saying(manifest));
  });
});
