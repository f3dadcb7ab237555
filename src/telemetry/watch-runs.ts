import type { RunEvent } from '../runtime/events.ts';
import type { Alert, AlertRule } from '../config/alert-rules.ts';

interface Watching {
  readonly rules: readonly AlertRule[];
  readonly now: () => number;
  /** Told once, and not again before as much time has passed as the rule counts over. */
  readonly tell: (alert: Alert, rule: AlertRule, run: string) => void;
}

/** Counts what the rules of the operator name, and tells when there is too much of it. @returns what is to be told of every event */
export function watchRuns({ rules, now, tell }: Watching): (event: RunEvent) => void {
  const began = new Map<string, { readonly skill: string; readonly at: number }>();
  const seen = new Map<string, number[]>();
  const quiet = new Map<string, number>();
  return (event) => {
    if (event.type === 'started') began.set(event.run, { skill: event.skill, at: now() });
    const run = began.get(event.run);
    if (event.type === 'finished') began.delete(event.run);
    if (run === undefined) return;
    for (const [i, rule] of rules.entries()) {
      if ((rule.skill ?? run.skill) !== run.skill || !counts(rule, event, now() - run.at)) continue;
      const key = `${i}\0${run.skill}`;
      const times = [...(seen.get(key) ?? []), now()].filter((at) => at > now() - rule.withinMs).slice(-rule.count);
      seen.set(key, times);
      if (times.length < rule.count || now() < (quiet.get(key) ?? -Infinity)) continue;
      quiet.set(key, now() + rule.withinMs);
      const { when, count, withinMs } = rule;
      tell({ when, skill: run.skill, count, withinMs }, rule, event.run);
    }
  };
}

const KILLS: ReadonlySet<string> = new Set([
  'E_TIMEOUT',
  'E_FUEL',
  'E_MEMORY',
  'E_OUTPUT_LIMIT',
  'E_RESOURCE',
  'E_RATE',
]);

function counts({ when, longerThanMs }: AlertRule, event: RunEvent, tookMs: number): boolean {
  if (when === 'denials') return event.type === 'decision' && event.result === 'denied';
  if (event.type !== 'finished') return false;
  switch (when) {
    case 'failures':
      return !event.ok;
    case 'kills':
      return KILLS.has(event.code ?? '');
    case 'slow':
      return tookMs > longerThanMs;
  }
}
