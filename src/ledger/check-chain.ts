import { checkFile, type CheckedFile, findUnsealed } from './check-file.ts';
import { type Entry, entryName } from './entry.ts';
import { HEAD, type Link } from './head.ts';
import { GENESIS } from './line.ts';
import type { Report } from './problem.ts';

/** What verifying starts from. */
interface Chain {
  readonly dir: string;
  readonly head: Link | undefined;
  /** The numbered files that were listed, ascending. */
  readonly numbers: readonly number[];
  readonly report: Report;
}

/** What has been read so far of the chain. */
interface Progress {
  /** The link of the file before; undefined when it is not known. */
  previous: Link | undefined;
  segments: number;
  records: number;
  /** Segments no seal was met for yet, by number. */
  readonly unsealed: Map<number, CheckedFile>;
}

/** Checks every numbered file in order, and each against its neighbors, its seal and the head. */
export async function checkChain(chain: Chain): Promise<Progress> {
  const { dir, head, numbers, report } = chain;
  const progress: Progress = { previous: { n: 0, sum: GENESIS }, segments: 0, records: 0, unsealed: new Map() };
  const last = Math.max(head?.n ?? 0, numbers.at(-1) ?? 0);
  if (head === undefined && last > 0) report({ segment: HEAD, code: 'head', message: 'The head is missing.' });
  for (let n = 1; n <= last;) {
    const file = await checkFile(dir, n, report);
    if (file === undefined) {
      // One jump over the whole gap: a number in a file name is cheap to make large.
      const next = numbers.find((listed) => listed > n) ?? last + 1;
      const message =
        next === n + 1 ? 'The file is gone.' : `This file and those up to ${entryName(next - 1)} are gone.`;
      report({ segment: entryName(n), code: 'missing', message });
      progress.previous = undefined;
      n = next;
    } else {
      takeFile(chain, progress, { n, file });
      n += 1;
    }
  }
  return progress;
}

function takeFile(chain: Chain, progress: Progress, { n, file }: { readonly n: number; readonly file: CheckedFile }) {
  const { entry } = file;
  progress.records += file.records;
  if (entry !== undefined) checkLink(chain, progress.previous, { n, entry });
  progress.previous = entry?.n === n ? entry : undefined;
  const seal = entry?.seals;
  if (seal === undefined) {
    progress.segments += 1;
    progress.unsealed.set(entry?.n ?? n, file);
    return;
  }
  const sealed = progress.unsealed.get(seal.segment);
  progress.unsealed.delete(seal.segment);
  const fault = sealed && findUnsealed(sealed, seal);
  if (sealed && fault) chain.report({ segment: sealed.name, ...fault });
}

function checkLink(
  { head, report }: Chain,
  previous: Link | undefined,
  at: { readonly n: number; readonly entry: Entry },
) {
  const { n, entry } = at;
  const segment = entryName(n);
  if (entry.n !== n) {
    report({ segment, line: 1, code: 'swapped', message: `This was written as ${entryName(entry.n)}.` });
  } else if (previous !== undefined && entry.prev !== previous.sum) {
    const message = `This does not follow ${entryName(previous.n)}, so one of the two was replaced.`;
    report({ segment, line: 1, code: 'replaced', message });
  } else if (head?.n === n && head.sum !== entry.sum) {
    report({ segment, line: 1, code: 'replaced', message: `This is not the file ${HEAD} names.` });
  }
}
