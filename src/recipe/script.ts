import { isReference, nameOf, showTemplate, type Template } from './template.ts';

export interface Script {
  /** For `sh -c`. */
  readonly script: string;
  /** What the script finds in its environment. */
  readonly variables: ReadonlyMap<string, Template>;
}

interface Wrong {
  readonly wrong: string;
  readonly fix: string;
}

/**
 * In these a shell reads a value again, as an expression, a script or a name, also from within quotes; and in the text of
 * a here-document, quotes are no quotes.
 */
const REREADS =
  /\(\(|\[\[|`|<<|\b(?:eval|let|declare|typeset|trap|source)\b|(?:^|[\s;&|(])\.\s|\s-v\b|(?:^|[;&|(){}!\n]|\b(?:then|do|else|elif|if|while|until|command|builtin)\s) ?(?:alias|unset|read|mapfile|readarray|getopts)\s/;
/** Behind these stands what is started. */
const STARTS =
  /(?:^|[;&|({!\n]|(?:;;|\bin|\n)\s*[^\s()]*\)|\b(?:then|do|else|elif|if|while|until|exec|command|builtin|env|xargs|sudo|nohup|time|nice|(?:ba|da|a|k|z)?sh)(?:\s+-\S+)*\s|(?:^|[;&|(\s])\w+=\S*\s)\s*$/;
const LOOKED_AT = 80;

/** With one space, or one line end, for any run of white space: a pattern that skips runs would take their square. */
function withoutRuns(text: string): string {
  return text.replaceAll(/\s+/g, (run) => (run.includes('\n') ? '\n' : ' '));
}

/** The `)` of its patterns closes nothing. Looked for from the first `$(` on alone: from each, it would take the square. */
function hasCaseInside(text: string): boolean {
  const at = text.indexOf('$(');
  return at !== -1 && /\bcase\b/.test(text.slice(at));
}

/**
 * The script with each place for a value as a quoted variable, so that a shell sees one word and never text to read. A
 * place inside quotes, or in a script that reads values again, is refused: there the quotes would not hold.
 * @param text the script as written
 */
export function parseScript(text: string, template: Template): Script | Wrong {
  const variables = new Map<string, Template>();
  if (!template.some(isReference)) return { script: showTemplate(template), variables };
  if (REREADS.test(withoutRuns(text)) || hasCaseInside(text))
    return {
      wrong:
        'gives values to a script that reads them again, or may: eval, read, ((…)), [[…]], `…`, <<, -v or the like',
      fix: 'write it without them, or without values',
    };
  const names = new Map<string, string>();
  let script = '';
  let tail = '';
  const quotes = new Quotes();
  for (const part of template) {
    if (!isReference(part)) {
      script += part;
      tail = endOf(tail + part);
      quotes.read(part);
      continue;
    }
    if (quotes.isOpen)
      return {
        wrong: `has {{${nameOf(part)}}} inside of quotes, of a comment, behind a backslash or $, or within \${…}`,
        fix: 'write it outside of them: it is one quoted word of its own',
      };
    if (STARTS.test(tail))
      return {
        wrong: `starts what {{${nameOf(part)}}} says`,
        fix: 'name the program: a value chooses no program, and is no script',
      };
    const name = names.get(nameOf(part)) ?? `SKILL_VALUE_${variables.size + 1}`;
    names.set(nameOf(part), name);
    variables.set(name, [part]);
    script += `"\${${name}}"`;
    tail = endOf(`${tail}x`);
    quotes.read('x');
  }
  return { script, variables };
}

/** The end of what stands before a value; with a sign in front when it is not all. */
function endOf(text: string): string {
  return text.length > LOOKED_AT ? `x${text.slice(-LOOKED_AT)}` : text;
}

/** Where a shell is. `?` is where this reader cannot tell, and stays to the end. */
type Inside = "'" | '"' | '(' | '{' | '#' | '?';

/** Follows a script as far as it needs to know whether a value would stand in plain code. */
class Quotes {
  readonly #inside: Inside[] = [];
  #last = '';
  #isEscaped = false;

  /** A value here would not be a word of its own. */
  get isOpen(): boolean {
    const inside = this.#inside.at(-1);
    return this.#isEscaped || this.#last === '$' || !(inside === undefined || inside === '(');
  }

  read(text: string): void {
    for (const sign of text) {
      if (this.#isEscaped) {
        this.#isEscaped = false;
        this.#last = 'x';
      } else {
        this.#take(sign, this.#inside.at(-1));
        this.#last = sign;
      }
    }
  }

  #take(sign: string, inside: Inside | undefined): void {
    const isFirst = this.#last === '' || /[\s;&|()]/.test(this.#last);
    switch (inside) {
      case "'":
        if (sign === "'") this.#inside.pop();
        return;
      case '#':
        if (sign === '\n') this.#inside.pop();
        return;
      case '?':
        return;
      case '{':
        if (sign === '}') this.#inside.pop();
        else if (/['"\\${]/.test(sign)) this.#inside.push('?');
        return;
      case '"':
        if (sign === '"') this.#inside.pop();
        else if (sign === '\\') this.#isEscaped = true;
        else if (this.#last === '$' && (sign === '(' || sign === '{')) this.#inside.push(sign);
        return;
      case '(':
      case undefined:
        if (sign === '\\') this.#isEscaped = true;
        else if (sign === "'") this.#inside.push(this.#last === '$' ? '?' : "'");
        else if (sign === '"' || sign === '(') this.#inside.push(sign);
        else if (sign === '{' && this.#last === '$') this.#inside.push('{');
        else if (sign === ')' && inside === '(') this.#inside.pop();
        else if (sign === '#' && isFirst) this.#inside.push('#');
    }
  }
}
