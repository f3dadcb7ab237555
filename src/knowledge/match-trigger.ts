import type { ListedTrigger } from '../catalog/entry.ts';
import { stem } from './match/stem.ts';
import { splitWords } from './match/words.ts';

/** What a trigger may look at beside the prompt. */
export interface TriggerSurroundings {
  /** Whether there is a file, by a path relative to where the user is. */
  readonly hasFile: (path: string) => boolean;
  /** Whether a variable is set; what it holds is nobody's business here. */
  readonly isSet: (name: string) => boolean;
  /** As `process.platform`. */
  readonly os: string;
}

/** The words of a prompt, in order, in the form in which they are compared. */
export function stemsOf(text: string): readonly string[] {
  return splitWords(text).words.map(({ word }) => stem(word));
}

/** Why a trigger fits a prompt; undefined when it does not. All that it says must hold. */
export function matchTrigger(
  { keywords, intent, hasFiles, envSet, os }: ListedTrigger,
  prompt: readonly string[],
  { hasFile, isSet, os: here }: TriggerSurroundings,
): string | undefined {
  const keyword = keywords.find((one) => holdsRun(prompt, stemsOf(one)));
  if (keywords.length > 0 && keyword === undefined) return undefined;
  const wanted = stemsOf(intent);
  if (intent !== '' && (wanted.length === 0 || !wanted.every((word) => prompt.includes(word)))) return undefined;
  if (!hasFiles.every(hasFile) || !envSet.every(isSet) || (os.length > 0 && !os.includes(here))) return undefined;
  return keyword === undefined
    ? `the prompt means ${JSON.stringify(intent)}`
    : `the prompt says ${JSON.stringify(keyword)}`;
}

/** Whether words stand next to each other, in this order. */
function holdsRun(words: readonly string[], run: readonly string[]): boolean {
  if (run.length === 0) return false;
  return words.some((_, at) => run.every((word, i) => words[at + i] === word));
}
