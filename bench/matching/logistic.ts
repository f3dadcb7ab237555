/** One observation: evidence, and whether a skill was meant. */
export interface Sample {
  readonly evidence: readonly number[];
  readonly isPositive: boolean;
  /** Observations of one group are never on both sides of a split. */
  readonly group: string;
}

export interface Model {
  readonly bias: number;
  readonly weights: readonly number[];
}

const STEPS = 400;
const RATE = 0.05;
/** What keeps weights small when nothing else is asked for. */
const RIDGE = 0.06;

/** Logistic regression by gradient descent (Adam) on standardized evidence, both kinds of samples weighing the same. */
export function fitLogistic(samples: readonly Sample[], ridge = RIDGE): Model {
  const { means, deviations } = standardize(samples);
  const rows = samples.map(({ evidence }) => evidence.map((x, j) => (x - (means[j] ?? 0)) / (deviations[j] ?? 1)));
  const positives = samples.filter(({ isPositive }) => isPositive).length;
  const balance = [samples.length / 2 / (samples.length - positives), samples.length / 2 / positives];
  const size = means.length;
  const values = new Float64Array(size + 1);
  const first = new Float64Array(size + 1);
  const second = new Float64Array(size + 1);
  for (let step = 1; step <= STEPS; step++) {
    const gradient = values.map((value, j) => (j < size ? value * ridge : 0));
    for (const [i, row] of rows.entries()) {
      const isPositive = samples[i]?.isPositive ?? false;
      const sum = row.reduce((total, x, j) => total + x * (values[j] ?? 0), values[size] ?? 0);
      const error = ((sigmoid(sum) - Number(isPositive)) * (balance[Number(isPositive)] ?? 1)) / rows.length;
      for (const [j, x] of row.entries()) gradient[j] = (gradient[j] ?? 0) + error * x;
      gradient[size] = (gradient[size] ?? 0) + error;
    }
    for (const [j, slope] of gradient.entries()) {
      const m = (first[j] = 0.9 * (first[j] ?? 0) + 0.1 * slope);
      const v = (second[j] = 0.99 * (second[j] ?? 0) + 0.01 * slope * slope);
      values[j] = (values[j] ?? 0) - (RATE * (m / (1 - 0.9 ** step))) / (Math.sqrt(v / (1 - 0.99 ** step)) + 1e-8);
    }
  }
  const weights = means.map((_, j) => (values[j] ?? 0) / (deviations[j] ?? 1));
  const bias = weights.reduce((sum, weight, j) => sum - weight * (means[j] ?? 0), values[size] ?? 0);
  return { bias, weights };
}

function standardize(samples: readonly Sample[]): { means: number[]; deviations: number[] } {
  const size = samples[0]?.evidence.length ?? 0;
  const means = Array.from(
    { length: size },
    (_, j) => samples.reduce((sum, { evidence }) => sum + (evidence[j] ?? 0), 0) / samples.length,
  );
  const deviations = means.map((mean, j) => {
    const sum = samples.reduce((total, { evidence }) => total + ((evidence[j] ?? 0) - mean) ** 2, 0);
    return Math.sqrt(sum / samples.length) + 1e-6;
  });
  return { means, deviations };
}

/** What the evidence adds up to, from which the sigmoid makes a confidence. */
export function addUp({ bias, weights }: Model, evidence: readonly number[]): number {
  return evidence.reduce((sum, x, j) => sum + x * (weights[j] ?? 0), bias);
}

export function sigmoid(sum: number): number {
  return 1 / (1 + Math.exp(-sum));
}
