import { parseArgs } from 'node:util';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeMachine } from './kit/machine.ts';
import { checkRow, measureRow, type RowReport } from './kit/measure.ts';
import { PACKAGE } from './kit/places.ts';
import { printHead, printRow } from './kit/print-table.ts';
import { exitCodeOf, type Report } from './kit/report.ts';
import type { Mode, Row } from './kit/row.ts';
import { writePage } from './kit/write-page.ts';
import { ROWS } from './rows.ts';

/** `npm run bench` and `skill bench`: measures the promised numbers. Prints a table, or a report as JSON. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      short: { type: 'boolean', default: false },
      tiny: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      'self-check': { type: 'boolean', default: false },
      row: { type: 'string', multiple: true, default: [] },
      write: { type: 'string' },
    },
  });
  const mode: Mode = values.tiny ? 'tiny' : values.short ? 'short' : 'full';
  const selfCheck = values['self-check'];
  const rows: RowReport[] = [];
  const report: Report = {
    version: (JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as { version: string }).version,
    date: new Date().toISOString().slice(0, 10),
    mode,
    selfCheck,
    machine: describeMachine(),
    rows,
  };
  const tell = (text: string): void => void (values.json ? process.stderr : process.stdout).write(text);
  tell(`${printHead(report)}\n`);
  for (const row of choose(values.row)) {
    const measured = await (selfCheck ? checkRow : measureRow)(row, mode);
    rows.push(measured);
    tell(`${printRow(measured, selfCheck)}\n`);
  }
  if (values.json) await write(`${JSON.stringify(report, null, 2)}\n`);
  if (values.write !== undefined) writeFileSync(values.write, writePage(readFileSync(values.write, 'utf8'), report));
  return exitCodeOf(report);
}

/** Writes to the end, however slowly it is read. */
function write(text: string): Promise<void> {
  return new Promise((resolve) => void process.stdout.write(text, () => resolve()));
}

function choose(ids: readonly string[]): readonly Row[] {
  const unknown = ids.find((id) => !ROWS.some((row) => row.id === id));
  if (unknown !== undefined)
    throw new Error(`there is no row ${JSON.stringify(unknown)}; one of ${ROWS.map(({ id }) => id).join(', ')}`);
  return ids.length === 0 ? ROWS : ROWS.filter(({ id }) => ids.includes(id));
}

try {
  process.exit(await main());
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(2);
}
