import { describe, expect, it } from 'vitest';
import { CEILINGS, ERROR_CODES } from '../../host/index.ts';
import { listFiles, readText } from './sources.ts';

describe('the manual', () => {
  it('docs/errors.md says what host/errors.ts says (npm run docs writes it) [R-HOUSE-3]', async () => {
    const rows = Object.entries(ERROR_CODES).map(([code, { exit, http, means }]) => [`\`${code}\``, exit, http, means]);
    await expect(
      page('Errors', 'Every error carries one of these codes.', ['Code', 'Exit code', 'HTTP status', 'Meaning'], rows),
    ).toMatchFileSnapshot('../../docs/errors.md');
  });

  it('docs/limits.md says what host/limits.ts says (npm run docs writes it)', async () => {
    const rows = Object.entries(CEILINGS).map(([name, limit]) => [
      `\`${name}\``,
      limit.unit,
      limit.default.toLocaleString('en-US'),
      limit.hard.toLocaleString('en-US'),
      limit.means,
    ]);
    await expect(
      page(
        'Limits',
        'A manifest or `--limit` may set each of these, from 1 up to its ceiling; above it is refused.',
        ['Limit', 'Unit', 'Default', 'Ceiling', 'Bounds'],
        rows,
      ),
    ).toMatchFileSnapshot('../../docs/limits.md');
  });

  it('lists no error code that nothing raises', () => {
    // The rows of the table are keys; a code that is raised stands in quotes.
    const sources = ['host', 'src'].flatMap((folder) => listFiles(folder, '.ts'));
    const text = sources.map(readText).join('\n');
    expect(Object.keys(ERROR_CODES).filter((code) => !new RegExp(`['"\`]${code}['"\`]`).test(text))).toEqual([]);
  });
});

function page(title: string, lead: string, head: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `<!-- Written by \`npm run docs\`; do not edit. -->\n\n# ${title}\n\n${lead}\n\n${table.join('\n')}\n`;
}
