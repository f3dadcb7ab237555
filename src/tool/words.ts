import { quote, SkillError } from '../../host/index.ts';
import { isReference, nameOf, type Reference, render, type Template } from '../recipe/template.ts';
import type { Program } from './action.ts';
import { showValue } from './show-value.ts';

/** What a program is started with. */
export interface Start {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Undefined: nothing is said of it. */
  readonly stdin: Uint8Array | undefined;
}

/**
 * Puts the values of a call into the words of a program. Each stays in the word it was written in, and a value that a word
 * begins with may not begin with `-`: the program would read it as an option.
 * @param variable a variable that was granted; it throws for any other
 * @throws SkillError E_INPUT, CapabilityDenied
 */
export function startOf(
  { program, words, variables, stdin }: Pick<Program, 'program' | 'words' | 'variables' | 'stdin'>,
  input: unknown,
  variable: (name: string) => string | undefined,
): Start {
  const textOf = (reference: Reference): string =>
    reference.kind === 'env' ? (variable(reference.name) ?? '') : showValue(input, nameOf(reference));
  const env = Object.fromEntries([...variables].map(([name, template]) => [name, render(template, textOf)]));
  const args = words.map((template) => wordOf(template, textOf));
  const broken = [...args, ...Object.values(env)].some((text) => text.includes('\0'));
  if (broken) throw new SkillError('E_INPUT', 'a value holds NUL, which no program can be given');
  return { program, args, env, stdin: stdin && Buffer.from(render(stdin, textOf)) };
}

/** The words of a command in a module. @throws SkillError E_INPUT */
export function wordsFor(words: readonly Template[], input: unknown): readonly string[] {
  return startOf({ words, ...NO_PROGRAM }, input, () => undefined).args;
}

const NO_PROGRAM = { program: '', variables: new Map<string, Template>(), stdin: undefined } as const;

function wordOf(template: Template, textOf: (reference: Reference) => string): string {
  let word = '';
  for (const part of template) {
    const text = isReference(part) ? textOf(part) : part;
    if (word === '' && isReference(part) && text.startsWith('-')) throw asOption(part, text);
    word += text;
  }
  return word;
}

function asOption(part: Reference, text: string): SkillError {
  const shown = part.kind === 'env' ? '' : `, ${quote(text, 60)},`;
  return new SkillError('E_INPUT', `the value of ${nameOf(part)}${shown} would be read as an option`, {
    hint: 'give a value that does not start with -; of a path, ./ can stand in front',
  });
}
