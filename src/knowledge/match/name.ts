import type { Prompt } from './prompt.ts';
import type { Query } from './query.ts';

/** Whether a prompt calls a skill by its whole name, and whether only to say that it is not wanted. */
export type Naming = 'none' | 'named' | 'rejected';

const FILLERS = new Set(['a', 'an', 'be', 'called', 'it', 'skill', 'the', 'this', 'to', 'use', 'using']);
const NEGATORS = new Set(['avoid', 'except', 'isn', 'never', 'not', 'without']);
const PAIRED = new Map([
  ['of', 'instead'],
  ['than', 'rather'],
]);

/** Places in the prompt where the name begins. A name of one word is a word like others. */
export function findName(name: Uint32Array, { sequence }: Query): number[] {
  if (name.length < 2) return [];
  const starts: number[] = [];
  for (let start = sequence.indexOf(name[0]); start >= 0; start = sequence.indexOf(name[0], start + 1)) {
    if (name.every((term, i) => sequence[start + i] === term)) starts.push(start);
  }
  return starts;
}

/** How the places where a name stands use it. One use that does not reject it is enough to name it. */
export function judgeNaming(starts: readonly number[], prompt: Prompt): Naming {
  if (starts.length === 0) return 'none';
  return starts.every((start) => isRejected(start, prompt)) ? 'rejected' : 'named';
}

function isRejected(start: number, { tokens }: Prompt): boolean {
  let at = start - 1;
  while (FILLERS.has(tokens[at]?.word ?? '')) at--;
  const word = tokens[at]?.word ?? '';
  // In "isn't" the word is followed by what the apostrophe left.
  if (word === 't') return NEGATORS.has(tokens[at - 1]?.word ?? '');
  return NEGATORS.has(word) || PAIRED.get(word) === (tokens[at - 1]?.word ?? '-');
}
