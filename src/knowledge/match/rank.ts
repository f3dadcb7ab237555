import { type Candidate, findCandidates, type Scratch } from './candidates.ts';
import { findName, judgeNaming, type Naming } from './name.ts';
import { findRuns, placeTerms, type Runs } from './phrases.ts';
import type { Prompt } from './prompt.ts';
import { rarityOf } from './rarity.ts';
import type { Query } from './query.ts';
import { BREAK } from './record.ts';
import type { IndexView } from './view.ts';

/** A candidate, looked at closely. */
export interface Ranked extends Candidate {
  /** What the order goes by: shared words, shared phrases, and how much of the name was said. */
  readonly strength: number;
  readonly runs: Runs;
  /** The longest run of the prompt in what the skill says it is not for. */
  readonly excludedRun: number;
  /** The share of the name that the prompt says, by rarity. */
  readonly nameShare: number;
  readonly naming: Naming;
}

/** The candidates in their order; those the prompt names only to reject them stand apart. */
export interface Ranking {
  readonly ranked: readonly Ranked[];
  readonly rejected: readonly Ranked[];
}

const PAIRS = 0.5;
const TRIPLES = 0.3;
const NAME = 3;

/** Looks at the candidates closely and puts them in order. */
export function rankDocuments(
  view: IndexView,
  prompt: Prompt,
  query: Query,
  scratch: Scratch,
  allows: (document: number) => boolean,
): Ranking {
  const places = placeTerms(query);
  const candidates = findCandidates(view, query, scratch, allows);
  const names = candidates.map(({ document }) => {
    const name = partSequence(view, document).name;
    return { length: name.length, starts: findName(name, query) };
  });
  const ranked: Ranked[] = [];
  const rejected: Ranked[] = [];
  for (const [i, candidate] of candidates.entries()) {
    const { document, weight, covered } = candidate;
    const { name, purpose, excluded } = partSequence(view, document);
    const runs = findRuns(purpose, places, query);
    const nameShare = shareOfName(view, name, query);
    // `git-review` is not named by a prompt that names `git-review-fast`.
    const own = names[i]?.starts.filter((start) => !names.some((other) => covers(other, start, name.length))) ?? [];
    const naming = judgeNaming(own, prompt);
    // Written out: a spread of each would be most of what a match leaves to be collected.
    (naming === 'rejected' ? rejected : ranked).push({
      document,
      weight,
      covered,
      runs,
      nameShare,
      excludedRun: excluded.length === 0 ? 0 : findRuns(excluded, places, query).longest,
      strength: weight + PAIRS * runs.pairs + TRIPLES * runs.triples + NAME * nameShare,
      naming,
    });
  }
  return { ranked: ranked.toSorted((a, b) => b.strength - a.strength || a.document - b.document), rejected };
}

function covers(other: { length: number; starts: readonly number[] }, start: number, length: number): boolean {
  return other.length > length && other.starts.some((from) => from <= start && from + other.length >= start + length);
}

interface Parts {
  readonly name: Uint32Array;
  /** Name and description, with a break between. */
  readonly purpose: Uint32Array;
  readonly excluded: Uint32Array;
}

const NOTHING = new Uint32Array();

function partSequence({ sequences: { offsets, terms } }: IndexView, document: number): Parts {
  const whole = terms.subarray(offsets[document], offsets[document + 1]);
  const first = endOfPart(whole, 0);
  const second = endOfPart(whole, first + 1);
  const excluded = second + 1 < whole.length ? whole.subarray(second + 1) : NOTHING;
  return { name: whole.subarray(0, first), purpose: whole.subarray(0, second), excluded };
}

function endOfPart(sequence: Uint32Array, from: number): number {
  const end = sequence.indexOf(BREAK, from);
  return end < 0 ? sequence.length : end;
}

function shareOfName({ terms, inverted, count }: IndexView, name: Uint32Array, { rarityOf: said }: Query): number {
  let [all, shared] = [0, 0];
  for (const term of name) {
    const known = said.get(term);
    const holders = (inverted.offsets[term + 1] ?? 0) - (inverted.offsets[term] ?? 0);
    const rarity = known ?? rarityOf(terms.text(term), holders, count);
    all += rarity;
    if (known !== undefined) shared += rarity;
  }
  return all === 0 ? 0 : shared / all;
}
