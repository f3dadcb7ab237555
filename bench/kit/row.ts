/** How much is measured: next to nothing (tests), what fits into two minutes, what is worth writing down. */
export type Mode = 'tiny' | 'short' | 'full';

export type Unit = 'ms' | 'µs' | 'ns' | 'calls/s' | 'MB';

/** What a row is given to measure in. */
export interface Lab {
  readonly mode: Mode;
  /** A folder of its own, removed afterwards. */
  readonly folder: string;
  /** False in the self-check, where nobody stands beside us but ourselves. */
  readonly withPeers: boolean;
}

/** One of those that are measured in turn: ours, or a peer. */
export interface Contender {
  readonly name: string;
  readonly isOurs: boolean;
  /** Measures once; one value or several, in the unit of the row. */
  readonly sample: () => Promise<readonly number[]>;
}

/** A contender that could not take part, and why. */
export interface Absent {
  readonly name: string;
  readonly reason: string;
}

export interface Contest {
  readonly contenders: readonly Contender[];
  readonly absent: readonly Absent[];
  close(): Promise<void>;
}

/** What a contender was measured at, in the unit of the row. */
export interface Figure {
  readonly p50: number;
  readonly p99: number;
  readonly count: number;
}

export type Statistic = 'p50' | 'p99';

/** A bound on ours divided by the peer's, or on ours alone where there is no peer. */
export type Target = { readonly atMost: number } | { readonly atLeast: number };

/** One line of the table: ours against one peer. Without a target it is told for information. */
export interface Comparison {
  readonly ours: string;
  readonly peer?: string;
  readonly statistic: Statistic;
  readonly target?: Target;
}

/** One promised number. */
export interface Row {
  readonly id: string;
  /** What is promised, in one line. */
  readonly promise: string;
  readonly unit: Unit;
  /** How long it is measured, in seconds, in each mode. */
  readonly seconds: Readonly<Record<Mode, number>>;
  readonly comparisons: readonly Comparison[];
  /** How it is measured, and what the figures do not say; for docs/benchmarks.md. */
  readonly notes: readonly string[];
  open(lab: Lab): Promise<Contest>;
  /** Lines that are more than two figures beside each other. */
  summarize?(figures: ReadonlyMap<string, Figure>): readonly Line[];
}

export type Verdict = 'met' | 'not met' | 'information' | 'not measured' | 'failed';

/** One comparison, measured. Values are in `unit`; `ratio` is ours divided by the peer's. */
export interface Line {
  readonly ours: string;
  readonly peer: string | null;
  readonly statistic: Statistic | 'geometric mean';
  readonly unit: Unit | 'x';
  readonly oursValue: number | null;
  readonly peerValue: number | null;
  readonly ratio: number | null;
  readonly target: Target | null;
  readonly verdict: Verdict;
  /** Why it was not measured, or how it failed. */
  readonly reason: string | null;
}
