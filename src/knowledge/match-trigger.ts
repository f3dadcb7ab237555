import type { ListedTrigger } from '../catalog/entry.ts';
import { COMMON_WORDS, STOP_WORDS } from './match/common-words.ts';
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

/** A trigger without the keywords that are in anybody's prompt; none when nothing is left of what it says of a prompt. */
export function tellingPart(trigger: ListedTrigger): ListedTrigger[] {
  const keywords = trigger.keywords.filter(tells);
  return keywords.length > 0 || (trigger.keywords.length === 0 && tells(trigger.intent))
    ? [{ ...trigger, keywords }]
    : [];
}

const LEAST_TELLING = 2;

/** Whether a text has two words that are not in anybody's prompt. */
function tells(text: string): boolean {
  const rare = new Set(stemsOf(text).filter((word) => !STOP_WORDS.has(word) && !COMMON_WORDS.has(word)));
  return rare.size >= LEAST_TELLING;
}

/** Whether words stand next to each other, in this order. */
function holdsRun(words: readonly string[], run: readonly string[]): boolean {
  if (run.length === 0) return false;
  return words.some((_, at) => run.every((word, i) => words[at + i] === word));
}
