import { type FieldPath, formatField } from '../manifest/field-path.ts';
import type { Report } from '../manifest/report.ts';
import { checkValue } from './parameters.ts';
import { compilePattern } from './pattern.ts';
import type { Parameter } from './recipe.ts';

/** A regular expression, and where it stands. */
export interface WrittenPattern {
  readonly path: FieldPath;
  readonly text: string;
}

/** What is looked at when everything was read: the library of patterns is loaded for it. */
export interface Unchecked {
  readonly patterns: readonly WrittenPattern[];
  readonly parameters: readonly { readonly path: FieldPath; readonly parameter: Parameter }[];
}

/** Of all patterns of a recipe, compiled: some milliseconds for each ten thousand. */
const MOST_INSTRUCTIONS = 50_000;
const TOO_MUCH = { wrong: 'is not read: the patterns before it repeat so much that they are too large together' };

/** Reports each pattern that is none, and each default its own parameter would refuse. */
export async function checkPatterns({ patterns, parameters }: Unchecked, report: Report): Promise<void> {
  let size = 0;
  for (const { path, text } of patterns) {
    const compiled = size > MOST_INSTRUCTIONS ? TOO_MUCH : await compilePattern(text);
    if (typeof compiled === 'function') {
      size += compiled.costOf('');
      continue;
    }
    const message = `${formatField(path)} ${compiled.wrong}`;
    report.error({ code: 'M_PATTERN', path, message, fix: 'see https://github.com/google/re2/wiki/Syntax' });
    if (compiled === TOO_MUCH) break;
  }
  for (const { path: table, parameter } of parameters) {
    const wrong = parameter.default === undefined ? undefined : await checkValue(parameter, parameter.default);
    if (wrong === undefined) continue;
    const path = [...table, 'default'];
    const message = `${formatField(path)} ${wrong}`;
    report.error({ code: 'M_DEFAULT', path, message, fix: 'write a default that fits' });
  }
}
