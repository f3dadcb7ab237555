import { inline, type Format, type Terminal } from './terminal.ts';

/** A listing: rows for people, the same data for programs. */
export interface Listing {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly data: unknown;
  /** Said instead of an empty table. */
  readonly empty: string;
}

export async function printListing(listing: Listing, format: Format, terminal: Terminal): Promise<void> {
  if (format === 'json' || format === 'yaml') return printData(listing.data, format, terminal);
  if (listing.rows.length === 0) return terminal.say(`${listing.empty}\n`);
  terminal.out(await layOut([listing.columns, ...listing.rows.map((row) => row.map(inline))], terminal));
}

const GAP = '  ';
const LEAST = 12;

/**
 * Columns as wide as their content. On a terminal the last one takes what is left of the line and continues below itself;
 * elsewhere a row is a line, as programs that read lines want it.
 */
async function layOut(rows: readonly (readonly string[])[], terminal: Terminal): Promise<string> {
  const { default: columnsOf } = await import('fast-string-width');
  const widthOf = (text: string): number => (/^[\x20-\x7e]*$/.test(text) ? text.length : columnsOf(text));
  const last = (rows[0]?.length ?? 0) - 1;
  const widths = Array.from({ length: last }, () => 0);
  for (const row of rows) for (let i = 0; i < last; i++) widths[i] = Math.max(widths[i] ?? 0, widthOf(row[i] ?? ''));
  const before = widths.reduce((sum, one) => sum + one + GAP.length, 0);
  const wrapLast = terminal.isTerminal ? await createWrap(before, terminal.width) : (text: string) => text;
  let lines = '';
  for (const row of rows) {
    let line = '';
    for (const [i, width] of widths.entries()) line += padTo(row[i] ?? '', width, widthOf(row[i] ?? ''));
    lines += `${(line + wrapLast(row[last] ?? '')).trimEnd()}\n`;
  }
  return lines;
}

async function createWrap(indent: number, width: number): Promise<(text: string) => string> {
  const { wrapAnsi } = await import('fast-wrap-ansi');
  const room = Math.max(LEAST, width - indent);
  return (text) => wrapAnsi(text, room, { hard: true }).replaceAll('\n', `\n${' '.repeat(indent)}`);
}

function padTo(text: string, column: number, width: number): string {
  return text + ' '.repeat(column - width) + GAP;
}

/** Data for programs: read back, it is what it was, and no character of it can move a cursor. */
export async function printData(data: unknown, format: 'json' | 'yaml', terminal: Terminal): Promise<void> {
  if (format === 'json') return terminal.out(escapeControls(`${JSON.stringify(data, null, 2)}\n`));
  const { stringify } = await import('yaml');
  terminal.out(escapeControls(stringify(data, ONE_LINE)));
}

/** Every string is plain or double-quoted, on one line: blocks and folded lines do not keep all white space. */
const ONE_LINE = {
  blockQuote: false,
  singleQuote: false,
  lineWidth: 0,
  doubleQuotedMinMultiLineLength: Number.POSITIVE_INFINITY,
} as const;

/** Both formats quote a string that has one of these, and leave it as it is; `\u` says the same in both. */
function escapeControls(text: string): string {
  return text.replaceAll(/[\u007f-\u009f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
