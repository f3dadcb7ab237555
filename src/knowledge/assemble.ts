import type { Dropped } from './augmentation.ts';
import type { Tokenizer } from './count-tokens.ts';
import { type LabelledText, labelSkill } from './label.ts';
import { type Piece, rankSections } from './rank-sections.ts';
import type { Knowledge } from './read-knowledge.ts';

/** A skill that fits the prompt, and what it may take. */
export interface Candidate {
  readonly id: string;
  readonly version: string;
  readonly hash: string;
  readonly description: string;
  /** In tokens. */
  readonly most: number;
  readonly knowledge: Knowledge;
  /** Topics that the prompt means, in the skill's own words. */
  readonly topics: readonly string[];
}

export interface Assembled {
  /** Empty when not even the description fits. */
  readonly text: string;
  readonly tokens: number;
  readonly files: readonly string[];
  readonly dropped: readonly Dropped[];
}

/**
 * Puts one skill's knowledge together: what is always in, then what fits the prompt, best first, each section whole or
 * not at all, within `room` tokens. What remains out is told.
 */
export function assembleSkill(skill: Candidate, prompt: string, room: number, tokenizer: Tokenizer): Assembled {
  const limit = Math.min(room, skill.most);
  const pieces = rankSections(skill.knowledge.files, prompt, skill.topics);
  const wanted = orderPieces(pieces);
  const dropped: Dropped[] = [];
  const taken: Piece[] = [];
  let text = label(skill, taken);
  let tokens = tokenizer.count(text);
  if (tokens > limit)
    return { text: '', tokens: 0, files: [], dropped: [{ what: skill.id, why: tooLong(tokens, skill, limit) }] };
  for (const piece of wanted) {
    // A first guess from the parts spares counting the whole for what is far too long.
    const guess = tokens + tokenizer.count(piece.section.text);
    const longer = guess > limit + GUESS_ERROR ? undefined : label(skill, [...taken, piece]);
    const cost = longer === undefined ? guess : tokenizer.count(longer);
    if (longer === undefined || cost > limit) {
      dropped.push({ what: `${skill.id} ${nameOf(piece)}`, why: tooLong(cost - tokens, skill, limit - tokens) });
      continue;
    }
    taken.push(piece);
    [text, tokens] = [longer, cost];
  }
  return { text, tokens, files: [...new Set(taken.map(({ file }) => file.path))], dropped };
}

/** A text costs a little less or more than its parts. */
const GUESS_ERROR = 16;

/** What is always in comes first and in its own order, unless the prompt asks for parts of it; the rest by how it fits. */
function orderPieces(pieces: readonly Piece[]): readonly Piece[] {
  const always = pieces.filter(({ file }) => file.isAlwaysIn);
  const fitting = pieces.filter(({ file, fit }) => !file.isAlwaysIn && fit > 0);
  return [
    ...always.toSorted((a, b) => intro(b) - intro(a) || b.fit - a.fit),
    ...fitting.toSorted((a, b) => b.fit - a.fit),
  ];
}

/** The beginning of a file says what the rest is. */
function intro({ at }: Piece): number {
  return at === 0 ? 1 : 0;
}

function label(skill: Candidate, taken: readonly Piece[]): string {
  const { id, version, hash, description, knowledge } = skill;
  const texts: LabelledText[] = [];
  for (const file of knowledge.files) {
    const sections = taken.filter((piece) => piece.file === file).toSorted((a, b) => a.at - b.at);
    const text = sections.map(({ section }) => section.text.trimEnd()).join('\n\n');
    if (sections.length > 0) texts.push({ path: file.path, text });
  }
  return labelSkill({ id, version, hash, description, texts, references: knowledge.references });
}

function nameOf({ file, section }: Piece): string {
  return section.heading === '' ? file.path : `${file.path}, ${JSON.stringify(section.heading)}`;
}

function tooLong(tokens: number, { most }: Candidate, left: number): string {
  const whose = left >= most ? `the skill's max_context_tokens = ${most}` : `the ${Math.max(left, 0)} that are left`;
  return `it takes ${tokens} tokens, more than ${whose}`;
}
