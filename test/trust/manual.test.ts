import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SIGNATURE_FILES, TRUST_REASONS } from '../../src/trust/index.ts';
import { listFiles, readText } from '../house/sources.ts';

const manual = readFileSync(new URL('../../docs/trust.md', import.meta.url), 'utf8');

describe('docs/trust.md', () => {
  it('says of each reason what the code says, in its order [R-TRUST-14]', () => {
    const rows = Object.entries(TRUST_REASONS).map(
      ([reason, { code, means }]) => `| \`${reason}\` | ${code} | ${means} |`,
    );
    expect(manual.split('\n').filter((line) => /^\| `[a-z_]+` \| E_/.test(line))).toEqual(rows);
  });

  it('names each signature file [R-TRUST-14]', () => {
    for (const file of SIGNATURE_FILES) expect(manual).toContain(`\`${file}\``);
  });
});

describe('the reasons', () => {
  it('are each shown by a test [R-TRUST-14]', () => {
    const tests = listFiles('test/trust', '.test.ts').map((path) => readText(path));
    const shown = tests.join('\n');
    expect(Object.keys(TRUST_REASONS).filter((reason) => !shown.includes(reason))).toEqual([]);
  });
});
