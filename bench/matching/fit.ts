import { buildMatchIndex } from '../../src/knowledge/match/index.ts';
import { Scratch } from '../../src/knowledge/match/candidates.ts';
import { EVIDENCE, gatherEvidence } from '../../src/knowledge/match/evidence.ts';
import { readPrompt } from '../../src/knowledge/match/prompt.ts';
import { resolvePrompt } from '../../src/knowledge/match/query.ts';
import { rankDocuments } from '../../src/knowledge/match/rank.ts';
import { idOf, type IndexView, viewIndex } from '../../src/knowledge/match/view.ts';
import { type Corpus, toDocument } from './corpus.ts';
import { fitLogistic, type Model, predict, type Sample } from './logistic.ts';
import { areaUnderCurve } from './score.ts';

const FOLDS = 5;
const ROUNDS = 3;
/** The share of prompts lost that the threshold aims at; the promise is 0.08. */
const LOST = 0.07;
/** Of each so many positives one is also shown as a negative, with all skills of its family taken away. */
const EVERY = 8;

export interface Fit {
  readonly weights: Model;
  readonly threshold: number;
  /** Measured on folds the model had not seen, the mean of several ways to make folds. */
  readonly auc: number;
  readonly negativesAbstained: number;
  readonly positivesLost: number;
  /** The same for prompts whose whole family of skills was taken away. */
  readonly foreignAuc: number;
  readonly foreignAbstained: number;
}

/** Learns the weights of the evidence from a corpus, and tells how well they do on what they have not seen. */
export function fitWeights({ catalogue, prompts }: Corpus): Fit {
  const view = viewIndex(buildMatchIndex(catalogue.map(toDocument)));
  if (view === undefined) throw new Error('an index that was just built does not open');
  const samples: Sample[] = [];
  const foreign: Sample[] = [];
  for (const { prompt, expected } of prompts) {
    const group = expected ?? prompt;
    const evidence = measure(view, prompt, () => true);
    if (evidence !== undefined) samples.push({ evidence, isPositive: expected !== null, group });
    if (expected === null) continue;
    const family = familyOf(expected);
    const without = measure(view, prompt, (id) => familyOf(id) !== family);
    if (without !== undefined) foreign.push({ evidence: without, isPositive: false, group });
  }
  const rounds = Array.from({ length: ROUNDS }, (_, round) => crossValidate(samples, foreign, round));
  const mean = (key: keyof (typeof rounds)[number]): number =>
    rounds.reduce((sum, round) => sum + round[key], 0) / ROUNDS;
  return {
    weights: fitLogistic([...samples, ...thin(foreign)]),
    threshold: mean('threshold'),
    auc: mean('auc'),
    negativesAbstained: mean('negativesAbstained'),
    positivesLost: LOST,
    foreignAuc: mean('foreignAuc'),
    foreignAbstained: mean('foreignAbstained'),
  };
}

function crossValidate(
  samples: readonly Sample[],
  foreign: readonly Sample[],
  round: number,
): Record<'threshold' | 'auc' | 'negativesAbstained' | 'foreignAuc' | 'foreignAbstained', number> {
  const scores: Record<'positive' | 'negative' | 'foreign', number[]> = { positive: [], negative: [], foreign: [] };
  for (let fold = 0; fold < FOLDS; fold++) {
    const isHeld = ({ group }: Sample): boolean => hash(`${round} ${group}`) % FOLDS === fold;
    const isShown = (sample: Sample): boolean => !isHeld(sample);
    const model = fitLogistic([...samples.filter(isShown), ...thin(foreign.filter(isShown))]);
    for (const sample of samples.filter(isHeld))
      scores[sample.isPositive ? 'positive' : 'negative'].push(predict(model, sample.evidence));
    for (const { evidence } of foreign.filter(isHeld)) scores.foreign.push(predict(model, evidence));
  }
  const threshold = scores.positive.toSorted((a, b) => a - b)[Math.floor(scores.positive.length * LOST)] ?? 0;
  const below = (values: readonly number[]): number =>
    values.filter((value) => value < threshold).length / values.length;
  return {
    threshold,
    auc: areaUnderCurve(scores.positive, scores.negative) ?? 0,
    negativesAbstained: below(scores.negative),
    foreignAuc: areaUnderCurve(scores.positive, scores.foreign) ?? 0,
    foreignAbstained: below(scores.foreign),
  };
}

function measure(view: IndexView, text: string, allows: (id: string) => boolean): number[] | undefined {
  const prompt = readPrompt(text);
  const query = resolvePrompt(view, prompt);
  const ranking = rankDocuments(view, prompt, query, new Scratch(view.count), (i) => allows(idOf(view, i)));
  return gatherEvidence(view, prompt, query, ranking);
}

/** Skills of one product are named alike. */
function familyOf(name: string): string {
  return name.split('-')[0] ?? name;
}

function thin(samples: readonly Sample[]): Sample[] {
  return samples.filter((_, i) => i % EVERY === 0);
}

function hash(text: string): number {
  let sum = 0x811c_9dc5;
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x0100_0193);
  sum = Math.imul(sum ^ (sum >>> 15), 0x85eb_ca6b);
  return (sum ^ (sum >>> 13)) >>> 0;
}

/** As the formatter writes it. */
function short(value: number): number {
  return Number(value.toFixed(4));
}

/** The file src/knowledge/match/weights.ts. */
export function printWeights({ bias, weights }: Model, threshold: number): string {
  const lines = weights.map((weight, i) => `  ${short(weight)}, // ${EVIDENCE[i] ?? ''}`);
  return `// Learned by \`npm run bench:matching -- --fit\`, which prints this file; see docs/matching.md.

/** Below this nothing is returned. */
export const THRESHOLD = ${threshold.toFixed(2)};

export const BIAS = ${short(bias)};

/** One weight for each kind of evidence, in its order. */
export const WEIGHTS: readonly number[] = [
${lines.join('\n')}
];
`;
}
