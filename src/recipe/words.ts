import { quote } from '../../host/index.ts';
import { endOfPlace } from './template.ts';

export interface WordFault {
  readonly wrong: string;
  readonly fix: string;
}

const SHELL = 'quote it if the program is to see it; a pipe, a redirection or a variable needs shell: true';

/** What a shell would read and this does not. */
const OPERATORS: readonly (readonly [RegExp, string])[] = [
  [/^[;&|<>()]/, 'an operator of a shell'],
  [/^`/, 'a command to be replaced by its output'],
  [/^\$[({A-Za-z_0-9@*#?!$-]/, 'a variable of a shell'],
  [/^[*?[]/, 'a wildcard, which nothing expands here'],
];

/**
 * The words of a command as a shell would split them: by white space, with quotes and backslashes. Values are put into
 * words later, so that none can become another word. What only a shell could carry out is a fault.
 */
export function splitWords(text: string): { readonly words: readonly string[] } | WordFault {
  const words: string[] = [];
  let word: string | undefined;
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at, at + 2);
    const sign = text.charAt(at);
    if (rest === '{{') {
      const end = endOfPlace(text, at) ?? text.length;
      word = (word ?? '') + text.slice(at, end);
      at = end;
      continue;
    }
    if (/\s/.test(sign)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      at += 1;
      continue;
    }
    if (sign === "'" || sign === '"') {
      const quoted = readQuoted(text, at);
      if (quoted === undefined)
        return { wrong: `opens a ${sign} that is not closed`, fix: 'close it, or escape it with a backslash' };
      word = (word ?? '') + quoted.text;
      at = quoted.end;
      continue;
    }
    if (sign === '\\' && at + 1 < text.length) {
      word = (word ?? '') + text.charAt(at + 1);
      at += 2;
      continue;
    }
    const operator = OPERATORS.find(([pattern]) => pattern.test(rest));
    if (operator !== undefined)
      return { wrong: `has ${quote(rest.trim())} outside of quotes, ${operator[1]}`, fix: SHELL };
    if (word === undefined && sign === '~')
      return {
        wrong: 'has a word that starts with ~, which nothing expands here',
        fix: 'write the path, or {{env.HOME}}',
      };
    word = (word ?? '') + sign;
    at += 1;
  }
  if (word !== undefined) words.push(word);
  return { words };
}

/** What stands between two quotes; in double ones a backslash keeps `"` and `\`. Places for values stay whole. */
function readQuoted(text: string, from: number): { readonly text: string; readonly end: number } | undefined {
  const mark = text.charAt(from);
  let inner = '';
  let at = from + 1;
  while (at < text.length) {
    const sign = text.charAt(at);
    const end = text.startsWith('{{', at) ? endOfPlace(text, at) : undefined;
    if (end !== undefined) {
      inner += text.slice(at, end);
      at = end;
    } else if (sign === mark) return { text: inner, end: at + 1 };
    else if (mark === '"' && sign === '\\' && '"\\'.includes(text.charAt(at + 1) || ' ')) {
      inner += text.charAt(at + 1);
      at += 2;
    } else {
      inner += sign;
      at += 1;
    }
  }
  return undefined;
}
