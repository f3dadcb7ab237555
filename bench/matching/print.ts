import { showNumber } from '../kit/print-table.ts';
import type { Quality } from './quality.ts';
import type { Pace, Scale } from './scale.ts';

/** The quality as a table, plain BM25 beside it. */
export function printQuality(quality: Quality): string {
  const { baseline, negativesAbstained, positivesLost, p50Ms, p99Ms } = quality;
  const rows = (['hit1', 'hit3', 'hit5', 'mrr', 'auc'] as const).map((key) =>
    printLine(key, showShare(quality[key]), showShare(baseline[key])),
  );
  return [
    printLine('', 'skillhost', 'minisearch'),
    ...rows,
    printLine('negatives abstained', showShare(negativesAbstained)),
    printLine('positives lost', showShare(positivesLost)),
    printLine('one prompt, p50', `${showNumber(p50Ms)} ms`),
    printLine('one prompt, p99', `${showNumber(p99Ms)} ms`),
  ].join('');
}

/** The times as a table, with how many times those of minisearch they are. */
export function printScale({ skills, bytes, build, update, warmStart, p50, p99 }: Scale): string {
  const row = (label: string, { ms, ratio }: Pace): string =>
    printLine(label, `${showNumber(ms)} ms`, ratio === null ? '' : `x ${showNumber(ratio)}`);
  return [
    printLine(`${skills} skills`, `${showNumber(bytes / 1e6)} MB`, 'minisearch'),
    row('build', build),
    row('update of one', update),
    row('open and first match', warmStart),
    row('one prompt, p50', p50),
    row('one prompt, p99', p99),
  ].join('');
}

function printLine(label: string, ours: string, theirs = ''): string {
  return `${`${label.padEnd(24)}${ours.padStart(12)}${theirs.padStart(14)}`.trimEnd()}\n`;
}

function showShare(share: number | null): string {
  return share === null ? '-' : share.toFixed(3);
}
