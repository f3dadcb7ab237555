import { execFileSync } from 'node:child_process';
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readText, ROOT } from './sources.ts';

// What must not stand in any file of the repository. The patterns are put together so that this file passes too.

const tracked = git('ls-files', '-z')
  .split('\0')
  .filter((path) => path !== '' && lstatSync(join(ROOT, path), { throwIfNoEntry: false })?.isFile());
const texts = tracked
  .filter((path) => !path.startsWith('test/corpus/'))
  .map((path) => ({ path, text: readText(path) }))
  .filter(({ text }) => !text.includes('\0'));

describe('the files of the repository', () => {
  it('name no path of one machine', () => {
    const homes = ['user', 'alice', 'bob', 'you', 'me'].join('|');
    expect(find(new RegExp(`(?<![\\w.*$})-])/(?:(?:work|root)/|home/(?!(?:${homes})\\b)\\w)`))).toEqual([]);
  });

  it('name no package registry', () => {
    const known = ['npmjs', 'yarnpkg', 'npmmirror'].map((name) => `registry\\.${name}\\.`);
    expect(find(new RegExp([...known, ...configuredRegistry()].join('|'), 'i'))).toEqual([]);
  });

  it('pin packages by integrity, never by address', () => {
    expect(find(/^\s*"resolved": "http/, /(?:^|\/)package-lock\.json$/)).toEqual([]);
  });

  it('leave nothing to do', () => {
    expect(find(new RegExp(`\\b(?:${['TO', 'FIX'].join('DO|')}ME)\\b`))).toEqual([]);
  });

  it('run every test there is; one that lacks its tool says so with context.skip(reason)', () => {
    expect(find(/\b(?:describe|it|test|suite)(?:\.\w+)*\.(?:only|skip|todo)\(/, /\.test\.ts$/)).toEqual([]);
  });
});

/** Each line that matches, as `path:line: text`. */
function find(pattern: RegExp, inFiles = /(?:)/): string[] {
  return texts
    .filter(({ path }) => inFiles.test(path))
    .flatMap(({ path, text }) =>
      text
        .split('\n')
        .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 120)}`] : [])),
    );
}

/** The host of the registry this machine installs from, escaped for a pattern. */
function configuredRegistry(): string[] {
  const address = execFileSync('npm', ['config', 'get', 'registry'], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const { hostname } = new URL(address.trim());
  return hostname === 'localhost' ? [] : [hostname.replaceAll('.', '\\.')];
}

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' });
}
