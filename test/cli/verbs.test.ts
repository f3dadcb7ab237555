import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { scratch, write, writeSkill } from '../runtime/folders.ts';
import { expectInert, jsonOf, MAIN, skill } from './support.ts';

const root = scratch();
const home = join(root, 'home');
const here = { cwd: root, home };

beforeAll(async () => {
  const rest = '[capabilities]\nfilesystem_read = ["./"]\nnetwork = ["*.example.org"]\nenv_read = ["LANG"]\n';
  await writeSkill(join(root, 'skills', 'good'), { id: 'custom.good', guest: 'reach', rest });
  write(root, { 'skills/broken/skill.toml': '[skill]\nid = 3\n', 'skills/note.txt': 'no skill', 'note.txt': 'a note' });
  mkdirSync(join(root, 'skills', 'empty'));
  symlinkSync(join(root, 'skills', 'good'), join(root, 'skills', 'link'));
  symlinkSync(join(root, 'gone'), join(root, 'skills', 'dangling'));
  const words = ['run', 'skills/good', 'read-file', '--path', 'note.txt'];
  await skill(words, here);
  await skill([...words, '--grant', 'filesystem_read=.'], here);
});

describe('skill list [R-LIST-1]', () => {
  it('shows every skill, the broken ones as not ready with their reasons', async () => {
    const { code, stdout, stderr } = await skill(['list', 'skills'], here);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^broken +not ready +skill\.toml:\d/m);
    expect(stdout.match(/^custom\.good +1\.2\.3 +ready +A sample$/gm)).toHaveLength(2);
    expect(stdout).not.toMatch(/dangling|empty|note/);
  });

  it('says so when there are none, and when there is no such directory', async () => {
    expect(await skill(['list', 'skills/empty'], here)).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringMatching(/no skills here/),
    });
    expect(await skill(['list', 'skills/good'], here)).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringMatching(/is a skill itself: skill info skills\/good shows it/),
    });
    expect(await skill(['list', 'skils'], here)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/no directory "skils"/),
    });
  });
});

describe('every format parses', () => {
  it.concurrent.each([
    [['list', 'skills']],
    [['tools', 'skills/good']],
    [['tools']],
    [['info', 'skills/good']],
    [['capabilities', 'skills/good']],
    [['capabilities', 'skills/good', '--why', 'env_read=LANG']],
    [['audit']],
  ])('%j', async (words) => {
    const [json, yaml, text] = await Promise.all([
      skill([...words, '--format', 'json'], here),
      skill([...words, '--format', 'yaml'], here),
      skill(words, here),
    ]);
    expect(parse(yaml.stdout)).toEqual(jsonOf(json));
    expectInert(text.stdout);
    expect(text.stdout).not.toBe('');
    expect([json.stderr, yaml.stderr]).toEqual(['', '']);
  });

  it('one that is not known is refused', async () => {
    const ended = await skill(['list', '--format', 'xml'], here);
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringMatching(/one of table, json, yaml/) });
  });
});

describe('skill capabilities --why names the layer and the rule [R-GATE-1]', () => {
  it.concurrent.each<[request: string, grants: string[], exit: number, says: RegExp]>([
    ['filesystem_read=./note.txt', [], 3, /denied by grant[^]*manifest +yes[^]*grant +no/],
    ['filesystem_read=./note.txt', ['filesystem_read=.'], 0, /allowed by grant[^]*manifest +yes[^]*grant +yes/],
    ['filesystem_read=/etc/passwd', ['filesystem_read=/'], 3, /denied by manifest[^]*manifest +no[^]*skill\.toml/],
    ['filesystem_write=./note.txt', ['filesystem_write=.'], 3, /denied by manifest/],
    ['network=https://a.example.org', ['network=a.example.org'], 0, /allowed by grant/],
    ['network=https://example.com', ['network=example.com'], 3, /denied by manifest: network GET https:/],
    ['env_read=LANG', ['env_read=LANG'], 0, /allowed/],
    ['secrets_access=token', ['secrets_access=token'], 3, /denied by manifest/],
    ['terminal_exec=git status', ['terminal_exec=git'], 3, /denied by manifest: terminal_exec git status/],
    ['nonsense', [], 2, /write CAPABILITY=WHAT/],
  ])('%s %j', async (request, grants, exit, says) => {
    const words = ['capabilities', 'skills/good', '--why', request, ...grants.flatMap((grant) => ['--grant', grant])];
    const { code, stdout, stderr } = await skill(words, here);
    expect(code).toBe(exit);
    expect(stdout + stderr).toMatch(says);
  });
});

describe('skill audit [R-LEDGER-2]', () => {
  const events = async (...filter: string[]): Promise<string[]> => {
    const shown = jsonOf(await skill(['audit', ...filter, '--format', 'json'], here));
    return (shown as unknown as { event: string }[]).map(({ event }) => event);
  };

  it('filters', async () => {
    expect(await events()).toEqual(['started', 'denied', 'failed', 'started', 'used', 'finished']);
    expect(await events('--event', 'denied')).toEqual(['denied']);
    expect(await events('--result', 'allowed')).toEqual(['used']);
    expect(await events('--skill', 'custom.good', '--limit', '2')).toEqual(['started', 'denied']);
    expect(await events('--skill', 'custom.other')).toEqual([]);
    expect(await events('--since', '2100-01-01')).toEqual([]);
    expect(await events('--until', '2000-01-01')).toEqual([]);
  });

  it('says which tool, capability and resource', async () => {
    const { stdout } = await skill(['audit'], here);
    expect(stdout).toMatch(/started +ok +custom\.good +read-file/);
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(/denied denied custom\.good filesystem_read/);
  });

  it('exports CSV and JSON lines', async () => {
    const csv = await skill(['audit', 'export'], here);
    const lines = csv.stdout.trimEnd().split('\r\n');
    expect(lines[0]).toMatch(/^time,segment,seq,event,result,/);
    expect(lines).toHaveLength(7);
    const json = await skill(['audit', 'export', '--format', 'json', '--event', 'denied'], here);
    expect(JSON.parse(json.stdout)).toMatchObject({ event: 'denied', capability: 'filesystem_read' });
  });

  it.concurrent.each<[words: string[], says: RegExp]>([
    [['audit', 'verfy'], /Did you mean verify\?/],
    [['audit', '--since', 'soon'], /no date/],
    [['audit', '--since', '2026-02-31'], /no date/],
    [['audit', '--until', 'yesterday 1'], /no date/],
    [['audit', '--limit', '0'], /no count/],
    [['audit', '--fromat', 'json'], /Did you mean --format\?/],
    [['capabilites', 'x'], /Did you mean capabilities\?/],
    [['info'], /missing required argument/],
  ])('%j is refused', async (words, says) => {
    expect(await skill(words, here)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(says) });
  });
});

describe('wherever it is started', () => {
  it.concurrent.each<[what: string, words: string[], code: number, says: RegExp]>([
    ['an empty folder', ['list'], 0, /tool\.text/],
    ['help', ['--help'], 0, /Usage: skill/],
    ['a version', ['--version'], 0, /^\d+\.\d+\.\d+\n$/],
    ['no verb', [], 2, /Usage: skill/],
  ])('%s', async (_what, words, code, says) => {
    const ended = await skill(words, { cwd: join(root, 'skills', 'empty'), home: join(root, 'fresh') });
    expect(ended.code).toBe(code);
    expect(ended.stdout + ended.stderr).toMatch(says);
  });

  it('a home that is a file: nothing runs without its record', async () => {
    const ended = await skill(['run', 'tool.text', 'slugify', '--text', 'a'], { home: join(root, 'note.txt') });
    expect(ended).toMatchObject({ code: expect.any(Number), stdout: '', stderr: expect.stringMatching(/note\.txt/) });
    expect(ended.code).not.toBe(0);
    const bare = await skill(['audit', 'verify'], { home: join(root, 'note.txt') });
    expect(bare.code).toBe(7);
  });

  it('a working directory that is gone is told as such', () => {
    const gone = join(root, 'gone');
    mkdirSync(gone);
    const line = `cd "${gone}" && rmdir "${gone}" && exec "${process.execPath}" "${MAIN}" run tool.text slugify --text x`;
    const ended = spawnSync('sh', ['-c', line], { encoding: 'utf8', env: { ...process.env, SKILLHOST_HOME: home } });
    rmSync(gone, { recursive: true, force: true });
    expect(ended.status).toBe(1);
    expect(ended.stderr).toMatch(/the working directory is gone[^]*E_NOT_FOUND/);
  });
});

describe('a command that names no verb', () => {
  it.each<[words: readonly string[], first: string]>([
    [[], 'Usage: skill [options] [command]'],
    [['recipe'], 'Usage: skill recipe [options] [command]'],
    [['--skills', 'recipe'], 'Usage: skill [options] [command]'],
  ])('%j prints what there is to name', async (words, first) => {
    const { code, stdout, stderr } = await skill(words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.split('\n')[0]).toBe(first);
  });
});
