/** The text that says what a skill is for, and the text that says what it is not for. */
export interface Purpose {
  readonly included: string;
  readonly excluded: string;
}

const SENTENCE = /(?<=[.!?])\s+|\n+|;\s|(?=\bnot for\b)/i;

/** How authors say that a skill does not fit, in the imperative or as a label. */
const EXCLUDES =
  /\b(?:not for|(?:do not|don['’]t|never) (?:use|invoke|trigger)|not (?:use (?:this|for)|to be used|when|intended)|when not to|refuse|out of scope|elsewhere|use .{0,40} instead)\b/i;

/** Parts a description by sentences. */
export function splitPurpose(description: string): Purpose {
  const included: string[] = [];
  const excluded: string[] = [];
  for (const sentence of description.split(SENTENCE)) (EXCLUDES.test(sentence) ? excluded : included).push(sentence);
  return { included: included.join('\n'), excluded: excluded.join('\n') };
}
