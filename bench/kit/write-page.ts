import type { RowReport } from './measure.ts';
import { showNumber, showTarget, showValue } from './print-table.ts';
import type { Report } from './report.ts';
import type { Line } from './row.ts';

const BEGIN = '<!-- measured: written by `npm run bench -- --write`, do not edit -->';
const END = '<!-- end of what was measured -->';
// Names of processors and kernels are in no dictionary.
const NO_SPELLING = '<!-- cspell:disable -->';
const SPELLING = '<!-- cspell:enable -->';

/** Puts a report between the two marks of a Markdown page. @throws Error when it has none */
export function writePage(page: string, report: Report): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin === -1 || end < begin) throw new Error(`the page has no lines ${BEGIN} and ${END}`);
  return `${page.slice(0, begin)}${BEGIN}\n${NO_SPELLING}\n\n${toMarkdown(report)}\n${SPELLING}\n${page.slice(end)}`;
}

function toMarkdown({ version, date, mode, machine, rows }: Report): string {
  const { cpu, cores, memoryGb, kernel, node, v8 } = machine;
  const head = `skillhost ${version}, ${date}, ${mode} run. ${cpu}, ${cores} cores, ${memoryGb} GB, ${kernel}, Node ${node} (V8 ${v8}).`;
  return `${head}\n\n${rows.map(toSection).join('\n')}`;
}

function toSection({ promise, notes, lines, error }: RowReport): string {
  if (error !== null) return `### ${promise}\n\nFailed: ${cell(error)}\n`;
  const rows = lines.map(toRow).join('\n');
  const text = notes.map((note) => `${note}\n\n`).join('');
  return `### ${promise}\n\n${text}| ours | | peer | | ratio | target | |\n| --- | ---: | --- | ---: | ---: | --- | --- |\n${rows}\n`;
}

function toRow({ ours, peer, statistic, oursValue, peerValue, ratio, target, unit, verdict, reason }: Line): string {
  const aim = target === null ? '' : showTarget(target, peer === null ? unit : 'x');
  const cells = [
    `${ours}, ${statistic}`,
    showValue(oursValue, unit),
    peer ?? '',
    peer === null ? '' : showValue(peerValue, unit),
    ratio === null ? '' : showNumber(ratio),
    aim,
    reason === null ? verdict : `${verdict}: ${reason}`,
  ];
  return `| ${cells.map(cell).join(' | ')} |`;
}

function cell(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|');
}
