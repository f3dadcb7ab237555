/** A text with places for values, as `prompt_inline` and `conversation` read it. */
export interface PromptText {
  readonly text: string;
  /** The parameters it names, in their order. */
  readonly names: readonly string[];
  /** What it says beyond `{{ name }}`, as it was written: it stays as text. */
  readonly unread: readonly string[];
}

const PLACE = /\{\{-?\s*([A-Za-z_][\w-]*)\s*-?\}\}/g;
/** Statements, comments, and expressions that are more than a name. */
const TEMPLATE = /\{%[^]*?%\}|\{#[^]*?#\}|\{\{[^]*?\}\}/g;
const LONGEST_SHOWN = 60;

/** `text {{ name }} text` as `text {name} text`: other braces are doubled, so that they stay what they are. */
export function toPromptText(source: string, known: ReadonlySet<string>): PromptText {
  const names = new Set<string>();
  const unread: string[] = [];
  let text = '';
  let at = 0;
  for (const { 0: whole, 1: name = '', index } of source.matchAll(PLACE)) {
    text += plain(source.slice(at, index), unread);
    at = index + whole.length;
    if (known.has(name)) {
      names.add(name);
      text += `{${name}}`;
    } else text += plain(whole, unread);
  }
  text += plain(source.slice(at), unread);
  return { text, names: [...names], unread: [...new Set(unread)] };
}

/** Whether a text has places for values, or anything else that is put in when it is used. */
export function isTemplate(source: string): boolean {
  return source.search(TEMPLATE) !== -1;
}

function plain(text: string, unread: string[]): string {
  for (const [found] of text.matchAll(TEMPLATE)) unread.push(found.slice(0, LONGEST_SHOWN));
  return text.replaceAll(/[{}]/g, '$&$&');
}
