import { quote } from '../../host/index.ts';
import { nearest } from '../manifest/nearest.ts';
import type { WrittenPattern } from './check-patterns.ts';
import type { Parameter } from './recipe.ts';
import { OUTPUT_FIELDS, type OutputField, type Reference, type Resolve } from './template.ts';

/** What may be done with a value where its name stands. */
export interface Use {
  /** A secret may stand here: nobody else sees what is written here. */
  readonly secrets?: boolean;
  /** The place belongs to one item of a `for_each`. */
  readonly item?: boolean;
}

/** Looking for what was meant costs more than the name does, so a file of wrong names gets so many answers. */
const MOST_GUESSES = 32;

/** Names with a meaning of their own, which nothing else may have. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set([
  'item',
  'steps',
  'env',
  'true',
  'false',
  'and',
  'or',
  'not',
]);

/** The names that can be used at one place of a recipe: parameters, and the outputs of the steps before. */
export class Scope {
  readonly #parameters: ReadonlyMap<string, Parameter>;
  readonly #allSteps: ReadonlySet<string>;
  readonly #steps = new Set<string>();
  readonly #registered = new Map<string, string>();
  readonly #used = new Set<string>();
  #guesses = 0;
  /** Regular expressions met on the way; they are compiled when everything was read. */
  readonly patterns: WrittenPattern[] = [];

  constructor(parameters: readonly Parameter[], allSteps: Iterable<string>) {
    this.#parameters = new Map(parameters.map((parameter) => [parameter.name, parameter]));
    this.#allSteps = new Set(allSteps);
  }

  /** Steps whose output is used anywhere. */
  get used(): ReadonlySet<string> {
    return this.#used;
  }

  /** From here on its output can be used. */
  addStep(id: string, register: string | undefined): void {
    this.#steps.add(id);
    if (register !== undefined) this.#registered.set(register, id);
  }

  hasName(name: string): boolean {
    return this.#parameters.has(name) || this.#registered.has(name);
  }

  isBoolean(reference: Reference): boolean {
    return reference.kind === 'parameter' && this.#parameters.get(reference.name)?.type === 'boolean';
  }

  resolver(use: Use = {}): Resolve {
    return (name) => {
      const found = this.#find(name, use);
      if (!('wrong' in found) && found.kind === 'output') this.#used.add(found.step);
      return found;
    };
  }

  #find(name: string, { secrets = false, item = false }: Use): ReturnType<Resolve> {
    if (name === 'item')
      return item ? { kind: 'item' } : { wrong: 'there are items only where a step has for_each', fix: 'add for_each' };
    if (name.startsWith('env.')) return { kind: 'env', name: name.slice('env.'.length) };
    if (name.startsWith('steps.')) return this.#findOutput(name.slice('steps.'.length));
    const step = this.#registered.get(name);
    if (step !== undefined) return { kind: 'output', step, field: 'stdout' };
    const parameter = this.#parameters.get(name);
    if (parameter === undefined) return this.#unknown(name);
    if (parameter.type !== 'secret' || secrets) return { kind: 'parameter', name };
    return {
      wrong: 'it is a secret, and what stands here is shown, written down or seen by others on the machine',
      fix: `give it to the program as a variable: env: { TOKEN: "{{${name}}}" }`,
    };
  }

  #findOutput(text: string): ReturnType<Resolve> {
    const dot = text.lastIndexOf('.');
    const [id, field] = [text.slice(0, Math.max(dot, 0)), text.slice(dot + 1)];
    const known = OUTPUT_FIELDS.find((one): one is OutputField => one === field);
    const fields = OUTPUT_FIELDS.map((one) => `{{steps.ID.${one}}}`).join(', ');
    if (known === undefined || id === '')
      return { wrong: `a step has ${OUTPUT_FIELDS.join(', ')}`, fix: `write ${fields}` };
    if (this.#steps.has(id)) return { kind: 'output', step: id, field: known };
    if (this.#allSteps.has(id))
      return { wrong: `the step ${quote(id)} has not run here yet`, fix: 'use the output of a step before' };
    const meant = this.#guess(id, this.#steps);
    return {
      wrong: `there is no step ${quote(id)}`,
      fix: meant === undefined ? 'name a step before' : `write {{steps.${meant}.${known}}}`,
    };
  }

  #unknown(name: string): ReturnType<Resolve> {
    const meant = this.#guess(name, this.#names());
    return {
      wrong: 'no parameter and no step before has that name',
      fix:
        meant === undefined ? `declare it: parameters: [{ name: ${quote(name, 64).slice(1, -1)} }]` : `write ${meant}`,
    };
  }

  *#names(): Iterable<string> {
    yield* this.#parameters.keys();
    yield* this.#registered.keys();
  }

  #guess(name: string, known: Iterable<string>): string | undefined {
    this.#guesses += 1;
    return this.#guesses > MOST_GUESSES ? undefined : nearest(name, known);
  }
}
