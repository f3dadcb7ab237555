import { COMMON_WORDS, STOP_WORDS } from './match/common-words.ts';
import { foldText } from './match/fold.ts';
import { readPrompt } from './match/prompt.ts';
import { stem } from './match/stem.ts';
import { visitWords } from './match/words.ts';
import type { KnowledgeFile } from './read-knowledge.ts';
import type { Section } from './sections.ts';

/** A section of a file, as it may go into the context. */
export interface Piece {
  readonly file: KnowledgeFile;
  readonly section: Section;
  /** Its place in the file. */
  readonly at: number;
  /** How well it fits the prompt; 0 when it does not. */
  readonly fit: number;
}

/** A word in a heading or a file's name says what the text is about; one in the text only that it is mentioned. */
const NAMED = 3;
const MENTIONED = 1;
/** A word of everyday language says less than one of the trade. */
const COMMON = 0.5;
/** A section fits when a word names it, or when the text mentions so many; of a prompt of one word, that one. */
const LEAST = 2;

/**
 * All sections of some files with how well each fits a prompt: words that few of them have count more.
 * @param topics of the skill that the prompt means, in the words of the skill
 */
export function rankSections(
  files: readonly KnowledgeFile[],
  prompt: string,
  topics: readonly string[],
): readonly Piece[] {
  const asked = new Set([...askedBy(prompt), ...stemsOf(topics.join(' '))]);
  const least = Math.min(LEAST, asked.size);
  const sections = files.flatMap((file) => {
    const named = stemsOf(nameOf(file.path));
    return file.sections.map((section, at) => {
      const headed = new Set([...named, ...stemsOf(section.heading)]);
      return { file, section, at, headed, words: stemsOf(section.text) };
    });
  });
  const rarity = new Map([...asked].map((word) => [word, rarityOf(word, sections)]));
  return sections.map(({ file, section, at, headed, words }) => {
    let fit = 0;
    let evidence = 0;
    for (const word of asked) {
      const weight = headed.has(word) ? NAMED : words.has(word) ? MENTIONED : 0;
      evidence += weight;
      fit += weight * (rarity.get(word) ?? 0) * (COMMON_WORDS.has(word) ? COMMON : 1);
    }
    return { file, section, at, fit: evidence >= least && evidence > 0 ? fit : 0 };
  });
}

/** The topics whose words, or a synonym's words, all stand in a prompt, in whatever order. */
export function findTopics(
  prompt: string,
  topics: readonly string[],
  synonyms: readonly (readonly [topic: string, words: readonly string[]])[],
): readonly string[] {
  const asked = new Set(askedBy(prompt));
  const isMeant = (phrase: string): boolean => {
    const words = [...stemsOf(phrase)];
    return words.length > 0 && words.every((word) => asked.has(word));
  };
  const bySynonym = synonyms.filter(([, words]) => words.some(isMeant)).map(([topic]) => topic);
  return [...new Set([...topics.filter(isMeant), ...bySynonym])];
}

/** Of a prompt however long, the part that the matcher looks at. */
function askedBy(prompt: string): Iterable<string> {
  return readPrompt(prompt).informative.keys();
}

function rarityOf(
  word: string,
  sections: readonly { headed: ReadonlySet<string>; words: ReadonlySet<string> }[],
): number {
  const having = sections.filter(({ headed, words }) => headed.has(word) || words.has(word)).length;
  return Math.log(1 + sections.length / (1 + having));
}

/** `knowledge/patterns/force-push.md` is about forcing a push. */
function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.md$/, '');
}

function stemsOf(text: string): ReadonlySet<string> {
  // A text says most of its words more than once.
  const words = new Set<string>();
  visitWords(foldText(text), (word) => void words.add(word));
  return new Set([...words].map(stem).filter((word) => !STOP_WORDS.has(word)));
}
