import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TEMPLATES } from '../../src/template/templates.ts';
import { blocksOf, readPage, testPage } from './page.ts';
import { ROOT } from './support.ts';

const blocks = blocksOf('authoring.md');

describe.sequential('docs/authoring.md, from top to bottom [R-DOCS-4]', () => {
  testPage(blocks);

  it('shows the source of a template as it is', () => {
    const source = readFileSync(join(ROOT, 'templates/wasm-js/guest/index.ts'), 'utf8');
    const shown = blocks.find(({ language }) => language === 'ts');
    expect(`${shown?.lines.join('\n')}\n`).toBe(source);
  });

  it('names every template, and every field of a case', () => {
    const page = readPage('authoring.md');
    for (const name of Object.keys(TEMPLATES)) expect(page).toContain(`\`${name}\``);
    const source = readFileSync(join(ROOT, 'src/trial/read-tool-case.ts'), 'utf8');
    const fields = [...source.matchAll(/table, '(\w+)'|table\.\w+\('(\w+)'/g)].map(
      (match) => match[1] ?? match[2] ?? '',
    );
    expect(fields.length).toBeGreaterThan(15);
    for (const field of fields) expect(page).toContain(`\`${field}\``);
  });
});
