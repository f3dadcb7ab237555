import { showValue } from './show-value.ts';

/** A text with places for values, which are put in as they are and never read again. */
export type PromptTemplate = readonly (string | { readonly name: string })[];

export interface PromptFault {
  readonly wrong: string;
  readonly fix: string;
}

const PLACE = /\{\{|\}\}|\{([A-Za-z_][\w-]*)\}|[{}]/g;

/**
 * Reads `text {name} text`; two braces stand for one.
 * @returns why it is none, as a sentence that starts with "it"
 */
export function parsePromptTemplate(text: string): PromptTemplate | PromptFault {
  const parts: (string | { readonly name: string })[] = [];
  let plain = '';
  let at = 0;
  for (const { 0: found, 1: name, index } of text.matchAll(PLACE)) {
    plain += text.slice(at, index);
    at = index + found.length;
    if (name !== undefined) {
      if (plain !== '') parts.push(plain);
      plain = '';
      parts.push({ name });
    } else if (found.length === 2) plain += found.charAt(0);
    else return { wrong: `has a ${found} that belongs to no {name}`, fix: `write ${found}${found} for one as text` };
  }
  plain += text.slice(at);
  return plain === '' ? parts : [...parts, plain];
}

export function namesOf(template: PromptTemplate): readonly string[] {
  return [...new Set(template.flatMap((part) => (typeof part === 'string' ? [] : [part.name])))];
}

/** The text with the values of a call in their places: texts as they are, lists and tables as JSON, nothing for none. */
export function fillPrompt(template: PromptTemplate, input: unknown): string {
  return template.map((part) => (typeof part === 'string' ? part : showValue(input, part.name))).join('');
}
