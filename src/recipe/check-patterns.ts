import { formatField } from '../manifest/field-path.ts';
import type { Report } from '../manifest/report.ts';
import { checkValue } from './parameters.ts';
import { compilePattern } from './pattern.ts';
import type { Recipe } from './recipe.ts';

type Read = Pick<Recipe, 'parameters' | 'steps' | 'preconditions' | 'verification'>;

/** Reports each pattern that is none, and each default its own parameter would refuse. */
export async function checkPatterns(
  { parameters, steps, preconditions, verification }: Read,
  report: Report,
): Promise<void> {
  const patterns: (readonly [readonly (string | number)[], string | undefined])[] = [
    ...parameters.map(({ validation }, i) => [['parameters', i, 'validation'], validation] as const),
    ...steps.map(({ expect }, i) => [['steps', i, 'expect', 'output_matches'], expect.outputMatches] as const),
    ...verification.map(
      ({ expect }, i) => [['verification', i, 'expect', 'output_matches'], expect.outputMatches] as const,
    ),
    ...preconditions.map(
      (one, i) =>
        [
          ['preconditions', i, 'expect', 'output_matches'],
          one.check === 'custom' ? one.expect.outputMatches : undefined,
        ] as const,
    ),
  ];
  for (const [path, pattern] of patterns) {
    const compiled = pattern === undefined ? undefined : await compilePattern(pattern);
    if (compiled === undefined || typeof compiled === 'function') continue;
    const message = `${formatField(path)} ${compiled.wrong}`;
    report.error({ code: 'M_PATTERN', path, message, fix: 'see https://github.com/google/re2/wiki/Syntax' });
  }
  for (const [i, parameter] of parameters.entries()) {
    const wrong = parameter.default === undefined ? undefined : await checkValue(parameter, parameter.default);
    if (wrong === undefined) continue;
    const path = ['parameters', i, 'default'];
    report.error({
      code: 'M_DEFAULT',
      path,
      message: `${formatField(path)} ${wrong}`,
      fix: 'write a default that fits',
    });
  }
}
