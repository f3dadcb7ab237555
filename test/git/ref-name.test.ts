import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCommitId, isRefName } from '../../src/git/ref-name.ts';
import { NO_GIT } from './repository.ts';

describe('a name of a ref', () => {
  it.each([
    'v1',
    'v1.0.0',
    'feature/x',
    'skill@1.0.0',
    'a-b',
    'a.b',
    'ü',
    'refs/tags/v1',
    '@a',
    'a@',
    'lock',
    'a{b}',
    '#1',
  ])('is %j', (name) => {
    expect(isRefName(name)).toBe(true);
  });

  it.each([
    '',
    '-',
    '-x',
    '/a',
    'a/',
    'a//b',
    '.a',
    'a/.b',
    'a.',
    'a..b',
    'a.lock',
    'a.lock/b',
    'a b',
    'a\tb',
    'a~1',
    'a^',
    'a:b',
    'a?',
    'a*',
    'a[b]',
    String.raw`a\b`,
    '@',
    'a@{1}',
    'a&b',
    'x'.repeat(251),
  ])('is not %j', (name) => {
    expect(isRefName(name)).toBe(false);
  });

  it.skipIf(NO_GIT)('is never what git refuses to have [only with git]', () => {
    const character = fc.oneof(
      fc.constantFrom(...'.-/@{}~^:?*[]\\&#ab '.split('')),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    );
    const name = fc.string({ unit: character, minLength: 1, maxLength: 6 }).filter(isRefName);
    fc.assert(
      fc.property(name, (text) => {
        // Control characters are refused before, with those a reader cannot see.
        fc.pre(!/\p{C}/u.test(text));
        expect(spawnSync('git', ['check-ref-format', `refs/heads/${text}`]).status).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ['0'.repeat(40), true],
    ['abcdef0123'.repeat(4), true],
    ['0'.repeat(64), true],
    ['0'.repeat(39), false],
    ['0'.repeat(41), false],
    ['A'.repeat(40), false],
    [`${'0'.repeat(40)}\n`, false],
    ['g'.repeat(40), false],
  ])('%j as the id of a commit: %s [R-GIT-2]', (text, isId) => {
    expect(isCommitId(text)).toBe(isId);
  });
});
