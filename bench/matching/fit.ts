import { buildMatchIndex, type MatchDocument } from '../../src/knowledge/match/index.ts';
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
/** Of each so many made cases one is learned from; all are measured. */
const EVERY = 8;
/** One of so many skills is in a catalogue of few. */
const FEW = 30;

/**
 * Besides the prompts as they are there are those whose whole family of skills was taken away, and those asked of a few
 * skills, with their own or with none of its family. What is learned from the first alone holds for one large catalogue.
 */
type Kind = 'plain' | 'foreign' | 'few';

interface Case extends Sample {
  readonly kind: Kind;
}

/** Measured on folds the model had not seen, the mean of several ways to make folds. */
interface Held {
  readonly threshold: number;
  readonly auc: number;
  readonly negativesAbstained: number;
  readonly foreignAuc: number;
  readonly foreignAbstained: number;
  readonly fewAuc: number;
  readonly fewAbstained: number;
  readonly fewLost: number;
}

export interface Fit extends Held {
  readonly weights: Model;
}

/** Learns the weights of the evidence from a corpus, and tells how well they do on what they have not seen. */
export function fitWeights(corpus: Corpus): Fit {
  const cases = makeCases(corpus);
  const rounds = Array.from({ length: ROUNDS }, (_, round) => crossValidate(cases, round));
  const mean = (key: keyof Held): number => rounds.reduce((sum, round) => sum + round[key], 0) / ROUNDS;
  return {
    threshold: mean('threshold'),
    auc: mean('auc'),
    negativesAbstained: mean('negativesAbstained'),
    foreignAuc: mean('foreignAuc'),
    foreignAbstained: mean('foreignAbstained'),
    fewAuc: mean('fewAuc'),
    fewAbstained: mean('fewAbstained'),
    fewLost: mean('fewLost'),
    weights: fitLogistic(chooseShown(cases)),
  };
}

function makeCases({ catalogue, prompts }: Corpus): Case[] {
  const documents = catalogue.map(toDocument);
  const all = indexOf(documents);
  const cases: Case[] = [];
  for (const { prompt, expected } of prompts) {
    const add = (kind: Kind, isPositive: boolean, index: IndexView, without?: string): void => {
      const evidence = measure(index, prompt, (id) => without === undefined || familyOf(id) !== without);
      if (evidence !== undefined) cases.push({ kind, evidence, isPositive, group: expected ?? prompt });
    };
    add('plain', expected !== null, all);
    if (expected === null) continue;
    const family = familyOf(expected);
    const isOne = (id: string): boolean => hash(`${prompt} ${id}`) % FEW === 0;
    add('foreign', false, all, family);
    add('few', true, indexOf(documents.filter(({ id }) => id === expected || isOne(id))));
    add('few', false, indexOf(documents.filter(({ id }) => familyOf(id) !== family && isOne(id))));
  }
  return cases;
}

function indexOf(documents: readonly MatchDocument[]): IndexView {
  const opened = viewIndex(buildMatchIndex(documents));
  if (opened === undefined) throw new Error('an index that was just built does not open');
  return opened;
}

function crossValidate(cases: readonly Case[], round: number): Held {
  const scores = new Map<string, number[]>();
  for (let fold = 0; fold < FOLDS; fold++) {
    const isHeld = ({ group }: Sample): boolean => hash(`${round} ${group}`) % FOLDS === fold;
    const model = fitLogistic(chooseShown(cases.filter((one) => !isHeld(one))));
    for (const { kind, isPositive, evidence } of cases.filter(isHeld)) {
      const key = `${kind} ${isPositive}`;
      scores.set(key, [...(scores.get(key) ?? []), predict(model, evidence)]);
    }
  }
  const of = (kind: Kind, isPositive: boolean): number[] => scores.get(`${kind} ${isPositive}`) ?? [];
  const positives = of('plain', true);
  const threshold = positives.toSorted((a, b) => a - b)[Math.floor(positives.length * LOST)] ?? 0;
  const below = (values: readonly number[]): number =>
    values.filter((value) => value < threshold).length / Math.max(1, values.length);
  return {
    threshold,
    auc: areaUnderCurve(positives, of('plain', false)) ?? 0,
    negativesAbstained: below(of('plain', false)),
    foreignAuc: areaUnderCurve(positives, of('foreign', false)) ?? 0,
    foreignAbstained: below(of('foreign', false)),
    fewAuc: areaUnderCurve(of('few', true), of('few', false)) ?? 0,
    fewAbstained: below(of('few', false)),
    fewLost: below(of('few', true)),
  };
}

/** All prompts as they are, and some of the made cases. */
function chooseShown(cases: readonly Case[]): Case[] {
  const made = cases.filter(({ kind }) => kind !== 'plain');
  return [...cases.filter(({ kind }) => kind === 'plain'), ...made.filter((_, i) => i % EVERY === 0)];
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
