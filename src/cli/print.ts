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
  const { default: Table } = await import('cli-table3');
  const widths = fitColumns(listing, terminal.width);
  const table = new Table({
    head: [...listing.columns],
    colWidths: widths,
    wordWrap: true,
    // Between words where every word fits; a longer one would be cut off.
    wrapOnWordBoundary: listing.rows.every((row) =>
      row.every((cell, i) =>
        inline(cell)
          .split(' ')
          .every((word) => word.length <= (widths[i] ?? 0) - PADDING),
      ),
    ),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    chars: Object.fromEntries(BORDERS.map((border) => [border, ''])),
  });
  table.push(...listing.rows.map((row) => row.map(inline)));
  const lines = table.toString().split('\n');
  terminal.out(`${lines.map((line) => line.trimEnd()).join('\n')}\n`);
}

const BORDERS = [
  'top',
  'top-mid',
  'top-left',
  'top-right',
  'bottom',
  'bottom-mid',
  'bottom-left',
  'bottom-right',
  'left',
  'left-mid',
  'mid',
  'mid-mid',
  'right',
  'right-mid',
  'middle',
];
const PADDING = 2;
const LEAST = 12;

/** As wide as the content needs; the last column takes what is left of the line. */
function fitColumns({ columns, rows }: Listing, width: number): number[] {
  const needed = columns.map(
    (head, i) => Math.max(head.length, ...rows.map((row) => inline(row[i] ?? '').length)) + PADDING,
  );
  const before = needed.slice(0, -1).reduce((sum, one) => sum + one, 0);
  const last = needed.at(-1) ?? 0;
  return [...needed.slice(0, -1), Math.min(last, Math.max(LEAST, width - before))];
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
