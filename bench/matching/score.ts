/** What a matcher said about one prompt. */
export interface Answer {
  readonly expected: string | null;
  /** Ids, best first, as if nothing had to be sure. */
  readonly ranked: readonly string[];
  /** Of the best. */
  readonly score: number;
  /** What it returns when it may abstain. */
  readonly returned: readonly string[];
}

export interface Ranking {
  /** The shares of positives whose skill is first, among the first three, among the first five. */
  readonly hit1: number;
  readonly hit3: number;
  readonly hit5: number;
  /** The mean of 1 / rank; 0 where the skill is not there. */
  readonly mrr: number;
  /** The chance that a positive has a higher score than a negative. Null when either kind is missing. */
  readonly auc: number | null;
}

export interface Abstention {
  /** The share of negatives that get nothing. Null without negatives. */
  readonly negativesAbstained: number | null;
  /** The share of positives that lose their skill because the matcher was not sure enough: see `isLost`. */
  readonly positivesLost: number | null;
}

const isPositive = ({ expected }: Answer): boolean => expected !== null;

export function scoreRanking(answers: readonly Answer[]): Ranking {
  const positives = answers.filter(isPositive);
  const ranks = positives.map(({ expected, ranked }) => (expected === null ? 0 : ranked.indexOf(expected) + 1));
  const hit = (last: number): number => mean(ranks.map((rank) => (rank > 0 && rank <= last ? 1 : 0)));
  return {
    hit1: hit(1),
    hit3: hit(3),
    hit5: hit(5),
    mrr: mean(ranks.map((rank) => (rank > 0 ? 1 / rank : 0))),
    auc: areaUnderCurve(
      positives.map(({ score }) => score),
      answers.filter((answer) => !isPositive(answer)).map(({ score }) => score),
    ),
  };
}

export function scoreAbstention(answers: readonly Answer[]): Abstention {
  const positives = answers.filter(isPositive);
  const negatives = answers.filter((answer) => !isPositive(answer));
  return {
    negativesAbstained: share(negatives, ({ returned }) => returned.length === 0),
    positivesLost: share(positives, isLost),
  };
}

/** Lost to caution: nothing was returned, or not the skill that stands among the first five without a threshold. */
function isLost({ expected, ranked, returned }: Answer): boolean {
  if (expected === null || returned.includes(expected)) return false;
  return returned.length === 0 || ranked.slice(0, 5).includes(expected);
}

export function areaUnderCurve(positives: readonly number[], negatives: readonly number[]): number | null {
  if (positives.length === 0 || negatives.length === 0) return null;
  const wins = positives.map((positive) =>
    mean(negatives.map((negative) => (positive > negative ? 1 : positive === negative ? 0.5 : 0))),
  );
  return mean(wins);
}

function share<T>(items: readonly T[], holds: (item: T) => boolean): number | null {
  return items.length === 0 ? null : mean(items.map((item) => (holds(item) ? 1 : 0)));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
