/** Worst first. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;

export type Severity = (typeof SEVERITIES)[number];

/** Something about the files of a skill that whoever approves it has to know. */
export interface Finding {
  /** Stable, such as `reverse_shell`. */
  readonly rule: string;
  readonly severity: Severity;
  /** Relative to the skill's folder. */
  readonly file: string;
  /** 1-based; absent where a file as a whole is meant. */
  readonly line?: number;
  /** 1-based, in UTF-16 code units. */
  readonly column?: number;
  readonly why: string;
  readonly fix: string;
}

/** Something that decides whether a skill is installed. */
export interface GateFinding {
  /** `refuse`: it is not installed. `warn`: whoever installs it is told. */
  readonly severity: 'refuse' | 'warn';
  /** Stable, such as `hidden_text`. */
  readonly rule: string;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly message: string;
}

/** Whether one is at least as bad as the other. */
export function isAtLeast(severity: Severity, threshold: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(threshold);
}
