import { describe, expect, it } from 'vitest';
import { listParameters } from '../../src/tool/list-parameters.ts';

const named = (names: readonly string[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(names.map((name) => [name, {}]));

describe('what a tool takes, in one line [R-RUN-3]', () => {
  it.each([
    [
      'what may be left out in brackets',
      { properties: named(['text', 'separator']), required: ['text'] },
      't takes text [separator]',
    ],
    ['nothing', { properties: {}, additionalProperties: false }, 't takes nothing'],
    ['a schema without names', { anyOf: [{}] }, 't takes what its schema says: skill tools SKILL --format json'],
    ['no schema', undefined, 't takes what its schema says: skill tools SKILL --format json'],
    ['names that cannot be seen', { properties: named(['a\u202eb', '\ud800']) }, 't takes [a\\u{202e}b] [\\u{d800}]'],
    ['a long name', { properties: named(['n'.repeat(65)]) }, `t takes [${'n'.repeat(64)}…]`],
    [
      'many names',
      { properties: named(Array.from({ length: 21 }, (_, i) => `p${i}`)) },
      `t takes ${Array.from({ length: 20 }, (_, i) => `[p${i}]`).join(' ')} …`,
    ],
  ])('%s', (_what, parameters, line) => {
    expect(listParameters({ name: 't', parameters })).toBe(line);
  });
});
