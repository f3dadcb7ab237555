import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { toolList } from '../../src/index.ts';
import { assemble, GUESTS } from '../runtime/guests.ts';
import { scratch, writeSkill } from '../runtime/folders.ts';
import { openOver, writeSkills } from './skills.ts';

const root = scratch();
beforeAll(() => writeSkills(root));

describe('the list [R-AGENT-2] [R-AGENT-6]', () => {
  it('has every tool of every ready skill under a safe name, bundled ones included', async () => {
    const runtime = openOver(root);
    const list = await toolList(runtime);
    const listed = (await runtime.tools()).filter(({ skill }) => skill !== 'custom.twin');
    expect(list.tools.map(({ name }) => list.target(name))).toEqual(
      listed.map(({ skill, name }) => ({ skill, tool: name })),
    );
    const names = list.tools.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-zA-Z][a-zA-Z0-9_-]{0,63}$/.test(name))).toEqual([]);
    expect(names).toContain('tool_text_slugify');
  });

  it('names what is left out, with the reason', async () => {
    const { leftOut } = await toolList(openOver(root));
    expect(leftOut.map(({ skill }) => skill)).toEqual(['broken', 'custom.twin', 'custom.twin', 'nonsense']);
    expect(leftOut.map(({ why }) => why)).toEqual([
      expect.stringMatching(/^it is not ready: skill\.toml:1:2: .*api_version/),
      `${join(root, 'skills', 'twin-b')} has the same id`,
      `${join(root, 'skills', 'twin-a')} has the same id`,
      expect.stringMatching(/^it is not ready: skill\.toml:1:3: .*not TOML/),
    ]);
  });

  it('tells every model something readable about each tool', async () => {
    const { tools } = await toolList(openOver(root));
    for (const { description, parameters } of tools) {
      expect(description).toMatch(/^[^\u0000-\u0008\u200b-\u200f\u202a-\u202e]{3,}$/);
      expect(parameters['type']).toBe('object');
      expect(Object.getPrototypeOf(parameters['properties'] ?? {})).toBe(Object.prototype);
    }
    const derived = tools.find(({ name }) => name === 'custom_odd_add');
    expect(derived?.description).toBe('add, a tool of Sample: A sample');
  });

  it.each<[selection: string, skills: readonly string[]]>([
    ['none', []],
    ['custom.raw', ['custom.raw']],
    ['custom.raw,tool.text', ['custom.raw', 'tool.text']],
  ])('%s', async (skills, expected) => {
    const list = await toolList(openOver(root), { skills });
    expect([...new Set(list.tools.map(({ name }) => list.target(name)?.skill))]).toEqual(expected);
  });

  it('!a leaves out that one alone', async () => {
    const all = await toolList(openOver(root));
    const rest = await toolList(openOver(root), { skills: '!tool.text' });
    const isText = (name: string): boolean => name.startsWith('tool_text_');
    expect(rest.tools).toEqual(all.tools.filter(({ name }) => !isText(name)));
  });

  it.each<[selection: string, code: string, hint: RegExp]>([
    ['tool.txt', 'E_NOT_FOUND', /did you mean tool\.text/],
    ['!tool.txt', 'E_NOT_FOUND', /did you mean tool\.text/],
    ['entirely.unlike-anything', 'E_NOT_FOUND', /skill list/],
    ['a,!b', 'E_USAGE', /never both/],
  ])('%s is refused: it cannot be meant', async (skills, code, hint) => {
    await expect(toolList(openOver(root), { skills })).rejects.toMatchObject({
      code,
      hint: expect.stringMatching(hint) as string,
    });
  });

  it('a tool whose parameters hide something is missing, and its neighbours are not', async () => {
    const tools = `[[tools]]\nname = "one"\ndescription = "d"\ntype = "wasm"\n[tools.parameters]\ntype = "object"\nproperties = { "a\\u200b" = { type = "string" } }\n`;
    await writeSkill(join(root, 'more', 'hides'), {
      id: 'custom.hides',
      guest: 'raw',
      rest: tools.replace('"one"', '"echo"'),
    });
    const { tools: listed, leftOut } = await toolList(openOver(root, { skills: [join(root, 'more')] }));
    expect(leftOut).toMatchObject([
      { skill: 'custom.hides', why: expect.stringContaining('cannot be seen') as string },
    ]);
    expect(listed.some(({ name }) => name === 'tool_text_count')).toBe(true);
    expect(listed.some(({ name }) => name.startsWith('custom_hides'))).toBe(false);
  });
});

describe('calls [R-AGENT-3]', () => {
  const GREETING = { env: { GREETING: 'hello' }, grant: { env_read: ['GREETING'] } };

  it.each<[name: string, input: unknown, text: string]>([
    ['tool_text_slugify', { text: 'Hello, world' }, 'hello-world'],
    ['custom_raw_echo', { input: 'grün' }, 'grün'],
    ['custom_args_run', { args: ['a', 'b c'] }, 'args\0a\0b c\0'],
    ['custom_reach_env-get', { name: 'GREETING' }, 'hello'],
  ])('%s %j', async (name, input, text) => {
    const list = await toolList(openOver(root, GREETING));
    expect(await list.call(name, input)).toMatchObject({ ok: true, text });
  });

  it('each odd name means the export it was made of', async () => {
    const list = await toolList(openOver(root), { skills: 'custom.odd' });
    const values = await Promise.all(list.tools.map(async ({ name }) => (await list.call(name, {})).text));
    expect(values.toSorted()).toEqual(['0', '1', '2', '3', '4']);
  });

  it.each<[what: string, name: string, input: unknown, code: string, text: RegExp]>([
    ['a name that is not in the list', 'tool_text_slugifi', {}, 'E_NOT_FOUND', /did you mean tool_text_slugify\?/],
    ['a name of an object', '__proto__', {}, 'E_NOT_FOUND', /there is no tool "__proto__"/],
    ['skill.tool, which is no name here', 'tool.text.slugify', {}, 'E_NOT_FOUND', /there is no tool/],
    ['a name that hides', 'tool\u202e', {}, 'E_NOT_FOUND', /"tool\\u\{202e\}"/],
    ['a missing argument', 'tool_text_slugify', {}, 'E_INPUT', /"text" is missing/],
    ['an unknown argument', 'tool_text_slugify', { text: 'a', x: 1 }, 'E_INPUT', /x/],
    ['no object', 'tool_text_slugify', 'text', 'E_INPUT', /must be object/],
    ['raw input that is a number', 'custom_raw_echo', { input: 1 }, 'E_INPUT', /must be string/],
    ['raw input that is none', 'custom_raw_echo', undefined, 'E_INPUT', /it is not there/],
    ['words that are no words', 'custom_args_run', { args: [1] }, 'E_INPUT', /must be string/],
    ['words that are one', 'custom_args_run', { args: '-l' }, 'E_INPUT', /must be array/],
    ['an argument commands do not have', 'custom_args_run', { argv: [] }, 'E_INPUT', /argv/],
    ['a failure of the guest', 'custom_raw_fail', { input: 'no luck' }, 'E_GUEST', /no luck/],
    ['a trap', 'custom_core_trap', {}, 'E_TRAP', /^E_TRAP: /],
    ['what was not granted', 'custom_reach_read-file', { path: 'open/a.txt' }, 'E_DENIED', /--grant filesystem_read/],
    [
      'what was not declared',
      'custom_reach_secret-get',
      { name: 'token' },
      'E_DENIED',
      /calling again changes nothing/,
    ],
  ])('%s', async (_what, name, input, code, text) => {
    const list = await toolList(openOver(root, GREETING));
    const answer = await list.call(name, input);
    expect(answer).toMatchObject({ ok: false, error: { code } });
    expect(answer.text).toMatch(text);
    expect(answer.text.startsWith(`${code}: `)).toBe(true);
  });

  it('a denial is the same the second time, and grants nothing to the next tool', async () => {
    const list = await toolList(openOver(root));
    const read = { path: 'open/a.txt' };
    const first = await list.call('custom_reach_read-file', read);
    expect(await list.call('custom_reach_read-file', read)).toEqual(first);
    expect(first).toMatchObject({ ok: false, error: { code: 'E_DENIED' } });
  });

  it('a signal ends the run, before and while it goes on', async () => {
    const list = await toolList(openOver(root));
    const spin = (signal: AbortSignal): Promise<unknown> => list.call('custom_core_spin', {}, { signal });
    const started = performance.now();
    expect(await spin(AbortSignal.abort())).toMatchObject({ ok: false, error: { code: 'E_ABORTED' } });
    expect(await spin(AbortSignal.timeout(300))).toMatchObject({ ok: false, error: { code: 'E_ABORTED' } });
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it('runs what was listed, also when the folder holds another module by then, or none', async () => {
    const dir = join(root, 'changing', 'skill');
    await writeSkill(dir, { id: 'custom.changing', guest: 'one' });
    const list = await toolList(openOver(root, { skills: [join(root, 'changing')] }));
    writeFileSync(join(dir, 'bin', 'guest.wasm'), await assemble(GUESTS.one.replace('i32.const 1', 'i32.const 2')));
    expect(await list.call('custom_changing_one', {})).toMatchObject({ ok: true, value: 1 });
    rmSync(dir, { recursive: true });
    expect(await list.call('custom_changing_one', {})).toMatchObject({ ok: true, value: 1 });
  });

  it('a folder in the working directory that has the id of a skill does not stand in for it', async () => {
    await writeSkill(join(root, 'custom.raw'), { id: 'custom.raw', guest: 'one' });
    const before = process.cwd();
    process.chdir(root);
    onTestFinished(() => process.chdir(before));
    const list = await toolList(openOver(root));
    expect(await list.call('custom_raw_echo', { input: 'itself' })).toMatchObject({ ok: true, value: 'itself' });
  });
});
