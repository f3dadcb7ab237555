import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findBubblewrap } from '../../host/command/bubblewrap.ts';
import { findLandlock } from '../../host/command/landlock/find-landlock.ts';
import { loadSkill } from '../../src/skill/load-skill.ts';
import type { ReadySkill } from '../../src/skill/skill.ts';
import { runToolTests, type ToolTestReport } from '../../src/trial/run-tool-tests.ts';
import { ROOT } from '../cli/support.ts';
import { temporaryFolder } from '../host/function/scope-fixture.ts';
import { PATH } from '../executor/bench.ts';
import { guest, manifest, write } from '../runtime/folders.ts';

const SANDBOXED = findBubblewrap(PATH) !== undefined || findLandlock(PATH) !== undefined;

beforeEach(() => void vi.stubEnv('PATH', PATH));
afterEach(() => vi.unstubAllEnvs());

async function load(files: Readonly<Record<string, string | Uint8Array>>, rest: string): Promise<ReadySkill> {
  const folder = temporaryFolder();
  write(folder, { 'skill.toml': manifest('custom.tried', rest), 'README.md': '# Tried\n', LICENSE: 'x', ...files });
  const skill = await loadSkill(folder);
  if (!skill.ready) throw new Error(JSON.stringify(skill.problems));
  return skill;
}

/** What came of each case: its failures as lines. */
async function outcomes(skill: ReadySkill, cases: string): Promise<readonly string[]> {
  return linesOf(await report(skill, cases));
}

function report(skill: ReadySkill, cases: string): Promise<ToolTestReport> {
  write(skill.path, { 'tests/tool_test.yaml': `test_cases:\n${cases}` });
  return runToolTests(skill, () => true);
}

function linesOf({ cases, problems }: ToolTestReport): readonly string[] {
  expect(problems).toEqual([]);
  return cases.map(
    ({ failures }) => failures.map(({ expected, actual }) => `${expected}; ${actual}`).join(' | ') || 'ok',
  );
}

const REACH = `[executable]
module = "bin/reach.wasm"
[capabilities]
filesystem_read = ["./"]
filesystem_write = ["./out"]
env_read = ["LANG"]
secrets_access = ["token"]
`;
const reach = async (): Promise<ReadySkill> => load({ 'bin/reach.wasm': await guest('reach') }, REACH);

const FETCH = `[executable]
module = "bin/http.wasm"
[capabilities]
network = ["https://api.example.org"]
`;
const fetching = (): Promise<ReadySkill> =>
  load({ 'bin/http.wasm': readFileSync(join(ROOT, 'skills/http/bin/http.wasm')) }, FETCH);

describe('a case of a tool of a module [R-TRIAL-1]', () => {
  it('finds the files, variables and secrets of its world, and no others', async () => {
    const all = await outcomes(
      await reach(),
      `
  - { name: a file, tool: read-file, input: { path: a/b.txt }, files: { a/b.txt: "hello" }, expected_result: aGVsbG8= }
  - { name: no file, tool: read-file, input: { path: a/b.txt }, expected_error: E_GUEST }
  - { name: one of the machine, tool: read-file, input: { path: /etc/hostname }, expected_error: E_DENIED }
  - { name: written, tool: write-file, input: { path: out/x, contents: aGk= }, files: { out/y: "" }, expected_files: { out/x: hi } }
  - { name: not there, tool: write-file, input: { path: y, contents: aGk= }, expected_error: E_DENIED, expected_message: filesystem_write }
  - { name: a variable, tool: env-get, input: { name: LANG }, env: { LANG: C }, expected_result: C }
  - { name: not set, tool: env-get, input: { name: LANG }, expected_error: E_GUEST }
  - { name: another, tool: env-get, input: { name: HOME }, expected_error: E_DENIED }
  - { name: a secret, tool: secret-get, input: { name: token }, secrets: { token: abc }, expected_contains: [ab] }
`,
    );
    expect(all).toEqual(Array(9).fill('ok'));
  });

  it.each([
    ['a link out of its folder', 'ln -s /etc/passwd out.txt'],
    ['a folder that is a link', 'mkdir made; ln -s /etc made/etc; ln -s made/etc/passwd out.txt'],
    ['a pipe', 'mkfifo out.txt'],
    ['a device', 'ln -s /dev/zero out.txt'],
    ['more than is read', 'head -c 2000000 /dev/zero > out.txt'],
  ])('expects no text of %s, which is as good as not there', async (_, code) => {
    if (!SANDBOXED) return;
    const rest = `[capabilities]\nterminal_exec = { allowed = true, commands = ["sh"] }\nfilesystem_read = ["./"]\nfilesystem_write = ["./"]\n[[tools]]\nname = "go"\ndescription = "x"\ntype = "code_inline"\ncommand = "sh"\nargs = ["-c", "${code}"]\n`;
    const all = await outcomes(await load({}, rest), '  - { name: a, tool: go, expected_files: { out.txt: text } }\n');
    expect(all).toEqual([expect.stringMatching(/out\.txt.*; /)]);
    expect(all[0]).not.toMatch(/root|\\u0000/);
  });

  it('is not begun where its files are in each other’s way', async () => {
    const cases = '  - { name: a, tool: read-file, input: { path: a }, files: { a: x, a/b: y } }\n';
    const [line] = await outcomes(await reach(), cases);
    expect(line).toMatch(/E_INPUT/);
  });

  it('fails when something else comes of it, and says what', async () => {
    const all = await outcomes(
      await reach(),
      `
  - { name: a, tool: env-get, input: { name: LANG }, env: { LANG: C }, expected_result: D }
  - { name: b, tool: env-get, input: { name: LANG }, env: { LANG: C }, expected_contains: [D, C] }
  - { name: c, tool: env-get, input: { name: LANG }, env: { LANG: C }, expected_error: E_DENIED }
  - { name: d, tool: env-get, input: { name: HOME }, expected_result: x }
  - { name: e, tool: env-get, input: { name: HOME }, expected_error: E_GUEST }
  - { name: f, tool: env-get, input: { name: HOME }, expected_error: E_DENIED, expected_message: weather }
  - { name: g, tool: env-get, input: {}, expected_result: x }
  - { name: h, tool: env-get, input: { name: LANG }, env: { LANG: C }, expected_files: { x: y } }
`,
    );
    expect(all[0]).toBe('the result "D"; "C"');
    expect(all[1]).toBe('the result contains "D"; "C"');
    expect(all[2]).toBe('it fails with E_DENIED; it succeeds');
    expect(all[3]).toMatch(/^it succeeds; E_DENIED: /);
    expect(all[4]).toMatch(/^it fails with E_GUEST; E_DENIED: /);
    expect(all[5]).toMatch(/^it says "weather"; it says ".*env_read/);
    expect(all[6]).toMatch(/^it succeeds; E_INPUT: /);
    expect(all[7]).toBe('x holds "y"; there is no such file');
  });

  it('has a state, a home and a folder of its own, of which nothing is left', async () => {
    vi.stubEnv('TMPDIR', temporaryFolder());
    const all = await outcomes(
      await reach(),
      `
  - { name: set, tool: state-set, input: { key: k, value: aGk= } }
  - { name: get, tool: state-get, input: { key: k }, expected_error: E_GUEST }
`,
    );
    expect(all).toEqual(['ok', 'ok']);
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('skillhost-test-'))).toEqual([]);
  });

  it('tells what its tool logged, and what it answers in bytes', async () => {
    const rest = '[executable]\nmodule = "bin/raw.wasm"\n';
    const skill = await load({ 'bin/raw.wasm': await guest('raw') }, rest);
    const { cases } = await report(
      skill,
      `
  - { name: echo, tool: echo, input: "héllo", expected_result: "héllo" }
  - { name: log, tool: log, input: psst }
`,
    );
    expect(cases.map(({ failures, logged }) => [failures, logged])).toEqual([
      [[], []],
      [[], ['info: psst']],
    ]);
  });

  it('counts the tools that any case ran', async () => {
    const { coverage } = await report(await reach(), '  - { name: a, tool: env-get, input: { name: LANG } }\n');
    expect(coverage).toEqual({
      run: 1,
      of: 8,
      never: ['secret-get', 'state-set', 'state-get', 'cache-set', 'cache-get', 'read-file', 'write-file'],
    });
  });
});

describe('servers and programs in a case [R-TRIAL-2]', () => {
  const get = '{ url: "https://api.example.org/v1" }';

  it('are made up; what the manifest does not declare is denied, and what no mock answers fails the case', async () => {
    const skill = await fetching();
    const [tool = ''] = skill.tools.map(({ name }) => name);
    const all = await outcomes(
      skill,
      `
  - name: answered
    tool: ${tool}
    input: ${get}
    mock_http: [{ request: "GET https://api.example.org/*", headers: { content-type: text/plain }, body: hello }]
    expected_contains: [hello]
  - name: not declared
    tool: ${tool}
    input: { url: "https://elsewhere.example/" }
    mock_http: [{ request: "* *", body: hello }]
    expected_error: E_DENIED
  - name: not made up
    tool: ${tool}
    input: ${get}
  - name: made up once
    tool: ${tool}
    input: ${get}
    mock_http: [{ request: "GET *", status: 404, times: 1 }, { request: "GET *", body: later }]
    expected_contains: ["404"]
`,
    );
    expect(all[0]).toBe('ok');
    expect(all[1]).toBe('ok');
    expect(all[2]).toMatch(/^an entry of mock_http or mock_commands for every call; none fits "GET https:\/\/api/);
    expect(all[3]).toMatch(/ok|404/);
  });
});

const PROGRAM = `[capabilities]
terminal_exec = { allowed = true, commands = ["sh"] }
[[tools]]
name = "say"
description = "Says"
type = "code_inline"
command = "sh"
args = ["-c", "{{code}}"]
parameters = { code = { type = "string", required = true } }
[[tools]]
name = "ask"
description = "Asks a model"
type = "conversation"
prompt_template = "Say {word}"
parameters = { word = { type = "string", required = true } }
`;

describe('a case of a tool that is a program [R-TRIAL-3]', () => {
  it.skipIf(!SANDBOXED)('runs in the sandbox of the system, in its own folder [only where there is one]', async () => {
    const all = await outcomes(
      await load({}, PROGRAM),
      `
  - { name: a, tool: say, input: { code: "echo hi" }, expected_contains: ["hi"] }
  - { name: b, tool: say, input: { code: "cat /etc/shadow" }, expected_error: E_GUEST }
  - { name: c, tool: say, input: { code: x }, mock_commands: [{ command: "sh -c *", stdout: made up }], expected_contains: [made up] }
`,
    );
    expect(all).toEqual(['ok', 'ok', 'ok']);
  });

  it.skipIf(!SANDBOXED)(
    'has no network, and nothing of this machine, whatever its skill declares [only where there is one]',
    async () => {
      const listening = createServer(() => undefined);
      await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
      const { port } = listening.address() as AddressInfo;
      const outside = temporaryFolder();
      write(outside, { 'canary.txt': 'of this machine' });
      const rest = PROGRAM.replace(
        '[capabilities]\n',
        `[capabilities]\nnetwork = ["programs:*"]\nfilesystem_read = ["${outside}", "./"]\nfilesystem_write = ["${outside}"]\n`,
      )
        .replace('["sh"]', '["bash", "sh"]')
        .replace('command = "sh"', 'command = "bash"');
      const all = await outcomes(
        await load({}, rest),
        `
  - { name: a, tool: say, input: { code: "exec 3<>/dev/tcp/127.0.0.1/${port}" }, expected_error: E_GUEST }
  - { name: b, tool: say, input: { code: "cat ${outside}/canary.txt" }, expected_error: E_GUEST }
  - { name: c, tool: say, input: { code: "echo x > ${outside}/written" }, expected_error: E_GUEST }
`,
      );
      listening.close();
      expect(all).toEqual(['ok', 'ok', 'ok']);
      expect(readdirSync(outside)).toEqual(['canary.txt']);
    },
  );

  it('does not run at all where there is none', async () => {
    vi.stubEnv('PATH', '/nowhere');
    const { breakSandboxes } = await import('../host/function/program-fixture.ts');
    breakSandboxes();
    const [one = ''] = await outcomes(
      await load({}, PROGRAM),
      '  - { name: a, tool: say, input: { code: "echo hi" } }\n',
    );
    expect(one).toMatch(/^it succeeds; E_(?:DENIED|NOT_FOUND|UNAVAILABLE): /);
  });

  it('asks a model that says what the case says', async () => {
    const all = await outcomes(
      await load({}, PROGRAM),
      '  - { name: a, tool: ask, input: { word: hi }, mock_model: hello there, expected_contains: [hello there] }\n  - { name: b, tool: ask, input: { word: hi }, expected_error: E_NOT_FOUND }\n',
    );
    expect(all).toEqual(['ok', 'ok']);
  });
});

describe('a file of cases that is wrong [R-TRIAL-4]', () => {
  it.each<[yaml: string, code: string]>([
    ['  - { name: a }', 'M_MISSING'],
    ['  - { name: a, tool: none }', 'M_UNKNOWN_NAME'],
    ['  - { name: a, tool: env-get, expected_eror: x }', 'M_UNKNOWN_KEY'],
    ['  - { name: a, tool: env-get, expected_error: E_NONE }', 'M_CHOICE'],
    ['  - { name: a, tool: env-get, files: { ../x: y } }', 'M_PATH'],
    ['  - { name: a, tool: env-get, files: { /x: y } }', 'M_PATH'],
    ['  - { name: a, tool: env-get, recording: ../../x }', 'M_PATH'],
    ['  - { name: a, tool: env-get, mock_http: [{ request: here }] }', 'R_TEST_GLOB'],
    ['  - { name: a, tool: env-get, mock_http: [{ request: "GET x", status: 99 }] }', 'M_RANGE'],
    ['  - { name: a, tool: env-get }\n  - { name: a, tool: env-get }', 'R_TEST_DUPLICATE'],
    ['', 'R_TEST_NONE'],
  ])('%s: is told with its place, and no case runs', async (yaml, code) => {
    const { cases, problems } = await report(await reach(), `${yaml}\n`);
    expect(cases).toEqual([]);
    expect(problems.map((problem) => problem.code)).toContain(code);
    expect(problems.every(({ file }) => file === 'tests/tool_test.yaml')).toBe(true);
  });
});

describe('a file of cases that cannot be read [R-TRIAL-4]', () => {
  it('is told', async () => {
    const skill = await reach();
    mkdirSync(join(skill.path, 'tests/tool_test.yaml'), { recursive: true });
    expect(await runToolTests(skill, () => true)).toMatchObject({
      isThere: true,
      cases: [],
      problems: [{ code: 'R_TEST_UNREADABLE', file: 'tests/tool_test.yaml' }],
    });
  });

  it('is none where there is none', async () => {
    expect(await runToolTests(await reach(), () => true)).toMatchObject({ isThere: false, cases: [], problems: [] });
  });
});

describe('what a stranger writes into a case reaches nothing of this machine [R-TRIAL-8]', () => {
  it('no server, by the variables that name a model', async () => {
    let asked = 0;
    const server = createServer((_request, response) => {
      asked += 1;
      response.end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const env = `{ SKILLHOST_MODEL_URL: "http://127.0.0.1:${port}/v1", SKILLHOST_MODEL: m }`;
    const all = await outcomes(
      await load({}, PROGRAM),
      `  - { name: a, tool: ask, input: { word: hi }, env: ${env}, expected_error: E_NOT_FOUND }\n`,
    );
    server.close();
    expect([all, asked]).toEqual([['ok'], 0]);
  });

  it('no file and no device, by a link in the place of a recording', async () => {
    const skill = await reach();
    const outside = temporaryFolder();
    write(outside, { 'secret.jsonl': '{"recording":1}' });
    mkdirSync(join(skill.path, 'tests'), { recursive: true });
    symlinkSync('/dev/zero', join(skill.path, 'tests/zero.jsonl'));
    symlinkSync(join(outside, 'secret.jsonl'), join(skill.path, 'tests/out.jsonl'));
    const all = await outcomes(
      skill,
      ['zero', 'out', 'none']
        .map((name) => `  - { name: ${name}, tool: env-get, recording: tests/${name}.jsonl }\n`)
        .join(''),
    );
    expect(all[0]).toMatch(/^it can be run; E_INPUT: .*leads out of the folder/);
    expect(all[1]).toMatch(/leads out of the folder/);
    expect(all[2]).toMatch(/ENOENT/);
  });
});

describe('a golden case [R-TRIAL-6]', () => {
  it('is as it was recorded, and fails where it is not any more', async () => {
    const skill = await reach();
    const recorded = (answer: string): string =>
      [
        `{"recording":1,"run":{"skill":"custom.tried","version":"1.2.3","hash":"old","tool":"env-get","input":{"json":{"name":"LANG"}},"args":[],"stdin":"","seed":1,"clock":1,"limits":{}}}`,
        `{"call":"env.get","args":["LANG"],"answer":"C"}`,
        `{"end":{"ok":true,"result":{"json":"${answer}"},"stderr":""}}`,
      ].join('\n');
    write(skill.path, { 'tests/good.jsonl': recorded('C'), 'tests/bad.jsonl': recorded('D') });
    const all = await outcomes(
      skill,
      '  - { name: a, tool: env-get, recording: tests/good.jsonl }\n  - { name: b, tool: env-get, recording: tests/bad.jsonl }\n',
    );
    expect(all[0]).toBe('ok');
    expect(all[1]).toMatch(/^the same as in tests\/bad\.jsonl; at result: recorded /);
  });
});
