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

/** In these a shell reads a value again, as an expression or as a script, also from within quotes. */
const REREADS = /\(\(|\[\[|`|\b(?:eval|let|declare|typeset|trap|source)\b|(?:^|[\s;&|(])\.\s/;

/**
 * The script with each place for a value as a quoted variable, so that a shell sees one word and never text to read. A
 * place inside quotes, or in a script that reads values again, is refused: there the quotes would not hold.
 * @param text the script as written
 */
export function parseScript(text: string, template: Template): Script | Wrong {
  const variables = new Map<string, Template>();
  if (!template.some(isReference)) return { script: showTemplate(template), variables };
  if (REREADS.test(text))
    return {
      wrong: 'gives values to a script that reads them again: eval, ((…)), [[…]], `…` or the like',
      fix: 'write it without them, or without values',
    };
  let script = '';
  const quotes = new Quotes();
  for (const part of template) {
    if (!isReference(part)) {
      script += part;
      quotes.read(part);
      continue;
    }
    if (quotes.isOpen)
      return {
        wrong: `has {{${nameOf(part)}}} inside of quotes, behind a backslash or within \${…}`,
        fix: 'write it outside of them: it is one quoted word of its own',
      };
    const name = variableOf(part, variables.size, variables);
    variables.set(name, [part]);
    script += `"\${${name}}"`;
  }
  return { script, variables };
}

function variableOf(
  part: Exclude<Template[number], string>,
  size: number,
  taken: ReadonlyMap<string, Template>,
): string {
  const known = [...taken].find(
    ([, [first]]) => first !== undefined && isReference(first) && nameOf(first) === nameOf(part),
  );
  return known?.[0] ?? `SKILL_VALUE_${size + 1}`;
}

/** Whether what was read so far leaves a quote, a backslash or a `${` open. */
class Quotes {
  #open: '' | "'" | '"' | '\\' | '{' = '';

  get isOpen(): boolean {
    return this.#open !== '';
  }

  read(text: string): void {
    for (let i = 0; i < text.length; i++) {
      const sign = text.charAt(i);
      if (this.#open === '\\') this.#open = '';
      else if (this.#open === '"' && sign === '\\') i += 1;
      else if (this.#open === '{') this.#open = sign === '}' ? '' : '{';
      else if (this.#open !== '') this.#open = sign === this.#open ? '' : this.#open;
      else if (sign === "'" || sign === '"' || sign === '\\') this.#open = sign;
      else if (sign === '$' && text.charAt(i + 1) === '{') this.#open = '{';
    }
  }
}
