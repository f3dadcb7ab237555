import type { Tokenizer } from './count-tokens.ts';
import { type Assembled, type Candidate, Draft } from './draft.ts';
import { type Piece, rankSections } from './rank-sections.ts';

/**
 * Puts one skill's knowledge together: what is always in, then what fits the prompt, best first, each section whole or
 * not at all, within `room` tokens. What remains out is told.
 */
export function assembleSkill(skill: Candidate, prompt: string, room: number, tokenizer: Tokenizer): Assembled {
  const draft = new Draft(skill, room, tokenizer);
  if (draft.begin())
    for (const piece of orderPieces(rankSections(skill.knowledge.files, prompt, skill.topics))) draft.offer(piece);
  return draft.finish();
}

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
