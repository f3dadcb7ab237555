import { stemmer } from 'stemmer';

/** The stem of an English word; every other word is its own. */
export function stem(word: string): string {
  return word.length > 3 && /^[a-z]+$/.test(word) ? stemmer(word) : word;
}
