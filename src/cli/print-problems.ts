import type { Problem } from '../manifest/manifest.ts';
import { inline, type Terminal, wrap } from './terminal.ts';

/** A folder or file that was looked at, and all that is wrong with it. */
export interface Validated {
  /** As it was given. */
  readonly path: string;
  /** What the files of the problems are relative to. */
  readonly folder: string;
  readonly id: string;
  readonly ready: boolean;
  readonly problems: readonly Problem[];
}

export async function printProblems(
  validated: readonly Validated[],
  format: 'text' | 'json' | 'sarif',
  { terminal, version }: { readonly terminal: Terminal; readonly version: string },
): Promise<void> {
  if (format === 'text') {
    for (const one of validated) print(one, terminal);
    return;
  }
  if (format === 'json') {
    const reports = validated.map(({ path, id, ready, problems }) => ({ path, id, ready, problems }));
    return terminal.out(`${JSON.stringify(reports, null, 2)}\n`);
  }
  const { toSarif } = await import('./sarif.ts');
  terminal.out(`${JSON.stringify(toSarif(validated, { cwd: process.cwd(), version }), null, 2)}\n`);
}

function print({ path, id, ready, problems }: Validated, terminal: Terminal): void {
  for (const { severity, code, file, line, column, field, message, fix } of problems) {
    const place = [file, line, column].filter((part) => part !== undefined).join(':');
    const label = terminal.style(severity === 'error' ? 'red' : 'yellow', severity);
    const text = `${place} ${label} ${code}${field === undefined ? '' : ` ${inline(field)}`}: ${inline(message)}`;
    terminal.out(`${wrap(text, terminal.width, '  ')}\n${wrap(`  fix: ${inline(fix)}`, terminal.width, '       ')}\n`);
  }
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.length - errors;
  const counts = `${errors} error${errors === 1 ? '' : 's'}, ${warnings} warning${warnings === 1 ? '' : 's'}`;
  terminal.out(
    `${inline(path)}: ${ready ? terminal.style('green', 'valid') : terminal.style('red', 'not ready')} (${inline(id)}; ${counts})\n`,
  );
}
