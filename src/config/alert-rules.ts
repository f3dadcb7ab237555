/** What is counted, of all runs or of one skill. */
export const ALERT_METRICS = ['failures', 'denials', 'kills', 'slow'] as const;

/** One alarm of the operator. */
export interface AlertRule {
  readonly when: (typeof ALERT_METRICS)[number];
  /** Undefined: of every skill, each by itself. */
  readonly skill: string | undefined;
  /** So many within the time. */
  readonly count: number;
  /** Milliseconds. */
  readonly withinMs: number;
  /** Of `slow`: a run that took longer counts. Milliseconds. */
  readonly longerThanMs: number;
  /** Told by a POST of JSON. */
  readonly webhook: string | undefined;
}

/** That there was too much of something. */
export interface Alert {
  readonly when: AlertRule['when'];
  readonly skill: string;
  readonly count: number;
  readonly withinMs: number;
}
