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

/** Reports each pattern that is none, and each default its own parameter would refuse. */
export async function checkPatterns({ patterns, parameters }: Unchecked, report: Report): Promise<void> {
  for (const { path, text } of patterns) {
    const compiled = await compilePattern(text);
    if (typeof compiled === 'function') continue;
    const message = `${formatField(path)} ${compiled.wrong}`;
    report.error({ code: 'M_PATTERN', path, message, fix: 'see https://github.com/google/re2/wiki/Syntax' });
  }
  for (const { path: table, parameter } of parameters) {
    const wrong = parameter.default === undefined ? undefined : await checkValue(parameter, parameter.default);
    if (wrong === undefined) continue;
    const path = [...table, 'default'];
    const message = `${formatField(path)} ${wrong}`;
    report.error({ code: 'M_DEFAULT', path, message, fix: 'write a default that fits' });
  }
}
