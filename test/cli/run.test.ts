import { execFileSync, spawn } from 'node:child_process';
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { guest, scratch, write, writeSkill } from '../runtime/folders.ts';
import { INPUT_BYTES } from '../../src/cli/read-bytes.ts';
import { jsonOf, MAIN, skill } from './support.ts';

const root = scratch();
const home = join(root, 'home');
const at = (name: string): string => join(root, name);

const PARAMETERS = `
[[tools]]
name = "say"
description = "Answers its arguments"
export = "echo"
[tools.parameters]
text = { type = "string" }
count = { type = "integer" }
ratio = { type = "number" }
loud = { type = "boolean" }
style = { type = "string", enum = ["plain", "bold"] }
version = { type = "string" }
[tools.parameters.tags]
type = "array"
items = { type = "string" }
[tools.parameters.sizes]
type = "array"
items = { type = "integer" }
[tools.parameters.options]
type = "object"
`;

beforeAll(async () => {
  await writeSkill(at('say'), { id: 'custom.say', guest: 'raw', head: 'aliases = ["parrot"]', rest: PARAMETERS });
  await writeSkill(join(home, 'skills', 'say'), {
    id: 'custom.say',
    guest: 'raw',
    head: 'aliases = ["parrot"]',
    rest: PARAMETERS,
  });
  for (const name of ['core', 'one', 'raw', 'args'] as const) write(root, { [`${name}.wasm`]: await guest(name) });
  write(root, { 'input.json': '{"text":"from a file"}', 'bad.json': '{"text":', 'huge.json': '' });
  truncateSync(at('huge.json'), INPUT_BYTES + 1);
  execFileSync('mkfifo', [at('pipe')]);
});

describe('what is run [R-RUN-1]', () => {
  const said = '{"text":"hi"}';
  it.concurrent.each<[what: string, words: string[], stdout: string]>([
    ['a folder', ['./say', 'say', '--text', 'hi'], said],
    ['a folder without its one tool', ['./say', '--text', 'hi'], said],
    ['an id', ['custom.say', 'say', '--text', 'hi'], said],
    ['an id and a tool in one word', ['custom.say.say', '--text', 'hi'], said],
    ['an alias', ['parrot', '--text', 'hi'], said],
    ['a bare module', ['one.wasm', 'one'], '1\n'],
    ['a bare module without its one tool', ['one.wasm'], '1\n'],
    ['an absolute path', [at('one.wasm')], '1\n'],
    ['a bundled skill', ['tool.text', 'slugify', '--text', 'Hello, world'], 'hello-world\n'],
    ['a bundled skill, tool behind the dot', ['tool.text.slugify', '--text', 'Hello, world'], 'hello-world\n'],
  ])('%s', async (_what, words, stdout) => {
    expect(await skill(['run', ...words], { cwd: root, home })).toMatchObject({ code: 0, stdout, stderr: '' });
  });
});

describe('named arguments are typed by the schema [R-RUN-1, R-RUN-3]', () => {
  it.concurrent.each<[words: string[], given: unknown]>([
    [[], {}],
    [['--text', ''], { text: '' }],
    [['--text', 'naïve 文字 🙂'], { text: 'naïve 文字 🙂' }],
    [['--text', '-5'], { text: '-5' }],
    [['--text', '--count'], { text: '--count' }],
    [['--text=--count=3'], { text: '--count=3' }],
    [['--count', '-3'], { count: -3 }],
    [['--loud'], { loud: true }],
    [['--loud', 'false', '--count', '1'], { loud: false, count: 1 }],
    [['--tags', 'a', '--tags', 'b'], { tags: ['a', 'b'] }],
    [['--sizes', '1', '--sizes', '[2,3]'], { sizes: [1, 2, 3] }],
    [['--options', '{"deep":{"er":[1]}}'], { options: { deep: { er: [1] } } }],
    [['--version', '2'], { version: '2' }],
    [['--input', '{"count":1}', '--text', 'x'], { count: 1, text: 'x' }],
    [['--input', '@input.json'], { text: 'from a file' }],
  ])('%j', async (words, given) => {
    const ended = await skill(['run', './say', ...words], { cwd: root, home });
    expect({ ...ended, said: ended.code === 0 ? jsonOf(ended) : undefined }).toMatchObject({ code: 0, said: given });
    expect(Object.keys(jsonOf(ended))).toEqual(Object.keys(given as object));
  });

  it('--input - reads standard input', async () => {
    const ended = await skill(['run', './say', '--input', '-'], { cwd: root, home, stdin: '{"count":7}' });
    expect(jsonOf(ended)).toEqual({ count: 7 });
  });
});

describe('arguments that do not fit are refused with the place and the fix [R-RUN-2, R-RUN-3]', () => {
  it.concurrent.each<[words: string[], code: number, says: RegExp]>([
    [['--txet', 'x'], 5, /no argument --txet[^]*did you mean --text\?/],
    [['--fromat', 'json'], 5, /did you mean --format\?/],
    [['--count', 'many'], 5, /--count "many" is no number/],
    [['--count', '1.5'], 5, /count: [^]*integer/],
    [['--style', 'italic'], 5, /style: .*plain/],
    [['--loud', 'yes'], 5, /"yes" belongs to no argument/],
    [['--sizes', '["x"]'], 5, /sizes\/0: /],
    [['--options', '{'], 5, /--options "\{" is no JSON/],
    [['--text'], 5, /--text has no value/],
    [['stray'], 1, /no tool "stray"[^]*say/],
    [['--input', '{'], 5, /--input is no JSON/],
    [['--input', '@bad.json'], 5, /--input is no JSON/],
    [['--input', '@missing.json'], 1, /"missing.json" cannot be read: ENOENT/],
    [['--input', '@/dev/zero'], 1, /"\/dev\/zero" cannot be read: not a regular file/],
    [['--input', '@pipe'], 1, /"pipe" cannot be read: not a regular file/],
    [['--input', '@huge.json'], 5, /"huge.json" has more than 67108864 bytes/],
    [['--input', '[1]'], 5, /do not fit/],
    [['--input', '{"__proto__":{"count":1}}'], 5, /__proto__/],
    [['--text', 'x', '--', 'word'], 5, /words after -- are for commands/],
    [['--grant', 'filesystem_raed=.'], 2, /did you mean filesystem_read\?/],
    [['--grant', 'filesystem_read'], 2, /it says nothing of what is granted/],
    [['--grant', 'filesystem_read='], 2, /it says nothing of what is granted/],
    [['--grant', 'filesystem_read=../up'], 2, /\.\. segment/],
    [['--grant', 'network=*'], 2, /lone \*/],
    [['--grant', 'env_read=*'], 2, /lone \*/],
    [['--grant', 'env_read=HOME,B-D'], 2, /"B-D" must be NAME/],
    [['--grant', 'terminal_exec=/bin/sh'], 2, /not a path/],
    [['--grant', 'state=x'], 2, /no capability "state"/],
    [['--limit', 'timeout=5'], 2, /did you mean timeout_ms\?/],
    [['--limit', 'timeout_ms'], 2, /no whole number/],
    [['--limit', 'timeout_ms=5=6'], 2, /no whole number/],
    [['--limit', 'timeout_ms=-1'], 2, /no whole number/],
    [['--limit', 'timeout_ms=1.5'], 2, /no whole number/],
    [['--limit', 'timeout_ms=0'], 2, /from 1 to 300000/],
    [['--format', 'jsno'], 2, /no format "jsno"/],
  ])('%j', async (words, code, says) => {
    const ended = await skill(['run', './say', ...words], { cwd: root, home });
    expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(says) });
    expect(ended.stderr).toMatch(/^ {2}fix: /m);
  });

  it('and so is standard input without an end', async () => {
    const stdin = Buffer.alloc(INPUT_BYTES + 1, 'y\n');
    expect(await skill(['run', './say', '--input', '-'], { cwd: root, home, stdin })).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('standard input has more than 67108864 bytes'),
    });
  });

  it('a signal ends what waits for standard input [R-RUN-4]', async () => {
    const child = spawn(process.execPath, [MAIN, 'run', './say', '--input', '-'], {
      cwd: root,
      env: { ...process.env, SKILLHOST_HOME: home },
    });
    const ended = new Promise((resolve) => child.on('close', resolve));
    setTimeout(() => child.kill('SIGTERM'), 1_500);
    expect(await ended).toBe(130);
  });
});

describe('limits above the hard ceiling are refused [R-LIMIT-2]', () => {
  it.concurrent.each([
    ['timeout_ms', 300_000],
    ['memory_mb', 512],
    ['output_kb', 16_384],
    ['host_calls', 1_000_000],
  ])('%s', async (name, hard) => {
    const over = await skill(['run', 'one.wasm', '--limit', `${name}=${hard + 1}`], { cwd: root, home });
    expect(over).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(`from 1 to ${hard}`) });
    const highest = await skill(['run', 'one.wasm', '--limit', `${name}=${hard}`], { cwd: root, home });
    expect(highest).toMatchObject({ code: 0, stdout: '1\n' });
  });
});

describe('raw input and words [R-RUN-1]', () => {
  it.each<[what: string, input: Buffer]>([
    ['text', Buffer.from('naïve\n')],
    ['every byte', Buffer.from(Array.from({ length: 256 }, (_, i) => i))],
    ['one megabyte', Buffer.from(Array.from({ length: 1_000_000 }, (_, i) => (i * 0x9e3779b1) >>> 24))],
  ])('%s through a pipe comes back byte for byte', async (_what, input) => {
    const ended = await skill(['run', 'raw.wasm', 'echo'], { cwd: root, home, stdin: input });
    expect(ended.code).toBe(0);
    expect(ended.bytes.equals(input)).toBe(true);
  });

  it.concurrent.each<[words: string[], stdout: string]>([
    [['raw.wasm', 'echo', '--input', 'plain text'], 'plain text'],
    [['raw.wasm', 'echo', '--input', '@input.json'], '{"text":"from a file"}'],
    [['raw.wasm', 'echo'], ''],
    [['args.wasm', '--', 'a', '-b', '--c=d', '', 'naïve'], 'args\0a\0-b\0--c=d\0\0naïve\0\n'],
    [['args.wasm', '--', '--', '--grant', 'x=y'], 'args\0--\0--grant\0x=y\0\n'],
  ])('%j', async (words, stdout) => {
    const ended = await skill(['run', ...words], { cwd: root, home });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout.replace(/\n$/, '')).toBe(stdout.replace(/\n$/, ''));
  });

  it('what is not text is base64 in JSON, and says so', async () => {
    const input = Buffer.from([0xff, 0, 1]);
    const ended = await skill(['run', 'raw.wasm', 'echo', '--format', 'json'], { cwd: root, home, stdin: input });
    expect(jsonOf(ended)).toMatchObject({ ok: true, result: { base64: input.toString('base64') } });
  });

  it('standard input reaches a command', async () => {
    const ended = await skill(['run', 'tool.word-count'], { cwd: root, home, stdin: 'one two\nthree\n' });
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/2\s+3\s+14/) });
  });

  it.concurrent.each([
    [['raw.wasm', 'echo', '--', 'word'], /words after -- are for commands; echo takes raw input/],
    [['raw.wasm', 'echo', '--text', 'x'], /takes no named arguments/],
    [['args.wasm', '--text', 'x'], /takes no named arguments/],
  ])('%j is refused', async (words, says) => {
    const ended = await skill(['run', ...words], { cwd: root, home });
    expect(ended).toMatchObject({ code: 5, stdout: '', stderr: expect.stringMatching(says) });
  });
});
