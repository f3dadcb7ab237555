import type { MatchRule } from './explain.ts';
import type { Scored } from './score.ts';
import { idOf, type IndexView, isAlwaysOn } from './view.ts';

const CLASS: Readonly<Record<MatchRule, number>> = { exact: 0, synonym: 1, fuzzy: 2, text: 3 };

interface Ordered extends Scored {
  readonly id: string;
  readonly priority: number;
}

/** Each document once, by its best rule; ordered by rule, then priority, score and id. */
export function takeBest(view: IndexView, scored: readonly Scored[], limit: number): Ordered[] {
  const once = new Map<number, Scored>();
  for (const one of scored) if (!once.has(one.document)) once.set(one.document, one);
  return [...once.values()]
    .map((one) => ({ ...one, ...identify(view, one.document) }))
    .toSorted(
      (a, b) => CLASS[a.rule] - CLASS[b.rule] || comparePriorities(a, b) || b.score - a.score || compareIds(a, b),
    )
    .slice(0, limit);
}

/** The skills that are put first whatever the prompt. */
export function listAlwaysOn(view: IndexView): string[] {
  return Array.from({ length: view.count }, (_, document) => document)
    .filter((document) => isAlwaysOn(view, document))
    .map((document) => identify(view, document))
    .toSorted((a, b) => comparePriorities(a, b) || compareIds(a, b))
    .map(({ id }) => id);
}

function identify(view: IndexView, document: number): Pick<Ordered, 'id' | 'priority'> {
  const priority = view.priorities[document] ?? 0;
  return { id: idOf(view, document), priority: Number.isFinite(priority) ? priority : 0 };
}

function comparePriorities(a: { priority: number }, b: { priority: number }): number {
  return b.priority - a.priority;
}

function compareIds(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
