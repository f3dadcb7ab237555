import { readFile } from 'node:fs/promises';
import { quote, SkillError } from '../../../host/index.ts';
import { parseYaml } from '../../manifest/parse-yaml.ts';
import { Report } from '../../manifest/report.ts';
import { parseValue } from '../../recipe/parameters.ts';
import type { Parameter, Recipe } from '../../recipe/recipe.ts';

interface Given {
  /** `NAME=VALUE`. */
  readonly pairs: readonly string[];
  /** A file of them, as YAML or JSON. */
  readonly file: string | undefined;
  /** Asks for what is missing; undefined where nobody can be asked. */
  readonly ask: ((parameter: Parameter) => Promise<unknown>) | undefined;
}

/**
 * What a recipe is given: by a file, by pairs, which count more, and for what is missing by whoever can be asked.
 * @throws SkillError E_USAGE, E_INPUT
 */
export async function readParameters(
  { parameters }: Pick<Recipe, 'parameters'>,
  { pairs, file, ask }: Given,
): Promise<Readonly<Record<string, unknown>>> {
  const given = new Map<string, unknown>(file === undefined ? [] : Object.entries(await readTable(file)));
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at < 1)
      throw new SkillError('E_USAGE', `-p ${quote(pair)}: it is no NAME=VALUE`, {
        hint: 'write it such as -p message="a text"',
      });
    const name = pair.slice(0, at);
    const parameter = parameters.find((one) => one.name === name);
    const text = pair.slice(at + 1);
    given.set(name, parameter === undefined ? text : parseValue(parameter, text));
  }
  for (const parameter of ask === undefined ? [] : parameters)
    if (parameter.required && !given.has(parameter.name)) given.set(parameter.name, await ask?.(parameter));
  return Object.fromEntries(given);
}

/** JSON is YAML as well. */
async function readTable(file: string): Promise<Readonly<Record<string, unknown>>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new SkillError(
      'E_NOT_FOUND',
      `--params: ${quote(file)} cannot be read: ${String((error as NodeJS.ErrnoException).code)}`,
      { hint: 'check the path', cause: error },
    );
  }
  const report = new Report();
  const parsed = parseYaml(text, report, { scalars: 'typed' });
  const [first] = report.findings;
  if (parsed === undefined || report.hasErrors)
    throw new SkillError(
      'E_INPUT',
      `--params: ${file}${first?.place === undefined ? '' : `:${first.place.line}`}: ${first?.message ?? 'it is no table'}`,
      {
        hint: first?.fix ?? 'write one NAME: VALUE a line',
      },
    );
  return parsed.table;
}
