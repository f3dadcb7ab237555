import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { TRUST_REASONS } from '../../src/trust/index.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const FOLDERS = [
  'analyze',
  'archive',
  'download',
  'git',
  'install',
  'lockfile',
  'oci',
  'registry',
  'resolve',
  'source',
  'tree',
];

const source = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, 'src', folder))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(ROOT, 'src', folder, name), 'utf8')),
).join('\n');
const page = readFileSync(join(ROOT, 'docs', 'refusals.md'), 'utf8');
const told = new Set(
  [...page.matchAll(/^\| ((?:`\w+`(?:, )?)+) \|/gm)].flatMap(([, cell = '']) => cell.match(/\w+/g) ?? []),
);

it('every reason of a refusal is on the page of refusals [R-DOCS-2]', () => {
  const given = [...source.matchAll(/\breason: '(\w+)'/g)].map(([, reason = '']) => reason);
  expect(given.length).toBeGreaterThan(40);
  expect([...new Set(given)].filter((reason) => !told.has(reason)).toSorted()).toEqual([]);
});

it('every reason on the page of refusals is given somewhere [R-DOCS-2]', () => {
  expect([...told].filter((reason) => !source.includes(`'${reason}'`))).toEqual([]);
});

it('every reason of a signature is on the page of trust [R-DOCS-2]', () => {
  const trust = readFileSync(join(ROOT, 'docs', 'trust.md'), 'utf8');
  expect(Object.keys(TRUST_REASONS).filter((reason) => !trust.includes(`\`${reason}\``))).toEqual([]);
});
