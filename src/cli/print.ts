import { inline, isPlain, type Format, type Terminal } from './terminal.ts';

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
  terminal.out(await layOut([listing.columns, ...listing.rows.map(inlineAll)], terminal));
}

/** Most rows are as they are; ten thousand copies would take a while to collect. */
function inlineAll(row: readonly string[]): readonly string[] {
  return row.every(isPlain) ? row : row.map(inline);
}

const GAP = '  ';
const LEAST = 12;
/** What the last column wants to have, at least. */
const ROOM = 16;

/**
 * Columns as wide as their content. On a terminal the last one takes what is left of the line and continues below itself;
 * elsewhere a row is a line, as programs that read lines want it.
 */
async function layOut(rows: readonly (readonly string[])[], terminal: Terminal): Promise<string> {
  const { default: columnsOf } = await import('fast-string-width');
  const last = (rows[0]?.length ?? 0) - 1;
  const widths = Array.from({ length: last }, () => 0);
  /** Of all cells but the last ones, row by row: a cell is measured once. */
  const measured: number[] = [];
  for (const row of rows) {
    for (let i = 0; i < last; i++) {
      const cell = row[i] ?? '';
      const width = isPlain(cell) ? cell.length : columnsOf(cell);
      measured.push(width);
      if (width > (widths[i] ?? 0)) widths[i] = width;
    }
  }
  const before = widths.reduce((sum, one) => sum + one + GAP.length, 0);
  if (terminal.isTerminal && last > 1 && before + ROOM > terminal.width) {
    const room = Math.min(ROOM, Math.max(...rows.map((row) => columnsOf(row[last] ?? ''))));
    if (before + room > terminal.width) return layOutNarrow(rows, { natural: widths, room, width: terminal.width });
  }
  const wrapLast = terminal.isTerminal ? await createWrap(before, terminal.width) : (text: string) => text;
  const spaces = widths.map((width) => ' '.repeat(width) + GAP);
  let at = 0;
  const lines = rows.map((row) => {
    let line = '';
    for (let i = 0; i < last; i++) line += (row[i] ?? '') + (spaces[i] ?? '').slice(measured[at++]);
    return (line + wrapLast(row[last] ?? '')).trimEnd();
  });
  return `${lines.join('\n')}\n`;
}

/**
 * Where there is no room for all columns, the widest but the first gives way, and continues below itself as the last one
 * does: what stands first is copied.
 */
async function layOutNarrow(
  rows: readonly (readonly string[])[],
  { natural, room, width }: { readonly natural: readonly number[]; readonly room: number; readonly width: number },
): Promise<string> {
  const { wrapAnsi } = await import('fast-wrap-ansi');
  const { default: columnsOf } = await import('fast-string-width');
  const widest = natural.indexOf(Math.max(...natural.slice(1)), 1);
  const excess = natural.reduce((sum, one) => sum + one + GAP.length, room) - width;
  const widths = natural.map((one, i) => (i === widest ? Math.max(LEAST, one - excess) : one));
  const rest = Math.max(LEAST, width - widths.reduce((sum, one) => sum + one + GAP.length, 0));
  const lines = rows.flatMap((row) => {
    const cells = row.map((cell, i) => wrapAnsi(cell, widths[i] ?? rest, { hard: true }).split('\n'));
    const height = Math.max(...cells.map(({ length }) => length));
    return Array.from({ length: height }, (_, line) =>
      cells
        .map((cell, i) => (cell[line] ?? '') + ' '.repeat(Math.max(0, (widths[i] ?? 0) - columnsOf(cell[line] ?? ''))))
        .join(GAP)
        .trimEnd(),
    );
  });
  return `${lines.join('\n')}\n`;
}

async function createWrap(indent: number, width: number): Promise<(text: string) => string> {
  const { wrapAnsi } = await import('fast-wrap-ansi');
  const room = Math.max(LEAST, width - indent);
  return (text) => wrapAnsi(text, room, { hard: true }).replaceAll('\n', `\n${' '.repeat(indent)}`);
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
