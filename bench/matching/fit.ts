import { buildMatchIndex, type MatchDocument } from '../../src/knowledge/match/index.ts';
import { Scratch } from '../../src/knowledge/match/candidates.ts';
import { shareOfMany } from '../../src/knowledge/match/confidence.ts';
import { EVIDENCE, gatherEvidence } from '../../src/knowledge/match/evidence.ts';
import { type Prompt, readPrompt } from '../../src/knowledge/match/prompt.ts';
import { type Query, resolvePrompt } from '../../src/knowledge/match/query.ts';
import { type Ranking, rankDocuments } from '../../src/knowledge/match/rank.ts';
import { idOf, type IndexView, viewIndex } from '../../src/knowledge/match/view.ts';
import { type Corpus, toDocument } from './corpus.ts';
import { addUp, fitLogistic, type Model, type Sample, sigmoid } from './logistic.ts';
import { areaUnderCurve } from './score.ts';

const FOLDS = 5;
const ROUNDS = 3;
/**
 * The share of positives lost that the threshold aims at; the promise is 0.08. Among few it is less, since skills with
 * short texts, which the corpus has not, lose more there.
 */
const LOST = { few: 0.05, many: 0.07 };

/** Small, since names said only to be rejected are rare there, and what is rare is lost with more. */
const RIDGE_OF_FEW = 0.01;

/** How many skills a prompt is asked of, with its own among them or with none of its family. */
const FEW = 12;
const HUNDRED = 100;
/** One of so many prompts is asked of a hundred skills, which is only measured. */
const EVERY = 4;

/**
 * Prompts as they are; those whose whole family of skills was taken away; those asked of a few skills; those that mean
 * none, asked of a few skills with the closest of all among them; those asked of a hundred skills.
 */
const KINDS = ['plain', 'foreign', 'few', 'close', 'hundred'] as const;
type Kind = (typeof KINDS)[number];
/** Where the positives are with which the negatives of a kind are compared. */
const MEANT: Readonly<Record<Kind, Kind>> = {
  plain: 'plain',
  foreign: 'plain',
  few: 'few',
  close: 'few',
  hundred: 'hundred',
};

interface Case extends Sample {
  readonly kind: Kind;
  readonly skills: number;
}

/** Measured on folds the model had not seen, at the threshold. */
interface Parted {
  readonly auc: number;
  readonly abstained: number;
  readonly lost: number;
}

export type Held = Readonly<Record<Kind, Parted>>;

export interface Fit {
  readonly threshold: number;
  readonly held: Held;
  readonly few: Model;
  readonly many: Model;
}

/** One model learned of prompts asked of a few skills, one of prompts asked of the whole catalogue. */
type Models = Pick<Fit, 'few' | 'many'>;

/** Learns the weights of the evidence from a corpus, and tells how well they do on what they have not seen. */
export function fitWeights(corpus: Corpus): Fit {
  const cases = makeCases(corpus);
  const rounds = Array.from({ length: ROUNDS }, (_, round) => crossValidate(cases, round));
  const mean = (pick: (round: Round) => number): number => addAll(rounds.map(pick)) / ROUNDS;
  const { few, many } = fitBoth(cases);
  const at = mean((round) => round.at.many);
  return {
    threshold: sigmoid(at),
    held: forEachKind((kind) => ({
      auc: mean(({ held }) => held[kind].auc),
      abstained: mean(({ held }) => held[kind].abstained),
      lost: mean(({ held }) => held[kind].lost),
    })),
    few: { ...few, bias: few.bias + at - mean((round) => round.at.few) },
    many,
  };
}

function fitBoth(cases: readonly Case[]): Models {
  const of = (...kinds: Kind[]): Case[] => cases.filter(({ kind }) => kinds.includes(kind));
  return { few: fitLogistic(of('few', 'close'), RIDGE_OF_FEW), many: fitLogistic(of('plain')) };
}

function makeCases({ catalogue, prompts }: Corpus): Case[] {
  const documents = catalogue.map(toDocument);
  const all = indexOf(documents);
  const cases: Case[] = [];
  for (const { prompt, expected } of prompts) {
    const add = (kind: Kind, isPositive: boolean, index: IndexView, without?: string): void => {
      const evidence = measure(index, prompt, (id) => without === undefined || familyOf(id) !== without);
      const group = expected ?? prompt;
      if (evidence !== undefined) cases.push({ kind, evidence, isPositive, group, skills: index.count });
    };
    const few = (id: string): boolean => hash(`${prompt} ${id}`) % catalogue.length < FEW;
    const hundred = (id: string): boolean => hash(`${prompt} ${id}`) % catalogue.length < HUNDRED;
    add('plain', expected !== null, all);
    if (expected === null) {
      const closest = findClosest(all, prompt);
      add('close', false, indexOf(documents.filter(({ id }) => id === closest || few(id))));
      continue;
    }
    const family = familyOf(expected);
    add('foreign', false, all, family);
    const addBoth = (kind: Kind, isOne: (id: string) => boolean): void => {
      add(kind, true, indexOf(documents.filter(({ id }) => id === expected || isOne(id))));
      add(kind, false, indexOf(documents.filter(({ id }) => familyOf(id) !== family && isOne(id))));
    };
    addBoth('few', few);
    if (hash(prompt) % EVERY === 0) addBoth('hundred', hundred);
  }
  return cases;
}

function indexOf(documents: readonly MatchDocument[]): IndexView {
  const opened = viewIndex(buildMatchIndex(documents));
  if (opened === undefined) throw new Error('an index that was just built does not open');
  return opened;
}

interface Round {
  readonly held: Held;
  /** For each model what the share to be lost of its positives stays under, before it becomes a confidence. */
  readonly at: { readonly few: number; readonly many: number };
}

function crossValidate(cases: readonly Case[], round: number): Round {
  const judged: { readonly one: Case; readonly few: number; readonly many: number }[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const isHeld = ({ group }: Sample): boolean => hash(`${round} ${group}`) % FOLDS === fold;
    const { few, many } = fitBoth(cases.filter((one) => !isHeld(one)));
    for (const one of cases.filter(isHeld)) {
      judged.push({ one, few: addUp(few, one.evidence), many: addUp(many, one.evidence) });
    }
  }
  const positives = (kind: Kind): typeof judged => judged.filter(({ one }) => one.isPositive && one.kind === kind);
  const at = {
    few: underWhich(
      positives('few').map(({ few }) => few),
      LOST.few,
    ),
    many: underWhich(
      positives('plain').map(({ many }) => many),
      LOST.many,
    ),
  };
  const scores = (kind: Kind, isPositive: boolean): number[] =>
    judged
      .filter(({ one }) => one.kind === kind && one.isPositive === isPositive)
      .map(({ one: { skills }, few, many }) => mix(few - at.few, many - at.many, skills));
  const part = (kind: Kind): Parted => ({
    auc: areaUnderCurve(scores(MEANT[kind], true), scores(kind, false)) ?? 0,
    abstained: shareBelow(scores(kind, false)),
    lost: shareBelow(scores(MEANT[kind], true)),
  });
  return { at, held: forEachKind(part) };
}

function forEachKind(part: (kind: Kind) => Parted): Held {
  return Object.fromEntries(KINDS.map((kind) => [kind, part(kind)])) as Held;
}

/** What so large a share of the values stays under. */
function underWhich(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;
}

function shareBelow(values: readonly number[]): number {
  return values.filter((value) => value < 0).length / Math.max(1, values.length);
}

/** As the matcher mixes: to mix weights is to mix what they add up to. */
function mix(few: number, many: number, skills: number): number {
  return few + shareOfMany(skills) * (many - few);
}

function addAll(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function measure(view: IndexView, text: string, allows: (id: string) => boolean): number[] | undefined {
  const { prompt, query, ranking } = rank(view, text, allows);
  return gatherEvidence(view, prompt, query, ranking);
}

/** The skill the prompt comes closest to, also when it names it only to reject it. */
function findClosest(view: IndexView, text: string): string | undefined {
  const { ranked, rejected } = rank(view, text, () => true).ranking;
  const closest = rejected[0] ?? ranked[0];
  return closest && idOf(view, closest.document);
}

function rank(view: IndexView, text: string, allows: (id: string) => boolean): Asked {
  const prompt = readPrompt(text);
  const query = resolvePrompt(view, prompt);
  const ranking = rankDocuments(view, prompt, query, new Scratch(view.count), (i) => allows(idOf(view, i)));
  return { prompt, query, ranking };
}

interface Asked {
  readonly prompt: Prompt;
  readonly query: Query;
  readonly ranking: Ranking;
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
export function printWeights({ threshold, few, many }: Fit): string {
  const pair = (first: number, second: number): string => `{ few: ${short(first)}, many: ${short(second)} }`;
  const lines = EVIDENCE.map((name, i) => `  ${pair(few.weights[i] ?? 0, many.weights[i] ?? 0)}, // ${name}`);
  return `// Learned by \`npm run bench:matching -- --fit\`, which prints this file; see docs/matching.md.

/** Below this nothing is returned. It means as much among few skills as among many. */
export const THRESHOLD = ${threshold.toFixed(2)};

/** What holds among a few skills, and what among many. */
export interface ByCount {
  readonly few: number;
  readonly many: number;
}

export const BIAS: ByCount = ${pair(few.bias, many.bias)};

/** For each kind of evidence, in its order. */
export const WEIGHTS: readonly ByCount[] = [
${lines.join('\n')}
];
`;
}
