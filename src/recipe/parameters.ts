import { quote, SkillError } from '../../host/index.ts';
import { nearest } from '../manifest/nearest.ts';
import { compilePattern } from './pattern.ts';
import type { Parameter, Recipe } from './recipe.ts';
import type { Value } from './value.ts';

const LONGEST = 64 * 1024;

/** Why a value does not fit, as a sentence that starts with "it"; undefined when it does. A secret is not quoted. */
export async function checkValue(parameter: Parameter, value: unknown): Promise<string | undefined> {
  const { type, values, min, max, validation } = parameter;
  if (type === 'boolean') return typeof value === 'boolean' ? undefined : 'is neither true nor false';
  if (type === 'number' || type === 'integer') {
    if (typeof value !== 'number' || !Number.isFinite(value)) return 'is no number';
    if (type === 'integer' && !Number.isSafeInteger(value)) return 'is no whole number';
    if (min !== undefined && value < min) return `is under min = ${min}`;
    return max !== undefined && value > max ? `is over max = ${max}` : undefined;
  }
  if (typeof value !== 'string') return 'is no text';
  if (value.length > LONGEST) return `has ${value.length} characters; at most ${LONGEST}`;
  if (value.includes('\0')) return 'holds NUL, which no program can be given';
  if (!value.isWellFormed()) return 'is not well-formed Unicode';
  const shown = type === 'secret' ? '' : `${quote(value, 60)} `;
  if (type === 'enum') {
    if (values.includes(value)) return undefined;
    const meant = nearest(value, values);
    return `is ${shown}and must be one of ${values.join(', ')}${meant === undefined ? '' : `; did you mean ${meant}?`}`;
  }
  if (type === 'path' && value === '') return 'is empty';
  if (validation === undefined) return undefined;
  const pattern = await compilePattern(validation);
  const match = typeof pattern === 'function' ? pattern(value, { whole: true }) : pattern;
  if (match === true) return undefined;
  return match === false ? `is ${shown}and does not match ${quote(validation)}` : match.wrong;
}

/** A value as it is written behind `-p`, or typed. @returns the text itself when it is no such value: `checkValue` says why */
export function parseValue({ type }: Parameter, text: string): Value {
  if (type === 'boolean') return BOOLEANS.get(text.toLowerCase()) ?? text;
  if (type !== 'number' && type !== 'integer') return text;
  return /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['yes', true],
  ['false', false],
  ['no', false],
]);

/** The values of a run: what is given, and defaults for the rest. @throws SkillError E_INPUT with everything that is wrong */
export async function bindParameters(
  { id, parameters }: Pick<Recipe, 'id' | 'parameters'>,
  given: Readonly<Record<string, unknown>>,
): Promise<ReadonlyMap<string, Value>> {
  const faults: string[] = [];
  const bound = new Map<string, Value>();
  for (const name of Object.keys(given)) {
    if (parameters.some((one) => one.name === name)) continue;
    const meant = nearest(
      name,
      parameters.map((one) => one.name),
    );
    faults.push(`there is no parameter ${quote(name)}${meant === undefined ? '' : `; did you mean ${meant}?`}`);
  }
  for (const parameter of parameters) {
    const value = Object.hasOwn(given, parameter.name) ? given[parameter.name] : parameter.default;
    if (value === undefined || value === null) {
      if (parameter.required) faults.push(`${parameter.name} is missing`);
      continue;
    }
    const wrong = await checkValue(parameter, value);
    if (wrong === undefined) bound.set(parameter.name, value as Value);
    else faults.push(`${parameter.name} ${wrong}`);
  }
  if (faults.length === 0) return bound;
  throw new SkillError('E_INPUT', `the recipe ${id} cannot run: ${faults.join('; ')}`, {
    hint: `skill recipe show ${id} lists its parameters; give one with -p NAME=VALUE`,
    details: { faults },
  });
}
