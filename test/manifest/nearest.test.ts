// cspell:ignore nmae optinal descripton qqqq
import { expect, test } from 'vitest';
import { nearest } from '../../src/manifest/nearest.ts';

const KNOWN = ['id', 'os', 'name', 'version', 'network', 'optional', 'description', 'timeout_ms'];

test.each([
  ['nmae', 'name'],
  ['Name', 'name'],
  ['names', 'name'],
  ['optinal', 'optional'],
  ['descripton', 'description'],
  ['timeout', 'timeout_ms'],
  ['ID', 'id'],
  ['so', 'os'],
  ['', undefined],
  ['x', undefined],
  ['qqqq', undefined],
  ['versioning-scheme', undefined],
  ['name'.repeat(1_000), undefined],
])('%s resembles %s', (word, meant) => {
  expect(nearest(word, KNOWN)).toBe(meant);
});

test('with nothing known there is nothing near', () => {
  expect(nearest('name', [])).toBeUndefined();
});
