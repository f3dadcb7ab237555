import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DOORS, writeReference } from './api-reference.ts';
import { ROOT } from './sources.ts';

describe('docs/api.md [R-DOCS-6]', () => {
  it('is what the types say (if meant: npm run docs, and look at the difference)', async () => {
    await expect(writeReference()).toMatchFileSnapshot('../../docs/api.md');
  }, 60_000);

  it('has every door of the package', () => {
    const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { exports: object };
    const doors = Object.keys(exports)
      .filter((name) => name !== './package.json')
      .map((name) => `skillhost${name.slice(1)}`);
    expect(DOORS.map(([name]) => name).toSorted()).toEqual(doors.toSorted());
  });
});
