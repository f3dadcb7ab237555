import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRefName } from '../../src/git/ref-name.ts';
import { isGitRequest, parseGitRequest, writeGitRequest } from '../../src/git/request.ts';
import { SkillError } from '../../host/index.ts';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const LONG = '0123456789abcdef'.repeat(4);

describe('a request for a git repository', () => {
  it.each([
    ['git+https://example.org/a/b', 'git+https://example.org/a/b'],
    ['git+https://example.org/a/b.git#v1', 'git+https://example.org/a/b.git#v1'],
    ['git+https://EXAMPLE.org:443/a.git#v1', 'git+https://example.org/a.git#v1'],
    ['git+https://example.org:8443/a.git', 'git+https://example.org:8443/a.git'],
    ['git+https://example.org/a%20b/_git/c', 'git+https://example.org/a%20b/_git/c'],
    ['git+https://example.org/~me/c', 'git+https://example.org/~me/c'],
    ['https://example.org/a.git#main', 'git+https://example.org/a.git#main'],
    ['git+http://example.org/a.git', 'git+http://example.org/a.git'],
    ['git+ssh://git@example.org/a.git#main', 'git+ssh://git@example.org/a.git#main'],
    ['git+ssh://example.org:22/a.git', 'git+ssh://example.org/a.git'],
    ['git+https://[2001:DB8::1]/a.git', 'git+https://[2001:db8::1]/a.git'],
    ['git+https://0x7f.1/a.git', 'git+https://127.0.0.1/a.git'],
    ['git+ssh://017700000001/a.git', 'git+ssh://127.0.0.1/a.git'],
    [`git+https://example.org/a#${COMMIT.toUpperCase()}`, `git+https://example.org/a#${COMMIT}`],
    [`git+https://example.org/a#${LONG}&sub=x/y`, `git+https://example.org/a#${LONG}&sub=x/y`],
    ['git+https://example.org/a#sub=x', 'git+https://example.org/a#sub=x'],
    ['git+https://example.org/a#v1&sub=x&sub=y/z', 'git+https://example.org/a#v1&sub=x/y/z'],
    ['git+https://example.org/a#refs/heads/v1', 'git+https://example.org/a#refs/heads/v1'],
    ['git+https://example.org/a#skill@1.0.0', 'git+https://example.org/a#skill@1.0.0'],
    ['github:owner/repo', 'git+https://github.com/owner/repo.git'],
    ['github:owner/repo.git', 'git+https://github.com/owner/repo.git'],
    ['github:owner/repo@v1', 'git+https://github.com/owner/repo.git#v1'],
    ['github:owner/repo/a/b@feature/x', 'git+https://github.com/owner/repo.git#feature/x&sub=a/b'],
    ['github:owner/repo/a@v1#sub=b', 'git+https://github.com/owner/repo.git#v1&sub=a/b'],
    ['github:owner/repo#v2', 'git+https://github.com/owner/repo.git#v2'],
  ])('%s means %s [R-GIT-1]', (request, meant) => {
    expect(isGitRequest(request)).toBe(true);
    expect(writeGitRequest(parseGitRequest(request))).toBe(meant);
  });

  it.each([
    ['a file of this machine', 'git+file:///etc/a.git'],
    ['another helper of git', 'git+ext::sh -c id'],
    ['another helper before an address', 'git+fd::17/https://example.org/a'],
    ['the protocol without any check', 'git+git://example.org/a'],
    ['no path', 'git+https://example.org'],
    ['an empty path', 'git+https://example.org/'],
    ['a host like an option', 'git+ssh://-oProxyCommand=id/a'],
    ['a user like an option', 'git+ssh://-oProxyCommand=id@example.org/a'],
    ['a label like an option', 'git+https://example.-x/a'],
    ['a host that ends with a dot', 'git+https://example.org./a'],
    ['a host with two dots', 'git+https://example..org/a'],
    ['a host of another script', 'git+https://ехаmple.org/a'],
    ['a host with a zone', 'git+https://[fe80::1%25eth0]/a'],
    ['a host with a percent sign', 'git+https://127%2e0.0.1/a'],
    ['a number too large for a host', 'git+https://4294967296/a'],
    ['a port that is none', 'git+https://example.org:65536/a'],
    ['port 0', 'git+https://example.org:0/a'],
    ['two at signs', 'git+ssh://a@b@example.org/a'],
    ['a back slash', String.raw`git+https://example.org\@evil.org/a`],
    ['a path like an option', 'git+ssh://example.org/--upload-pack=id'],
    ['a part of a path like an option', 'git+ssh://example.org/a/-x'],
    ['a path with a dotted part', 'git+https://example.org/a/../b'],
    ['a path with a dotted part, encoded', 'git+https://example.org/a/%2e%2e/b'],
    ['a path with an encoded line end', 'git+https://example.org/a%0Ahost=evil'],
    ['a path with an encoded quote', 'git+ssh://example.org/a%27b'],
    ['a path that is not text', 'git+https://example.org/%ff'],
    ['an empty part of a path', 'git+https://example.org/a//b'],
    ['a path for a shell', 'git+ssh://example.org/$(id)'],
    ['a query', 'git+https://example.org/a?b'],
    ['a ref like an option', 'git+https://example.org/a#--upload-pack=id'],
    ['a refspec', 'git+https://example.org/a#main:refs/heads/x'],
    ['a forced ref', 'git+https://example.org/a#^main'],
    ['a pattern', 'git+https://example.org/a#v*'],
    ['a revision', 'git+https://example.org/a#main~1'],
    ['a ref of the reflog', 'git+https://example.org/a#main@{1}'],
    ['a ref with two dots', 'git+https://example.org/a#a..b'],
    ['a ref of a stranger', 'git+https://example.org/a#refs/pull/1/head'],
    ['a lock', 'git+https://example.org/a#main.lock'],
    ['a ref too long', `git+https://example.org/a#${'x'.repeat(251)}`],
    ['nothing between two parts', 'git+https://example.org/a#v1&&sub=x'],
    ['two refs', 'git+https://example.org/a#v1&v2'],
    ['an empty folder', 'git+https://example.org/a#v1&sub='],
    ['a folder outside', 'git+https://example.org/a#v1&sub=../x'],
    ['a folder from the root', 'git+https://example.org/a#v1&sub=/x'],
    ['a folder like an option', 'git+https://example.org/a#v1&sub=-x'],
    ['a folder and its parent', 'git+https://example.org/a#v1&sub=x&sub=..'],
    ['an invisible character', 'git+https://example.org/a#v1\u202e'],
    ['a line end', 'git+https://example.org/a\n'],
    ['a zero byte', 'git+https://example.org/a\0'],
    ['too much', `git+https://example.org/${'a'.repeat(2_048)}`],
    ['no repository of GitHub', 'github:owner'],
    ['an owner like an option', 'github:-owner/repo'],
    ['dots for a repository', 'github:owner/..'],
    ['dots for a folder', 'github:owner/repo/../x'],
    ['a folder with an empty part', 'github:owner/repo/x//y'],
    ['a scope, which is no ref', 'github:owner/repo/@scope/x'],
    ['a ref twice', 'github:owner/repo@v1#v2'],
  ])('with %s is refused', (_, request) => {
    expect(isGitRequest(request)).toBe(true);
    expect(codeOf(() => parseGitRequest(request))).toBe('E_USAGE');
  });

  it.each([
    'git+https://me:hunter2@example.org/a.git',
    'git+https://hunter2@example.org/a.git',
    'https://hunter2@example.org/a.git',
    'git+http://me:hunter2@example.org/a.git',
    'git+ssh://git:hunter2@example.org/a.git',
    'git+https://me:hunter2@@example.org/a.git',
    'git+https://me:hunter2@example.org',
    'git+https://example.org/hunter2@v1',
  ])('%s is refused, and its password is not shown [R-GIT-5]', (request) => {
    let told = '';
    try {
      parseGitRequest(request);
    } catch (error) {
      const { code, message, hint, details } = error as SkillError;
      told = `${code} ${message} ${hint} ${JSON.stringify(details)}`;
    }
    expect(told).toMatch(/^E_USAGE /);
    expect(told).not.toContain('hunter2');
  });

  it.each([
    './git+https',
    'file:///a.git',
    'https://example.org/a.tgz',
    'https://example.org/a?b.git',
    'https://example.org/a.tgz#x.git',
    'http://example.org/a.git',
    'oci://example.org/a.git',
    'cloud.aws',
    '',
  ])('%j is none', (request) => {
    expect(isGitRequest(request)).toBe(false);
  });

  it('means the same when it is written down and read again [R-GIT-1]', () => {
    fc.assert(
      fc.property(REQUEST, (request) => {
        expect(parseGitRequest(writeGitRequest(request))).toEqual(request);
      }),
      { numRuns: 300 },
    );
  });

  it('of any text is taken or refused, with E_USAGE', () => {
    const start = fc.constantFrom(
      'git+https://',
      'git+ssh://',
      'github:',
      'git+https://a/b#',
      'git+https://a/b#c&sub=',
    );
    fc.assert(
      fc.property(start, fc.string({ unit: 'binary' }), (beginning, rest) => {
        try {
          const parsed = parseGitRequest(beginning + rest);
          expect(parseGitRequest(writeGitRequest(parsed))).toEqual(parsed);
        } catch (error) {
          expect(error).toHaveProperty('code', 'E_USAGE');
        }
      }),
      { numRuns: 200 },
    );
  });
});

const word = fc.stringMatching(/^[a-z0-9_][a-z0-9_.-]{0,8}[a-z0-9]$/).filter((text) => !/\.\.|\.lock$/.test(text));
const words = fc.array(word, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
const id = fc.oneof(fc.stringMatching(/^[0-9a-f]{40}$/), fc.stringMatching(/^[0-9a-f]{64}$/));

const REQUEST = fc.record({
  remote: fc
    .record({
      transport: fc.constantFrom('https' as const, 'http' as const, 'ssh' as const),
      user: fc.option(word, { nil: undefined }),
      host: fc.oneof(fc.domain(), fc.constant('127.0.0.1'), fc.constant('[2001:db8::1]')),
      port: fc.oneof(fc.constantFrom(22, 80, 443), fc.integer({ min: 1, max: 65_535 })),
      path: words.map((path) => `/${path}`),
    })
    .map((remote) => ({ ...remote, user: remote.transport === 'ssh' ? remote.user : undefined })),
  ref: fc.option(fc.oneof(words.filter(isRefName), id), { nil: undefined }),
  sub: fc.oneof(words, fc.constant('')),
});

function codeOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error instanceof SkillError ? error.code : error;
  }
}
