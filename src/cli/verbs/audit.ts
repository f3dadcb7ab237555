import { SkillError } from '../../../host/index.ts';
import { parseMoment } from '../../calendar/moment.ts';
import { locateHome } from '../../home/home.ts';
import { exportCsv, type LedgerFilter, readLedger, verifyLedger } from '../../ledger/index.ts';
import { type Context, parseFormat } from '../context.ts';
import { printListing } from '../print.ts';
import { inline } from '../terminal.ts';

const BROKEN = 7;

export interface AuditFlags {
  readonly format: string;
  readonly since?: string;
  readonly until?: string;
  readonly skill?: string;
  readonly result?: string;
  readonly event?: string;
  readonly run?: string;
  readonly limit?: string;
}

/** `skill audit`: the record, filtered. */
export async function audit(flags: AuditFlags, { terminal, home }: Context): Promise<number> {
  const format = parseFormat(flags.format, ['table', 'json', 'yaml']);
  const records = [];
  for await (const record of readLedger(ledgerOf(home), parseFilter(flags))) records.push(record);
  const rows = records.map(({ time, event, result, skill = '', tool, capability, resource = '', layer, code }) => [
    time.replace('T', ' ').slice(0, 19),
    event,
    result,
    skill,
    [capability ?? tool, resource, layer === undefined ? undefined : `(${layer})`, code].filter(Boolean).join(' '),
  ]);
  await printListing(
    { columns: ['TIME', 'EVENT', 'RESULT', 'SKILL', 'WHAT'], rows, data: records, empty: 'nothing is recorded' },
    format,
    terminal,
  );
  return 0;
}

/** `skill audit export`: the record as CSV or JSON, on standard output. */
export async function auditExport(flags: AuditFlags, { terminal, home }: Context): Promise<number> {
  const format = parseFormat(flags.format, ['csv', 'json'] as never[]) as string;
  const records = readLedger(ledgerOf(home), parseFilter(flags));
  if (format === 'csv') for await (const line of exportCsv(records)) terminal.out(line);
  else for await (const record of records) terminal.out(`${JSON.stringify(record)}\n`);
  return 0;
}

/** `skill audit verify`: exit code 7 when something is not as it was written. */
export async function auditVerify(flags: { readonly format: string }, { terminal, home }: Context): Promise<number> {
  const format = parseFormat(flags.format, ['text', 'json']);
  const verification = await verifyLedger(ledgerOf(home));
  if (format === 'json') terminal.out(`${JSON.stringify(verification, null, 2)}\n`);
  else {
    for (const { segment, line, code, message } of verification.problems)
      terminal.out(`${segment}${line === undefined ? '' : `:${line}`} ${code}: ${inline(message)}\n`);
    const { ok, records, segments, open } = verification;
    const state = ok ? terminal.style('green', 'intact') : terminal.style('red', 'NOT intact');
    terminal.out(
      `the ledger is ${state}: ${records} records in ${segments} segments${open > 0 ? `, ${open} not sealed` : ''}\n`,
    );
  }
  return verification.ok ? 0 : BROKEN;
}

function ledgerOf(home: string | undefined): string {
  return locateHome(home, process.env).ledger;
}

/** @throws SkillError E_USAGE */
export function parseFilter({ since, until, limit, skill, result, event, run }: Partial<AuditFlags>): LedgerFilter {
  return {
    ...(since !== undefined && { since: parseDate(since, '--since') }),
    ...(until !== undefined && { until: parseDate(until, '--until') }),
    ...(limit !== undefined && { limit: parseCount(limit) }),
    ...(skill !== undefined && { skill }),
    ...(result !== undefined && { result }),
    ...(event !== undefined && { event }),
    ...(run !== undefined && { run }),
  };
}

function parseDate(text: string, option: string): Date {
  const moment = parseMoment(text);
  if (moment === undefined)
    throw new SkillError('E_USAGE', `${option} ${JSON.stringify(text)} is no date`, {
      hint: `such as ${option} 2026-01-31 or ${option} 2026-01-31T12:00:00Z`,
    });
  return new Date(moment);
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1)
    throw new SkillError('E_USAGE', `--limit ${JSON.stringify(text)} is no count`, { hint: 'such as --limit 20' });
  return count;
}
