import { describe, expect, it } from 'vitest';
import { CEILINGS, ERROR_CODES, FIXED } from '../../host/index.ts';
import { listFiles, readText } from './sources.ts';

describe('the manual', () => {
  it('docs/errors.md says what host/errors.ts says (npm run docs writes it) [R-HOUSE-3]', async () => {
    const rows = Object.entries(ERROR_CODES).map(([code, { exit, http, means }]) => [`\`${code}\``, exit, http, means]);
    await expect(
      page('Errors', 'Every error carries one of these codes.', ['Code', 'Exit code', 'HTTP status', 'Meaning'], rows),
    ).toMatchFileSnapshot('../../docs/errors.md');
  });

  it('docs/limits.md says what host/limits.ts says (npm run docs writes it) [R-LIMIT-3]', async () => {
    const settable = Object.entries(CEILINGS).map(([name, limit]) => [
      `\`${name}\``,
      limit.unit,
      count(limit.default),
      count(limit.hard),
      limit.means,
      consequence(limit),
    ]);
    const fixed = Object.entries(FIXED).map(([name, limit]) => [
      `\`${name}\``,
      limit.unit,
      count(limit.limit),
      limit.means,
      consequence(limit),
    ]);
    const text = page(
      'Limits',
      `A manifest or \`--limit\` may set each of these, from 1 up to its ceiling; above it is refused. \`skill run --limits\` prints them, \`skill run SKILL --limits\` those of a skill.`,
      ['Limit', 'Unit', 'Default', 'Ceiling', 'Bounds', 'Over it'],
      settable,
    );
    const rest = `\n## Fixed limits\n\nNobody can set these.\n\n${table(['Limit', 'Unit', 'Value', 'Bounds', 'Over it'], fixed)}\n`;
    await expect(text + rest).toMatchFileSnapshot('../../docs/limits.md');
  });

  it('lists no error code that nothing raises', () => {
    // The rows of the table are keys; a code that is raised stands in quotes.
    const sources = ['host', 'src'].flatMap((folder) => listFiles(folder, '.ts'));
    const text = sources.map(readText).join('\n');
    expect(Object.keys(ERROR_CODES).filter((code) => !new RegExp(`['"\`]${code}['"\`]`).test(text))).toEqual([]);
  });
});

function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** What going over a limit comes to, for the guest or for its caller. */
function consequence(limit: { readonly code?: keyof typeof ERROR_CODES; readonly told?: string }): string {
  if (limit.code === undefined) return `the guest is told \`${limit.told}\``;
  return `\`${limit.code}\`, exit code ${ERROR_CODES[limit.code].exit}`;
}

function page(title: string, lead: string, head: readonly string[], rows: readonly (readonly unknown[])[]): string {
  return `<!-- Written by \`npm run docs\`; do not edit. -->\n\n# ${title}\n\n${lead}\n\n${table(head, rows)}\n`;
}

function table(head: readonly string[], rows: readonly (readonly unknown[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
