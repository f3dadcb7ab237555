import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { quoteForShell } from '../../host/index.ts';

it.each([
  ['git', 'git'],
  ['--grant', '--grant'],
  ['filesystem_read=./data,~/x', 'filesystem_read=./data,~/x'],
  ['HEAD~1', 'HEAD~1'],
  ['~/notes', "'~/notes'"],
  ['network=*.example.org', "'network=*.example.org'"],
  ['stash@{0}', 'stash@{0}'],
  ['{{steps.one.stdout}}', '{{steps.one.stdout}}'],
  ['{a,b}', "'{a,b}'"],
  ['a{1..3}', "'a{1..3}'"],
  ["it's", String.raw`'it'\''s'`],
  ['', "''"],
])('%j is typed as %s', (word, typed) => {
  expect(quoteForShell(word)).toBe(typed);
});

it('a shell reads back every word as it was', () => {
  const word = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', ''));
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 20 }), (words) => {
      const line = `for word in ${words.map(quoteForShell).join(' ')}; do printf '%s\\0' "$word"; done`;
      expect(execFileSync('sh', ['-c', line]).toString().split('\0').slice(0, -1)).toEqual(words);
    }),
    { numRuns: 40 },
  );
});
