import { statSync } from 'node:fs';
import { quote, SkillError } from '../../../host/index.ts';
import { type Analysis, analyzeSkill } from '../../analyze/analyze-skill.ts';
import { type Finding, isAtLeast, SEVERITIES, type Severity } from '../../analyze/finding.ts';
import { readVersion } from '../../home/package.ts';
import { type Context, parseFormat } from '../context.ts';
import { printData } from '../print.ts';
import { inline, type Terminal, wrap } from '../terminal.ts';

const FOUND = 5;

export interface AnalyzeFlags {
  readonly format: string;
  readonly failOn: string;
}

/** `skill analyze SKILL…`: what is in the files of skills. Exit code 5 when something of it is as bad as `--fail-on`. */
export async function analyze(
  references: readonly string[],
  flags: AnalyzeFlags,
  { terminal, openCatalog }: Context,
): Promise<number> {
  const format = parseFormat(flags.format, ['text', 'json', 'sarif']);
  const threshold = parseSeverity(flags.failOn);
  const analyses: { readonly shown: string; readonly analysis: Analysis }[] = [];
  for (const shown of references)
    analyses.push({ shown, analysis: await analyzeSkill(await folderOf(shown, openCatalog)) });
  if (format === 'text') for (const one of analyses) print(one, terminal);
  else if (format === 'json')
    await printData(
      analyses.map(({ analysis }) => analysis),
      'json',
      terminal,
    );
  else {
    const { toSarif } = await import('../analysis-sarif.ts');
    const log = toSarif(
      analyses.map(({ analysis }) => analysis),
      { cwd: process.cwd(), version: readVersion() },
    );
    await printData(log, 'json', terminal);
  }
  const isBad = ({ severity }: Finding): boolean => isAtLeast(severity, threshold);
  return analyses.some(({ analysis }) => analysis.findings.some(isBad)) ? FOUND : 0;
}

/** @throws SkillError E_USAGE */
function parseSeverity(text: string): Severity {
  const known = SEVERITIES.filter((severity) => severity !== 'info');
  const severity = known.find((one) => one === text);
  if (severity !== undefined) return severity;
  throw new SkillError('E_USAGE', `there is no severity ${quote(text)}`, { hint: `one of ${known.join(', ')}` });
}

/** A folder as it was given, or that of a skill that is here, whether it can run or not. */
async function folderOf(reference: string, openCatalog: Context['openCatalog']): Promise<string> {
  if (statSync(reference, { throwIfNoEntry: false })?.isDirectory() === true) return reference;
  if (/[\\/]/.test(reference))
    throw new SkillError('E_NOT_FOUND', `there is no folder ${quote(reference)}`, {
      hint: 'give the folder of a skill',
    });
  const { findEntry } = await import('../../catalog/catalog.ts');
  return findEntry(await openCatalog(), reference).path;
}

const STYLES = { critical: 'red', high: 'red', medium: 'yellow', low: 'dim', info: 'dim' } as const;
const WIDEST = 80;

function print({ shown, analysis }: { readonly shown: string; readonly analysis: Analysis }, terminal: Terminal): void {
  const width = Math.min(terminal.width, WIDEST);
  const { id, findings, files, score } = analysis;
  for (const { file, line, column, severity, rule, why, fix } of findings) {
    const place = [inline(file), line, column].filter((part) => part !== undefined).join(':');
    const label = terminal.style(STYLES[severity], severity);
    terminal.out(`${wrap(`${place} ${label} ${rule}: ${inline(why)}`, width, '  ')}\n`);
    terminal.out(`${wrap(`  fix: ${inline(fix)}`, width, '       ')}\n`);
  }
  terminal.out(`${wrap(`${inline(shown)}: ${inline(id)}, ${files} file${files === 1 ? '' : 's'}`, width, '  ')}\n`);
  terminal.out(`  100\n`);
  for (const { rule, severity, count, points } of score.sum) {
    const lost = `−${points}`.padStart(5);
    terminal.out(`${lost}  ${rule} (${severity}${count === 1 ? '' : `, ${count} times`})\n`);
  }
  const style = score.verdict === 'pass' ? 'green' : score.verdict === 'review' ? 'yellow' : 'red';
  terminal.out(`${`= ${score.value}`.padStart(5)}  ${terminal.style(style, score.verdict)}\n`);
}
