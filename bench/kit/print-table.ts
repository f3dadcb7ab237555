import type { RowReport } from './measure.ts';
import { isNoise, type Report } from './report.ts';
import type { Line, Target } from './row.ts';

/** What was measured, on what. */
export function printHead({ version, date, mode, selfCheck, machine }: Report): string {
  const { cpu, cores, memoryGb, kernel, node, v8 } = machine;
  const what = selfCheck ? `${mode}, ours against ours` : mode;
  return `skillhost ${version}, ${date}, ${what}\n${cpu}, ${cores} cores, ${memoryGb} GB, ${kernel}\nNode ${node} (V8 ${v8})\n`;
}

/** One promised number: a line for itself, then two for each comparison. */
export function printRow({ promise, lines, error, seconds }: RowReport, selfCheck: boolean): string {
  const body =
    error === null ? lines.map((line) => printLine(line, selfCheck)).join('') : `  failed: ${oneLine(error)}\n`;
  return `${promise} (${seconds} s)\n${body}`;
}

const NAME_WIDTH = 54;
const VALUE_WIDTH = 12;

function printLine(line: Line, selfCheck: boolean): string {
  const { ours, peer, statistic, oursValue, peerValue, unit, reason } = line;
  const first = `  ${ours.padEnd(NAME_WIDTH)}${showValue(oursValue, unit).padStart(VALUE_WIDTH)} ${statistic}\n`;
  const second =
    peer === null
      ? ''
      : `    ${`against ${peer}`.padEnd(NAME_WIDTH - 2)}${showValue(peerValue, unit).padStart(VALUE_WIDTH)}\n`;
  const verdict = selfCheck ? showNoise(line) : showVerdict(line);
  return `${first}${second}      ${verdict}${reason === null ? '' : `: ${oneLine(reason)}`}\n`;
}

function showNoise({ ratio, verdict }: Line): string {
  if (ratio === null) return verdict;
  return `ratio ${showNumber(ratio)}: ${isNoise(ratio) ? 'noise' : 'MORE THAN NOISE'}`;
}

function showVerdict({ ratio, peer, target, verdict, unit }: Line): string {
  const aim = target === null ? '' : `, target ${showTarget(target, peer === null ? unit : 'x')}`;
  const shown = verdict === 'not met' ? 'NOT MET' : verdict === 'failed' ? 'FAILED' : verdict;
  return ratio === null ? `${shown}${aim}` : `ratio ${showNumber(ratio)}${aim}: ${shown}`;
}

export function showTarget(target: Target, unit: Line['unit']): string {
  const suffix = unit === 'x' ? '' : ` ${unit}`;
  return 'atMost' in target
    ? `at most ${showNumber(target.atMost)}${suffix}`
    : `at least ${showNumber(target.atLeast)}${suffix}`;
}

export function showValue(value: number | null, unit: Line['unit']): string {
  return value === null ? '-' : `${showNumber(value)} ${unit}`;
}

/** Three digits that count. */
export function showNumber(value: number): string {
  if (value >= 100) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
