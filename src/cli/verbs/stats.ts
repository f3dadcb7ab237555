import { locateHome } from '../../home/home.ts';
import { readLedger } from '../../ledger/index.ts';
import { summarize, type ToolStats } from '../../telemetry/summarize.ts';
import { type Context, parseFormat } from '../context.ts';
import { printListing } from '../print.ts';
import { type AuditFlags, parseFilter } from './audit.ts';

/** `skill stats`: how often tools ran, how that went, and how long it took, as the ledger says. */
export async function stats(
  flags: Pick<AuditFlags, 'format' | 'since' | 'until' | 'skill'>,
  { terminal, home }: Context,
): Promise<number> {
  const format = parseFormat(flags.format, ['table', 'json', 'yaml']);
  const data = await summarize(readLedger(locateHome(home, process.env).ledger, parseFilter(flags)));
  await printListing(
    {
      columns: ['TOOL', 'RUNS', 'FAILED', 'KILLED', 'CACHED', 'DENIED', 'P50 MS', 'P99 MS', 'MOSTLY'],
      rows: data.map(toRow),
      data,
      empty: 'nothing ran yet',
    },
    format,
    terminal,
  );
  return 0;
}

function toRow({ skill, tool, oftenest = '', ...of }: ToolStats): string[] {
  const { runs, failed, killed, cached, denials, p50Ms, p99Ms } = of;
  const counts = [runs, failed, killed, cached, denials].map(String);
  return [`${skill}.${tool}`, ...counts, String(p50Ms ?? ''), String(p99Ms ?? ''), oftenest];
}
