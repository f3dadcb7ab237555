/** What can be wrong in a ledger. */
export type ProblemCode =
  | 'edited'
  | 'too_long'
  | 'removed'
  | 'misplaced'
  | 'replaced'
  | 'cut'
  | 'extended'
  | 'missing'
  | 'swapped'
  | 'head'
  | 'unreadable'
  | 'torn'
  | 'stray'
  | 'loose_mode';

/** A killed process, a foreign file or a umask explains these, so they do not make a ledger fail. */
export const HARMLESS: ReadonlySet<ProblemCode> = new Set(['torn', 'stray', 'loose_mode']);

export interface Fault {
  readonly code: ProblemCode;
  readonly message: string;
}

/** Where the ledger is not as it was written. */
export interface LedgerProblem extends Fault {
  /** The file, or `.` for the directory. */
  readonly segment: string;
  readonly line?: number;
}

export type Report = (problem: LedgerProblem) => void;
