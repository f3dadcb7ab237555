import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CapabilityRequest, decide } from '../../host/index.ts';
import { locateHome } from '../../src/home/home.ts';
import { explainRequest, parseRequest } from '../../src/policy/explain.ts';
import type { Grant } from '../../src/policy/grant.ts';
import { anchorsOf, layersOf } from '../../src/policy/layers.ts';
import type { ReadySkill } from '../../src/skill/skill.ts';
import { stateKey } from '../../src/state/state-key.ts';
import { parseClean } from '../manifest/sample.ts';
import { manifest, scratch, write } from '../runtime/folders.ts';

const root = scratch();
const cwd = join(root, 'work');
const home = locateHome(join(root, 'home'), {});
const env = { HOME: join(root, 'me'), PATH: join(root, 'bin') };
const around = { home, cwd, env };
const ID = 'custom.a';

const bare: ReadySkill = {
  ready: true,
  id: ID,
  name: 'a',
  description: '',
  version: '0.0.0',
  aliases: [],
  path: '/skills/a',
  manifest: undefined,
  hash: 'sha256:0',
  granted: {},
  fault: () => undefined,
  recipes: [],
  module: undefined,
  tools: [],
  problems: [],
};
/** What is kept of a folder is kept by its place as well. */
const OWN = stateKey(bare, home.store);
const declaring = async (capabilities: string): Promise<ReadySkill> => ({
  ...bare,
  manifest: await parseClean(manifest(ID, `\n[capabilities]\n${capabilities}\n`)),
});

beforeAll(() => {
  write(root, { 'real/file': 'x', 'bin/git': '#!/bin/sh\n', 'bin/plain': 'no program' });
  mkdirSync(cwd);
  chmodSync(join(root, 'bin', 'git'), 0o755);
  symlinkSync(join(root, 'real'), join(cwd, 'link'));
  symlinkSync(join(root, 'nowhere'), join(cwd, 'dangling'));
});

describe('a path that is granted names', () => {
  it.each<[text: string, written: string, real?: string]>([
    ['.', 'work'],
    ['./', 'work'],
    ['./a/b', 'work/a/b'],
    ['a', 'work/a'],
    ['./a//b/./c/', 'work/a/b/c'],
    ['$PROJECT_ROOT', 'work'],
    ['$PROJECT_ROOT/a', 'work/a'],
    ['~', 'me'],
    ['~/a', 'me/a'],
    ['$CACHE', `home/cache/skills/${OWN}`],
    ['$CACHE/a', `home/cache/skills/${OWN}/a`],
    ['$STATE/', `home/state/skills/${OWN}`],
    ['a/$CACHE', 'work/a/$CACHE'],
    ['a/~', 'work/a/~'],
    ['link', 'work/link', 'real'],
    ['link/file', 'work/link/file', 'real/file'],
    ['link/new/file', 'work/link/new/file', 'real/new/file'],
    ['dangling', 'work/dangling'],
    ['dangling/file', 'work/dangling/file'],
  ])('%s', (text, written, real = written) => {
    for (const capability of ['filesystem_read', 'filesystem_write'] as const) {
      const [layer] = layersOf(bare, { [capability]: [text] }, around);
      const rules = capability === 'filesystem_read' ? layer?.filesystemRead : layer?.filesystemWrite;
      expect(rules).toEqual([
        { rule: { text, origin: '--grant' }, written: join(root, written), real: join(root, real) },
      ]);
    }
  });

  it('an absolute path as it is, and the home of the user without HOME', () => {
    const grant: Grant = { filesystem_read: ['/', '/absent/x', '~/absent-x'] };
    const [layer] = layersOf(bare, grant, { ...around, env: {} });
    expect(layer?.filesystemRead.map(({ written }) => written)).toEqual([
      '/',
      '/absent/x',
      join(homedir(), 'absent-x'),
    ]);
  });

  const installed = { ...bare, path: join(home.store, 'sha256', 'abc') };
  it.each<[what: string, skill: ReadySkill]>([
    ['another id', { ...installed, id: 'custom.b' }],
    ['a folder that has its id', bare],
    ['what else is kept there', { ...bare, id: 'skills' }],
    ['what else is kept there', { ...bare, id: 'results' }],
    ['what else is kept there', { ...bare, id: 'registries' }],
  ])('folders of its own for each skill, not those of an installed one for %s', (_, skill) => {
    const [layer] = layersOf(skill, { filesystem_write: ['$STATE', '$CACHE'] }, around);
    const allows = (path: string): boolean =>
      decide({ capability: 'filesystem_write', path }, layer === undefined ? [] : [layer]).allowed;
    const { state, cache } = anchorsOf(installed, around);
    for (const path of [
      join(state, 'x'),
      join(cache, 'x'),
      join(home.cache, 'results', 'x'),
      join(home.state, 'registries', 'x'),
    ])
      expect([path, allows(path)]).toEqual([path, false]);
    expect(allows(join(anchorsOf(skill, around).state, 'x'))).toBe(true);
  });
});

describe('the voices', () => {
  it('are the manifest and then the grant, each with its source; a bare module has the grant alone', async () => {
    const of = (skill: ReadySkill): string[] =>
      layersOf(skill, {}, around).map(({ name, source }) => `${name} ${source}`);
    expect(of(bare)).toEqual(['grant --grant']);
    expect(of(await declaring('env_read = ["LANG"]'))).toEqual(['manifest /skills/a/skill.toml', 'grant --grant']);
  });

  it('name where a grant that is kept stands', () => {
    const kept = { ...bare, granted: { env_read: ['LANG'] } };
    expect(layersOf(kept, kept.granted, around).map(({ source }) => source)).toEqual([`${home.lock}, --grant`]);
  });

  it('a grant that is malformed is refused before anything is resolved', () => {
    expect(() => layersOf(bare, { env_read: ['*'] }, around)).toThrow(expect.objectContaining({ code: 'E_USAGE' }));
  });

  it('a program is found by PATH once, where it is one', () => {
    const programs = (path: string | undefined): unknown =>
      layersOf(
        bare,
        { terminal_exec: ['git', 'plain', 'absent', '*'] },
        { ...around, env: { PATH: path } },
      )[0]?.commands.map(({ real }) => real);
    expect(programs(env.PATH)).toEqual([join(root, 'bin', 'git'), undefined, undefined, undefined]);
    expect(programs(undefined)).toEqual([undefined, undefined, undefined, undefined]);
    expect(programs('bin:.')).toEqual([undefined, undefined, undefined, undefined]);
  });
});

describe('what is told of each capability [R-GATE-1]', () => {
  it.each<[capability: keyof Grant, scope: string, asked: string, resource: string, refused: string]>([
    ['filesystem_read', './a', './a/b', 'work/a/b', './ab'],
    ['filesystem_write', '~/a', '../me/a', 'me/a', '../me'],
    ['network', 'GET a.org', 'a.org', 'GET https://a.org:443', 'POST https://a.org'],
    ['network', 'http://*.a.org:8080', 'http://x.a.org:8080/p', 'GET http://x.a.org:8080', 'http://a.org.evil'],
    ['env_read', 'LC_*', 'LC_ALL', 'LC_ALL', 'LANG'],
    ['secrets_access', 'token', 'token', 'token', 'token2'],
    ['terminal_exec', 'git', 'git  push  -f', 'git push -f', 'plain'],
  ])('%s = %s for %s', async (capability, scope, asked, resource, other) => {
    const isPath = capability.startsWith('filesystem');
    const where = { anchors: anchorsOf(bare, around), path: env.PATH };
    const request = parseRequest(`${capability}=${asked}`, where);
    const list = `${capability} = ["${scope}"]`;
    const declared = capability === 'terminal_exec' ? 'terminal_exec = { allowed = true, commands = ["git"] }' : list;
    const skill = await declaring(declared);
    const none = await declaring('');
    const grant: Grant = { [capability]: [scope] };

    const explain = (of: CapabilityRequest, by: ReadySkill, granted: Grant): ReturnType<typeof explainRequest> =>
      explainRequest(of, layersOf(by, granted, around));
    const both = explain(request, skill, grant);
    expect(both.decision).toMatchObject({
      allowed: true,
      capability,
      resource: isPath ? join(root, resource) : resource,
      layer: 'grant',
      rule: `${capability} = "${scope}"`,
    });
    expect(both.voices.map(({ allowed }) => allowed)).toEqual([true, true]);
    expect(explain(request, bare, grant).decision.allowed).toBe(true);

    const onlyGranted = explain(request, none, grant);
    expect(onlyGranted.decision).toMatchObject({
      allowed: false,
      layer: 'manifest',
      source: '/skills/a/skill.toml',
      field: `capabilities.${capability}`,
      rule: `${capability} = []`,
    });
    expect(onlyGranted.voices.map(({ allowed }) => allowed)).toEqual([false, true]);
    const onlyDeclared = explain(request, skill, {});
    expect(onlyDeclared.decision).toMatchObject({ allowed: false, layer: 'grant', rule: `${capability} = []` });

    const wrong = explain(parseRequest(`${capability}=${other}`, where), skill, grant);
    expect(wrong.voices.map(({ allowed }) => allowed)).toEqual([false, false]);
    expect(wrong.decision.rule).toBe(`${capability} = ["${scope}"]`);
  });
});

describe('a request as it is written', () => {
  const here = { anchors: { cwd: '/here', home: '/home/me', cache: '/cache', state: '/state' }, path: '' };

  it.each<[text: string, request: Partial<Record<string, unknown>>]>([
    ['filesystem_read=.', { path: '/here' }],
    ['filesystem_read=a=b', { path: '/here/a=b' }],
    ['filesystem_write=a b', { path: '/here/a b' }],
    ['env_read=A=B', { name: 'A=B' }],
    ['secrets_access= x', { name: ' x' }],
    ['network=DELETE a.org:8443', { scheme: 'https:', host: 'a.org', port: 8443, method: 'DELETE' }],
    ['network=HTTPS://A.ORG', { scheme: 'https:', host: 'a.org', port: 443 }],
    ['network=http://a.org:443', { scheme: 'http:', port: 443 }],
    ['network=https://[::1]', { host: '[::1]', port: 443 }],
    ['network=bücher.example', { host: 'xn--bcher-kva.example' }],
    ['terminal_exec=/bin/sh -c x', { name: '/bin/sh', real: '', args: ['-c', 'x'] }],
    ['terminal_exec=git', { name: 'git', args: [] }],
  ])('%s', (text, request) => {
    expect(parseRequest(text, here)).toMatchObject(request);
  });

  it.each([
    'messaging=a',
    'ENV_READ=A',
    'network=a b',
    'network=get a.org',
    'network=https://',
    'network=a.org:99999',
    '=x',
  ])('%s is refused', (text) => {
    expect(() => parseRequest(text, here)).toThrow(
      expect.objectContaining({ code: 'E_USAGE', hint: expect.stringContaining('such as --why ') }),
    );
  });

  it('a program is the one that PATH finds', () => {
    expect(parseRequest('terminal_exec=git', { ...here, path: env.PATH })).toMatchObject({
      real: join(root, 'bin', 'git'),
    });
  });
});
