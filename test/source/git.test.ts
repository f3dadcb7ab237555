import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasInvisible } from '../../host/index.ts';
import { atFolder } from '../../src/install/incoming.ts';
import { findSkills } from '../../src/install/find-skills.ts';
import { makeRoot, NO_GIT, TestRepository, type TestFile } from '../git/repository.ts';
import { SEED } from '../seed.ts';
import { type GitServer, serveGit } from '../git/serve.ts';
import { contents, failureOf, fetchFrom } from './git-fetcher.ts';

const SKILL = { path: 'SKILL.md', text: '---\nname: a\ndescription: b\n---\n' };
const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 1\n`;
const at = (folder: string, file: TestFile = SKILL): TestFile => ({ ...file, path: `${folder}/${file.path}` });

describe.skipIf(NO_GIT)('a git repository over http [only with git]', () => {
  const { root, remove } = makeRoot();
  let server: GitServer;
  /** What answers instead of git, and says so; each test sets its own. */
  let instead: Parameters<typeof serveGit>[1];

  beforeAll(async () => {
    server = await serveGit(root, (request, response) => instead?.(request, response) ?? false);
  });
  afterEach(() => {
    instead = undefined;
  });
  afterAll(async () => {
    await server.close();
    remove();
  });

  let count = 0;
  const make = (files: readonly TestFile[] = [SKILL], format: 'sha1' | 'sha256' = 'sha1') => {
    const name = `repository-${count++}.git`;
    const made = new TestRepository(join(root, name), format);
    const url = `git+http://git.test:${server.port}/${name}`;
    return { made, url, commit: made.commit('refs/heads/main', files) };
  };

  describe('gives', () => {
    it('HEAD, a tag, an annotated tag, a branch and a commit, each pinned to its commit [R-GIT-1] [R-GIT-2]', async () => {
      const { made, url, commit: first } = make();
      made.git(['tag', 'v1', first]);
      made.git(['tag', '-a', '-m', 'x', 'v1-signed', first]);
      const second = made.commit('refs/heads/feature/x', [SKILL, { path: 'b', text: 'B' }]);
      const cases = [
        ['', first, false],
        ['#HEAD', first, false],
        ['#v1', first, false],
        ['#v1-signed', first, false],
        ['#refs/tags/v1', first, false],
        ['#main', first, false],
        ['#feature/x', second, false],
        ['#refs/heads/feature/x', second, false],
        [`#${second}`, second, true],
      ] as const;
      for (const [ref, commit, wasExpected] of cases) {
        const fetched = await fetchFrom(url + ref);
        expect({ ref, resolved: fetched.resolved, wasExpected: fetched.wasExpected }).toEqual({
          ref,
          resolved: `${url}#${commit}`,
          wasExpected,
        });
        expect(fetched.files).toHaveLength(commit === second ? 2 : 1);
      }
    });

    it('what is pinned, after the branch has moved on [R-GIT-2]', async () => {
      const { made, url } = make([SKILL, { path: 'b', text: 'old' }]);
      const before = await fetchFrom(`${url}#main`);
      made.commit('refs/heads/main', [SKILL, { path: 'b', text: 'new' }]);
      const pinned = await fetchFrom(before.resolved);
      expect(contents(pinned)).toEqual(contents(before));
      expect(pinned).toMatchObject({ resolved: before.resolved, wasExpected: true });
      expect(contents(await fetchFrom(`${url}#main`))['b']).toBe('new');
    });

    it('one commit, and nothing of its history [R-GIT-7]', async () => {
      const { made, url } = make();
      made.git(['tag', 'v1']);
      const second = made.git(['commit-tree', '-m', 'y', '-p', 'main', 'main^{tree}']);
      made.git(['update-ref', 'refs/heads/main', second]);
      let brought = '';
      await fetchFrom(`${url}#main`, {
        inspect: (temporary) => {
          const folder = join(temporary, 'repository.git');
          const list = ['cat-file', '--batch-all-objects', '--batch-check=%(objecttype) %(objectname)'];
          brought = execFileSync('git', ['-C', folder, ...list], { encoding: 'utf8' });
        },
      });
      expect(brought.match(/^commit .*/gm)).toEqual([`commit ${second}`]);
    });

    it('the commit, not a branch that is named like it [R-GIT-2]', async () => {
      const { made, url, commit } = make([SKILL, { path: 'b', text: 'meant' }]);
      made.commit('refs/heads/evil', [SKILL, { path: 'b', text: 'evil' }]);
      const evil = made.git(['rev-parse', 'refs/heads/evil']);
      for (const kind of ['heads', 'tags']) made.git(['update-ref', `refs/${kind}/${commit}`, evil]);
      expect(contents(await fetchFrom(`${url}#${commit}`))['b']).toBe('meant');
      expect(contents(await fetchFrom(`${url}#refs/heads/${commit}`))['b']).toBe('evil');
    });

    it('bytes and modes as they are committed, with nothing converted', async () => {
      const binary = Buffer.from([0, 255, 13, 10, 0, 128]);
      const { url } = make([
        SKILL,
        { path: 'run.sh', text: '#!/bin/sh\r\n', mode: '100755' },
        { path: 'a b/ü', text: binary },
        { path: 'empty', text: '' },
        { path: '.gitattributes', text: '* text eol=crlf ident filter=x\n' },
        { path: 'id', text: '$Id$\n' },
      ]);
      const fetched = await fetchFrom(url);
      expect(contents(fetched)).toMatchObject({ 'run.sh*': '#!/bin/sh\r\n', empty: '', id: '$Id$\n' });
      const file = fetched.files.find(({ path }) => path === 'a b/ü');
      expect(Buffer.from(file?.bytes ?? []).equals(binary)).toBe(true);
    });

    it('any files as they are', async () => {
      const part = fc.stringMatching(/^[a-zA-Z0-9 _+=,;()'!@ü漢-]{1,12}$/);
      const one = fc.record({
        path: fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => `${parts.join('/')}.x`),
        text: fc.uint8Array({ maxLength: 3_000 }).map((bytes) => Buffer.from(bytes)),
        mode: fc.constantFrom('100644' as const, '100755' as const),
      });
      const files = [
        ...new Map(fc.sample(one, { numRuns: 200, seed: SEED }).map((file) => [file.path, file])).values(),
      ];
      const { url } = make([SKILL, ...files.map((file) => ({ ...file, path: `d/${file.path}` }))]);
      const fetched = new Map((await fetchFrom(url)).files.map((file) => [file.path, file]));
      expect(fetched.size).toBe(files.length + 1);
      for (const { path, text, mode } of files) {
        const file = fetched.get(`d/${path}`);
        expect({ path, same: text.equals(file?.bytes ?? Buffer.alloc(0)), executable: file?.executable }).toEqual({
          path,
          same: true,
          executable: mode === '100755',
        });
      }
    });

    it('several at once, each in its own folder', async () => {
      const made = ['1', '2', '3'].map((text) => make([SKILL, { path: 'n', text }]));
      const fetched = await Promise.all(made.map(({ url }) => fetchFrom(url)));
      expect(fetched.map((one) => contents(one)['n'])).toEqual(['1', '2', '3']);
    });

    it('a repository whose ids are SHA-256', async () => {
      const { url, commit } = make([SKILL], 'sha256');
      expect(commit).toHaveLength(64);
      expect((await fetchFrom(`${url}#main`)).resolved).toBe(`${url}#${commit}`);
      expect((await fetchFrom(`${url}#${commit}`)).wasExpected).toBe(true);
    });

    it('one folder, with paths relative to it [R-GIT-1]', async () => {
      const { url, commit } = make([at('skills/x'), at('skills/x', { path: 'a/b', text: 'B' }), at('skills/y')]);
      const fetched = await fetchFrom(`${url}#main&sub=skills&sub=x`);
      expect(fetched.resolved).toBe(`${url}#${commit}&sub=skills/x`);
      expect(Object.keys(contents(fetched)).toSorted()).toEqual(['SKILL.md', 'a/b']);
    });

    it('every skill of a repository with several, and nothing beside them [R-GIT-1]', async () => {
      const { url } = make([
        at('skills/x'),
        at('skills/x', { path: 'a', text: 'A' }),
        at('y'),
        { path: 'README.md', text: 'no skill' },
        { path: 'src/main.c', text: 'no skill' },
      ]);
      const { files } = await fetchFrom(url);
      expect(files.map(({ path }) => path).toSorted()).toEqual(['skills/x/SKILL.md', 'skills/x/a', 'y/SKILL.md']);
      expect(findSkills(files).map(({ folder }) => folder)).toEqual(['skills/x', 'y']);
    });

    it('each of its skills again, by the request that is kept for it [R-GIT-2]', async () => {
      const { url } = make([at('a/x'), at('a/y', { ...SKILL, text: 'Y' }), at('b')]);
      const { resolved, files } = await fetchFrom(`${url}#sub=a`);
      const requests = findSkills(files).map(({ folder }) => atFolder(resolved, folder));
      const again = await Promise.all(requests.map((request) => fetchFrom(request)));
      expect(again.map(contents)).toEqual([{ 'SKILL.md': SKILL.text }, { 'SKILL.md': 'Y' }]);
    });

    it('no file where there is no skill', async () => {
      const { url } = make([{ path: 'README.md', text: 'x' }]);
      expect((await fetchFrom(url)).files).toEqual([]);
    });

    it('a skill beside links, submodules and pointers that are not in it [R-GIT-6]', async () => {
      const { url, commit } = make([at('x')]);
      const { url: mixed } = make([
        at('x'),
        { path: 'link', text: '/etc/passwd', mode: '120000' },
        { path: 'y/sub', text: commit, mode: '160000' },
        { path: 'big', text: POINTER },
      ]);
      expect(contents(await fetchFrom(mixed))).toEqual(contents(await fetchFrom(url)));
    });

    it('what a host with an IPv6 address serves, when it is listed with its port', async () => {
      const { url, commit } = make();
      const literal = url.replace('git.test', '127.0.0.1');
      const { resolved } = await fetchFrom(literal, { privateHosts: [`127.0.0.1:${server.port}`] });
      expect(resolved).toBe(`${literal}#${commit}`);
    });
  });

  describe('is refused', () => {
    it.each([
      ['a link', 'link', [SKILL, { path: 'a', text: 'SKILL.md', mode: '120000' }]],
      ['a manifest that is a link', 'link', [{ path: 'x/SKILL.md', text: '../y', mode: '120000' }]],
      ['a submodule', 'submodule', [SKILL, { path: 'a', text: '1'.repeat(40), mode: '160000' }]],
      ['a pointer of Git LFS', 'lfs', [SKILL, { path: 'a', text: POINTER }]],
      ['too many files', 'too_many_files', [SKILL, ...Array.from({ length: 4_096 }, (_, i) => ({ path: `f/${i}` }))]],
      [
        'a submodule whose address is an option',
        'malformed',
        [SKILL, { path: '.gitmodules', text: '[submodule "a"]\n\tpath = a\n\turl = -u./x\n' }],
      ],
      [
        'a submodule whose path is an option',
        'malformed',
        [SKILL, { path: '.gitmodules', text: '[submodule "a"]\n\tpath = -x\n\turl = https://a/b\n' }],
      ],
    ] as const)('with %s in a skill [R-GIT-6]', async (_, reason, files) => {
      const { url } = make(files);
      expect(await failureOf(url)).toMatchObject({ code: 'E_PACKAGE', details: { reason } });
    });

    it.each(['.git', '.GIT', 'git~1', '.g\u200cit', '.git ', '..'])('with %j in its tree [R-GIT-3]', async (name) => {
      const { made, url } = make();
      const hook = made.git(['mktree'], `100755 blob ${made.blob('touch /tmp/owned')}\tpost-checkout\n`);
      made.commitTree('refs/heads/main', [
        `100644 blob ${made.blob(SKILL.text)}\tSKILL.md`,
        `040000 tree ${hook}\t${name}`,
      ]);
      expect(await failureOf(url)).toMatchObject({ code: 'E_PACKAGE', details: { reason: 'malformed' } });
    });

    it('with a tree that lists itself a thousand million times, before it is listed [R-GIT-7]', async () => {
      const { made, url } = make();
      let tree = made.git(['mktree'], `100644 blob ${made.blob(SKILL.text)}\tSKILL.md\n`);
      for (let depth = 0; depth < 9; depth++)
        tree = made.git(['mktree'], Array.from({ length: 10 }, (_, i) => `040000 tree ${tree}\t${i}\n`).join(''));
      made.git(['update-ref', 'refs/heads/main', made.git(['commit-tree', '-m', 'x', tree])]);
      expect(await failureOf(url)).toMatchObject({ code: 'E_PACKAGE', details: { reason: 'too_much' } });
    });

    it('when it brings more than may be fetched [R-GIT-7]', async () => {
      const { url } = make([SKILL]);
      const failure = await failureOf(url, { mostFetched: 1_000 });
      expect(failure).toMatchObject({ code: 'E_PACKAGE', details: { reason: 'too_large' } });
    });

    it('for a name that is a tag and a branch, with both names [R-GIT-8]', async () => {
      const { made, url, commit } = make([SKILL]);
      made.git(['update-ref', 'refs/heads/v1', commit]);
      const other = made.commit('refs/tags/v1', [SKILL, { path: 'b', text: 'B' }]);
      const failure = await failureOf(`${url}#v1`);
      expect(failure).toMatchObject({ code: 'E_AMBIGUOUS', hint: 'ask for refs/tags/v1 or refs/heads/v1' });
      expect((await fetchFrom(`${url}#refs/tags/v1`)).resolved).toBe(`${url}#${other}`);
      expect((await fetchFrom(`${url}#refs/heads/v1`)).resolved).toBe(`${url}#${commit}`);
    });
  });

  describe('is not found', () => {
    it.each([
      ['a ref that is misspelt', '#v1.0.O', 'no_ref', 'did you mean "v1.0.0"?'],
      ['a ref like none', '#something-else', 'no_ref', /^it has 2, such as .*"main"/],
      ['a short commit', '#0123abc', 'no_ref', 'a commit is named with all of its 40 or 64 digits'],
      ['a commit it does not have', `#${'1'.repeat(40)}`, 'no_ref', /check the commit/],
      ['a folder it does not have', '#main&sub=nothing', 'no_folder', /capital letters/],
      ['a folder that is a file', '#main&sub=SKILL.md', 'no_folder', /capital letters/],
      ['a folder in another case', '#main&sub=Folder', 'no_folder', /capital letters/],
      ['a folder with the words of git', '#main&sub=folder^{tree}', 'no_folder', /capital letters/],
    ])('with %s [R-GIT-9]', async (_, rest, reason, hint) => {
      const { made, url, commit } = make([SKILL, at('folder')]);
      made.git(['tag', 'v1.0.0', commit]);
      const failure = await failureOf(url + rest);
      expect(failure).toMatchObject({ code: 'E_NOT_FOUND', details: { reason } });
      expect(failure.hint).toMatch(hint);
    });

    it('with a tag by its own id, or one of a file', async () => {
      const { made, url, commit } = make();
      made.git(['tag', '-a', '-m', 'x', 'v1', commit]);
      made.git(['tag', 'file', `${commit}:SKILL.md`]);
      const failure = await failureOf(`${url}#${made.git(['rev-parse', 'refs/tags/v1'])}`);
      expect(failure).toMatchObject({ code: 'E_NOT_FOUND', hint: `it is a tag of the commit ${commit}` });
      expect(await failureOf(`${url}#file`)).toMatchObject({ code: 'E_NOT_FOUND', details: { reason: 'no_commit' } });
    });

    it('where there is none, or an empty one', async () => {
      const { url } = make();
      expect(await failureOf(`${url}.none`)).toMatchObject({
        code: 'E_NOT_FOUND',
        details: { reason: 'no_repository' },
      });
      const empty = new TestRepository(join(root, 'empty.git'));
      expect(empty.git(['for-each-ref'])).toBe('');
      const failure = await failureOf(`git+http://git.test:${server.port}/empty.git`);
      expect(failure).toMatchObject({ code: 'E_NOT_FOUND', details: { reason: 'no_ref' } });
    });
  });

  it('that wants a password is refused without waiting for one [R-GIT-9]', async () => {
    const { url } = make();
    instead = (_, response) => !!response.writeHead(401, { 'www-authenticate': 'Basic realm="a"' }).end();
    const failure = await failureOf(url, { env: { ...process.env, GIT_ASKPASS: 'cat', SSH_ASKPASS: 'cat' } });
    expect(failure).toMatchObject({ code: 'E_DENIED', details: { reason: 'auth_required' } });
    expect(failure.hint).toContain('git+ssh://');
  });

  it.each([301, 302, 303, 307, 308])('that sends elsewhere with %d is not followed [R-GIT-4]', async (status) => {
    const { url } = make();
    const sink = await serveGit(root);
    const location = `http://127.0.0.1:${sink.port}`;
    instead = (request, response) => !!response.writeHead(status, { location: `${location}${request.url}` }).end();
    expect(await failureOf(url)).toMatchObject({ code: 'E_NETWORK', details: { reason: 'redirect' } });
    expect(sink.asked).toEqual([]);
    await sink.close();
  });

  it('that sends elsewhere after its first answer is not followed [R-GIT-4]', async () => {
    const { url } = make();
    const sink = await serveGit(root);
    const location = `http://127.0.0.1:${sink.port}`;
    instead = ({ method, url: path }, response) =>
      method === 'POST' && !!response.writeHead(307, { location: `${location}${path}` }).end();
    expect(await failureOf(url)).toMatchObject({ code: 'E_NETWORK' });
    expect(sink.asked).toEqual([]);
    await sink.close();
  });

  it('that is served as plain files, with more of them elsewhere, is refused [R-GIT-4]', async () => {
    const { url, commit } = make();
    const sink = await serveGit(root);
    const plain: Record<string, string> = {
      'info/refs': `${commit}\trefs/heads/main\n`,
      HEAD: 'ref: refs/heads/main\n',
      'objects/info/http-alternates': `http://127.0.0.1:${sink.port}/objects\n`,
    };
    instead = (request, response) => {
      const text = Object.entries(plain).find(([path]) => request.url?.split('?')[0]?.endsWith(`.git/${path}`))?.[1];
      return !!response.writeHead(text === undefined ? 404 : 200, { 'content-type': 'text/plain' }).end(text);
    };
    expect(await failureOf(`${url}#main`)).toMatchObject({ code: 'E_UNSUPPORTED', details: { reason: 'dumb_http' } });
    expect(sink.asked).toEqual([]);
    await sink.close();
  });

  it('that never answers is not waited for [R-GIT-7]', async () => {
    const { url } = make();
    instead = () => true;
    expect(await failureOf(url, { timeoutMs: 400 })).toMatchObject({ code: 'E_TIMEOUT' });
  });

  it.each([
    ['nothing', ''],
    ['a page', '<html>'],
    ['the half of a packet', '0032want'],
    ['a packet of the largest size', 'ffff'],
    ['an error for a terminal', '002dERR \u001b]0;owned\u0007 no such thing at all\n'],
  ])('that answers with %s is refused [R-GIT-9]', async (_, text) => {
    const { url } = make();
    const head = { 'content-type': 'application/x-git-upload-pack-advertisement' };
    instead = (_request, response) => !!response.writeHead(200, head).end(text);
    const { code, message } = await failureOf(url);
    expect(code).toMatch(/^E_(?:NETWORK|NOT_FOUND|PACKAGE)$/);
    expect(hasInvisible(message)).toBe(false);
  });

  it('that speaks the first version of the protocol gives its tips, and says no to the rest', async () => {
    const { made, url, commit: first } = make();
    const second = made.commit('refs/heads/main', [SKILL, { path: 'b' }]);
    instead = ({ headers }) => {
      delete headers['git-protocol'];
      return false;
    };
    expect((await fetchFrom(`${url}#main`)).resolved).toBe(`${url}#${second}`);
    expect((await fetchFrom(`${url}#${second}`)).wasExpected).toBe(true);
    expect(await failureOf(`${url}#${first}`)).toMatchObject({ code: 'E_NOT_FOUND', details: { reason: 'no_ref' } });
  });
});
