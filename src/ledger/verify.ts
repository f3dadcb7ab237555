import { escapeInvisible, SkillError } from '../../host/index.ts';
import { checkChain } from './check-chain.ts';
import { type Listing, listDirectory } from './directory.ts';
import { entryNumber } from './entry.ts';
import { BESIDE } from './files.ts';
import { HEAD, type Link, readHead } from './head.ts';
import { GENESIS } from './line.ts';
import { HARMLESS, type LedgerProblem, type Report } from './problem.ts';
import { reasonOf } from './refuse.ts';

export interface Verification {
  /** False when anything was found that a killed process, a foreign file or a umask does not explain. */
  readonly ok: boolean;
  readonly segments: number;
  /** Intact records. */
  readonly records: number;
  /** Segments not sealed: being written now, or left by a process that was killed. */
  readonly open: number;
  readonly problems: readonly LedgerProblem[];
}

/**
 * Reads the whole ledger and lists all that is not as it was written. Other processes may append meanwhile: what they
 * add behind the last file seen here is left for the next time.
 */
export async function verifyLedger(dir: string): Promise<Verification> {
  const problems: LedgerProblem[] = [];
  const report: Report = (problem) => problems.push(problem);
  const numbers = await listNumbers(dir, report);
  const head = numbers && findHead(dir, report);
  const found = await checkChain({ dir, head, numbers: numbers ?? [], report });
  for (const { name, isTorn } of found.unsealed.values()) {
    if (isTorn) report({ segment: name, code: 'torn', message: 'The last line is incomplete; it does not count.' });
  }
  return {
    ok: problems.every(({ code }) => HARMLESS.has(code)),
    segments: found.segments,
    records: found.records,
    open: found.unsealed.size,
    problems,
  };
}

/** The numbered files; undefined when there is no ledger, or none that can be read. */
async function listNumbers(dir: string, report: Report): Promise<readonly number[] | undefined> {
  let listing: Listing | undefined;
  try {
    listing = await listDirectory(dir);
  } catch (error) {
    report({ segment: '.', code: 'unreadable', message: `The directory cannot be read: ${reasonOf(error)}.` });
  }
  if (listing === undefined) return undefined;
  if (process.platform !== 'win32' && (listing.stats.mode & 0o022) !== 0) {
    report({
      segment: '.',
      code: 'loose_mode',
      message: 'Other users may write in the directory; chmod 700 ends that.',
    });
  }
  for (const name of listing.names) {
    if (name === HEAD || BESIDE.test(name) || entryNumber(name) !== undefined) continue;
    report({ segment: escapeInvisible(name), code: 'stray', message: 'The file is no part of the ledger.' });
  }
  return listing.numbers;
}

/** Undefined when there is none. One that cannot be used is reported, and stands in as one that names no file. */
function findHead(dir: string, report: Report): Link | undefined {
  try {
    return readHead(dir);
  } catch (error) {
    const message = error instanceof SkillError ? error.message : `It cannot be read: ${reasonOf(error)}.`;
    report({ segment: HEAD, code: 'head', message });
    return { n: 0, sum: GENESIS };
  }
}
