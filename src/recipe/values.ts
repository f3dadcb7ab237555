import { quote, SkillError } from '../../host/index.ts';
import type { Output } from './entry.ts';
import type { InputTemplate, Parameter, Recipe } from './recipe.ts';
import type { Value } from './value.ts';
import { isReference, nameOf, type Reference, render, type Template } from './template.ts';

interface Sources {
  readonly recipe: Pick<Recipe, 'parameters'>;
  readonly parameters: ReadonlyMap<string, Value>;
  readonly outputs: ReadonlyMap<string, Output>;
  /** A variable that was granted. @throws CapabilityDenied */
  readonly variable: (name: string) => string | undefined;
  /** What `{{item}}` stands for. */
  readonly item?: string | undefined;
  /** Nothing has run: an output is not known, where otherwise that of a step that did not run is empty. */
  readonly isPlan?: boolean;
}

/** Puts values into templates. A value is text that is never read again. */
export class Values {
  readonly #sources: Sources;
  readonly #parameters: ReadonlyMap<string, Parameter>;

  constructor(sources: Sources) {
    this.#sources = sources;
    this.#parameters = new Map(sources.recipe.parameters.map((one) => [one.name, one]));
  }

  /** The same with an item of a `for_each`. */
  withItem(item: string | undefined): Values {
    return new Values({ ...this.#sources, item });
  }

  text(template: Template): string {
    return render(template, (reference) => this.#textOf(reference));
  }

  /** For people: what cannot be had, or is nobody's to see, stands there by its name. */
  show(template: Template): string {
    return render(template, (reference) => {
      const isKnown = reference.kind === 'item' || this.#isPlain(reference) || this.#isPrinted(reference);
      return isKnown ? this.#textOf(reference) : `{{${nameOf(reference)}}}`;
    });
  }

  /**
   * One word of a command. A value that a word begins with may not begin with `-`: a program would read it as an option.
   * @throws SkillError E_INPUT
   */
  word(template: Template): string {
    let word = '';
    for (const part of template) {
      const text = isReference(part) ? this.#textOf(part) : part;
      if (word === '' && text.startsWith('-') && isReference(part) && !this.#mayDash(part))
        throw this.#asOption(part, text);
      word += text;
    }
    return word;
  }

  /** For a condition; a text of a step that did not run is empty. @throws SkillError as for a text */
  value(reference: Reference): Value {
    if (reference.kind === 'parameter') return this.#sources.parameters.get(reference.name) ?? '';
    if (reference.kind === 'output' && reference.field === 'exit_code')
      return this.#sources.outputs.get(reference.step)?.exitCode ?? '';
    return this.#textOf(reference);
  }

  input(template: InputTemplate): unknown {
    if ('template' in template) return this.text(template.template);
    if ('value' in template) return template.value;
    if ('list' in template) return template.list.map((one) => this.input(one));
    return Object.fromEntries([...template.fields].map(([name, one]) => [name, this.input(one)]));
  }

  #asOption(part: Reference, text: string): SkillError {
    const name = `{{${nameOf(part)}}}`;
    const shown = this.#isPlain(part) || part.kind === 'item' || this.#isPrinted(part) ? `, ${quote(text, 60)},` : '';
    const other = part.kind === 'parameter' ? 'declare the parameter with allow_dash: true' : `write ./${name}`;
    return new SkillError('E_INPUT', `the value of ${name}${shown} would be read as an option`, {
      hint: `give a value that does not start with -, or ${other}`,
    });
  }

  #isPlain(reference: Reference): boolean {
    return reference.kind === 'parameter' && this.#parameters.get(reference.name)?.type !== 'secret';
  }

  #isPrinted(reference: Reference): boolean {
    if (reference.kind !== 'output') return false;
    const output = this.#sources.outputs.get(reference.step);
    if (output === undefined) return this.#sources.isPlan !== true;
    return output.isRedacted !== true && output.isLost !== true;
  }

  #mayDash(reference: Reference): boolean {
    return reference.kind === 'parameter' && this.#parameters.get(reference.name)?.allowDash === true;
  }

  #textOf(reference: Reference): string {
    switch (reference.kind) {
      case 'parameter':
        return String(this.#sources.parameters.get(reference.name) ?? '');
      case 'item':
        return this.#sources.item ?? '';
      case 'env': {
        const value = this.#sources.variable(reference.name);
        if (value !== undefined) return value;
        throw new SkillError('E_INPUT', `the variable ${quote(reference.name)} is not set`, {
          hint: `set it: ${reference.name}=… skill recipe run …`,
        });
      }
      case 'output': {
        const output = this.#sources.outputs.get(reference.step);
        if (output === undefined) return '';
        if (output.isLost === true && reference.field !== 'exit_code')
          throw new SkillError('E_INPUT', `{{${nameOf(reference)}}} is not known: the step was settled as done`, {
            hint: 'take the run back, and run it again',
          });
        if (output.isRedacted === true && reference.field !== 'exit_code')
          throw new SkillError('E_INPUT', `{{${nameOf(reference)}}} held a secret, which no journal keeps`, {
            hint: 'give the secret to the program that needs it, by env',
          });
        return reference.field === 'exit_code' ? String(output.exitCode) : output[reference.field];
      }
    }
  }
}
