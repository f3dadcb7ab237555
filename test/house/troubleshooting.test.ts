import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../host/errors.ts';
import { ROOT } from './sources.ts';

describe('docs/troubleshooting.md [R-DOCS-5]', () => {
  const page = readFileSync(join(ROOT, 'docs/troubleshooting.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `(E_\w+)`\s*\| (.*?) \| (.*?) \|$/gm)].map(([, code, what, mends]) => ({
    code,
    what: what?.trim() ?? '',
    mends: mends?.trim() ?? '',
  }));

  it('has every error code, once', () => {
    const codes = rows.map(({ code }) => code ?? '');
    expect(codes).toHaveLength(new Set(codes).size);
    expect(new Set(codes)).toEqual(new Set(Object.keys(ERROR_CODES)));
  });

  it.each(rows)('says what $code is, and what mends it', ({ code, what, mends }) => {
    expect(what.length).toBeGreaterThan(10);
    if (code !== 'E_ABORTED') expect(mends.length).toBeGreaterThan(15);
  });
});
