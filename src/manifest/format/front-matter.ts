import type { Place } from '../report.ts';

/** A Markdown file with a head of fields. */
export interface FrontMatter {
  readonly yaml: string;
  readonly yamlLine: number;
  readonly body: string;
  /** Line of the file at which the body starts. */
  readonly bodyLine: number;
}

/** Why a file has no front matter that can be read. */
export interface NoFrontMatter {
  readonly wrong: string;
  readonly fix: string;
  readonly place: Place;
}

const OPENING = /^---[ \t]*(?:\r?\n|$)/;
/** Ends at a line feed or the file, never at what only some readers take for the end of a line. */
const CLOSING = /(?<![^\n])(?:---|\.\.\.)[ \t]*\r?(?![^\n])/;

/**
 * Splits a file at its front matter: YAML between a first line `---` and the next one (source: Agent Skills
 * specification). Other languages, such as `---js` that some readers evaluate, are refused.
 */
export function splitFrontMatter(text: string): FrontMatter | NoFrontMatter {
  const opening = OPENING.exec(text)?.[0];
  if (opening === undefined) return explainStart(text);
  const rest = text.slice(opening.length);
  const closing = CLOSING.exec(rest);
  if (closing === null) {
    const wrong = 'the front matter is not closed';
    return { wrong, fix: 'write a line --- after its last field', place: { line: 1, column: 1 } };
  }
  const yaml = rest.slice(0, closing.index);
  const end = closing.index + closing[0].length;
  const bodyLine = 3 + countLines(yaml);
  return { yaml, yamlLine: 2, body: rest.slice(end).replace(/^\n/, ''), bodyLine };
}

function explainStart(text: string): NoFrontMatter {
  const [first = ''] = text.split('\n', 1);
  const place = { line: 1, column: 1 };
  if (/^---[^\s-]/.test(first)) {
    const wrong = 'the front matter asks for another language than YAML; nothing in a skill is evaluated';
    return { wrong, fix: 'write --- alone on the first line, and YAML below it', place: { line: 1, column: 4 } };
  }
  const wrong = 'the file does not start with front matter';
  return { wrong, fix: 'start it with the lines ---, name: …, description: … and ---', place };
}

function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}
