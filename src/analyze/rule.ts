import type { Severity } from './finding.ts';
import type { Language } from './languages.ts';

/** A pattern that is a finding wherever it matches. Tables of these are the rules. */
export interface PatternRule {
  /** Stable, in lower case with `_`. */
  readonly id: string;
  /** Of a match in a file that is executed. */
  readonly severity: Severity;
  /** Of a match in what a model is told: Markdown and the code in it. Absent: it is no finding there. */
  readonly told?: Severity;
  /** The languages of sources it is looked for in. */
  readonly in: readonly Language[];
  /**
   * Global. It must not backtrack far: gaps are bounded, and at most one is wide. What needs more is looked for with `near`.
   */
  readonly find: RegExp;
  /** Must match in the text around as well: this many characters to both sides. */
  readonly near?: { readonly text: RegExp; readonly within: number };
  /** No finding when this matches the line. */
  readonly unless?: RegExp;
  /** Another severity for some matches; undefined is no finding. */
  readonly weigh?: (match: string, usual: Severity, isTold: boolean) => Severity | undefined;
  /** Words around it can take it back: it is quoted as an example, or warned of. */
  readonly isSpeech?: boolean;
  /** No example, whatever is said around it, when this matches what was found. */
  readonly concrete?: RegExp;
  readonly why: string;
  readonly fix: string;
}
