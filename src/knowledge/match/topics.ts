import { COMMON_WORDS, STOP_WORDS } from './common-words.ts';
import { distance, maskLetters, mayBeNear, toleranceOf } from './distance.ts';
import type { Prompt, Token } from './prompt.ts';
import { type IndexView, type PhraseView, useOf } from './view.ts';

export type TopicRule = 'exact' | 'synonym' | 'fuzzy';

/** A topic that was said, one way or another. */
export interface TopicHit {
  readonly document: number;
  readonly rule: TopicRule;
  readonly isSynonym: boolean;
  /** The words of the prompt. */
  readonly word: string;
  /** The topic or synonym as its author wrote it. */
  readonly target: string;
  readonly topic: string;
}

/** Topics are found by up to so many words; scripts without spaces need more of them. */
const MAX_EXACT = 6;
const MAX_FUZZY = 3;
/** So many spellings of a prompt are tried for typing errors. */
const MAX_PROBES = 64;
/** So many spellings of topics are compared with one prompt by their letters, and so many of them by their order. */
const MAX_COMPARED = 2_000_000;
const MAX_MEASURED = 5000;
/** A topic that everybody claims is no reason to return everybody. */
const MAX_HITS = 4096;

/** Finds the topics of a prompt. */
export function findTopics(view: IndexView, prompt: Prompt): TopicHit[] {
  if (view.phrases.keys.size === 0) return [];
  const hits: TopicHit[] = [];
  const exact = findExact(view.phrases, prompt.tokens, hits);
  findFuzzy(view, prompt.tokens, exact, hits);
  return hits;
}

/** Adds what is said exactly and tells which tokens said it. */
function findExact(phrases: PhraseView, tokens: readonly Token[], hits: TopicHit[]): ReadonlySet<number> {
  const used = new Set<number>();
  const seen = new Set<string>();
  for (const [start, words] of grams(tokens, MAX_EXACT)) {
    const text = words.map(({ stem }) => stem).join(' ');
    if (seen.has(text)) continue;
    const key = phrases.keys.find(text);
    if (key === undefined) continue;
    seen.add(text);
    for (let i = 0; i < words.length; i++) used.add(start + i);
    for (let at = phrases.keyOffsets[key] ?? 0; at < (phrases.keyOffsets[key + 1] ?? 0); at++)
      addHit(phrases, phrases.usesOfKeys[at] ?? -1, words, undefined, hits);
  }
  return used;
}

interface Probe {
  readonly words: readonly Token[];
  readonly text: string;
  /** Words that a skill uses are probably meant as they are written. */
  readonly isKnown: boolean;
}

function findFuzzy(view: IndexView, tokens: readonly Token[], exact: ReadonlySet<number>, hits: TopicHit[]): void {
  let [left, measurable] = [MAX_COMPARED, MAX_MEASURED];
  for (const probe of chooseProbes(view, tokens, exact)) {
    const { phrases } = view;
    const mask = maskLetters(probe.text);
    const reach = toleranceOf(probe.text.length + 2);
    const longest = probe.text.length + reach;
    for (let at = lowerBound(phrases.lengths, probe.text.length - reach); at < phrases.letters.size; at++) {
      const length = phrases.lengths[at] ?? 0;
      if (length > longest || left-- <= 0) break;
      const tolerance = Math.min(toleranceOf(length), probe.isKnown ? 1 : 2);
      if (tolerance === 0 || !mayBeNear(mask, phrases.masks[at] ?? 0, tolerance)) continue;
      if (measurable-- <= 0) return;
      if (distance(probe.text, phrases.letters.text(at), tolerance) === undefined) continue;
      for (let use = phrases.usesOfLetters[at] ?? 0; use < (phrases.usesOfLetters[at + 1] ?? 0); use++)
        addHit(phrases, use, probe.words, 'fuzzy', hits);
    }
  }
}

/** What may be misspelt, the likeliest first: no words of everyday, and unknown ones rather than known. */
function chooseProbes(view: IndexView, tokens: readonly Token[], exact: ReadonlySet<number>): Probe[] {
  const probes = new Map<string, Probe>();
  for (const [start, words] of grams(tokens, MAX_FUZZY)) {
    if (words.every(({ stem }) => STOP_WORDS.has(stem) || COMMON_WORDS.has(stem))) continue;
    const text = words.map(({ word }) => word).join(' ');
    if (text.length < 3 || probes.has(text)) continue;
    const isKnown = words.every(
      ({ stem }, i) => exact.has(start + i) || STOP_WORDS.has(stem) || view.terms.find(stem) !== undefined,
    );
    probes.set(text, { words, text, isKnown });
  }
  const inOrder = [...probes.values()].toSorted(
    (a, b) => Number(a.isKnown) - Number(b.isKnown) || a.words.length - b.words.length,
  );
  return inOrder.slice(0, MAX_PROBES);
}

function addHit(
  phrases: PhraseView,
  number: number,
  words: readonly Token[],
  rule: 'fuzzy' | undefined,
  hits: TopicHit[],
): void {
  const use = useOf(phrases, number);
  if (use === undefined || hits.length >= MAX_HITS) return;
  const { document, isSynonym } = use;
  const target = phrases.texts.text(use.text);
  const topic = phrases.texts.text(use.topic);
  const word = words.map(({ surface }) => surface).join(' ');
  hits.push({ document, isSynonym, target, topic, word, rule: rule ?? (isSynonym ? 'synonym' : 'exact') });
}

/** The runs of up to `longest` tokens, with where they begin. */
function* grams(tokens: readonly Token[], longest: number): Generator<[number, readonly Token[]]> {
  for (let length = 1; length <= longest; length++) {
    for (let start = 0; start + length <= tokens.length; start++) yield [start, tokens.slice(start, start + length)];
  }
}

/** The first place in sorted numbers that holds at least `wanted`. */
function lowerBound(sorted: Uint32Array, wanted: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
