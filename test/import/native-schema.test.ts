import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toNativeSchema } from '../../src/import/native-schema.ts';
import type { NotCarried } from '../../src/import/not-carried.ts';
import { readSchema } from '../../src/manifest/read-schema.ts';
import { Report } from '../../src/manifest/report.ts';

function convert(schema: unknown): { readonly schema: unknown; readonly lost: readonly string[] } {
  const lost: NotCarried[] = [];
  const made = toNativeSchema(schema, ['s'], lost);
  return { schema: JSON.parse(JSON.stringify(made)) as unknown, lost: lost.map(({ field }) => field) };
}

describe('a JSON Schema of somebody else', () => {
  it.each<[name: string, from: unknown, to: unknown, lost: readonly string[]]>([
    [
      'keeps what schemas here may say',
      { type: 'string', minLength: 1, enum: ['a'] },
      { type: 'string', minLength: 1, enum: ['a'] },
      [],
    ],
    [
      'keeps names of properties that are keywords elsewhere',
      { properties: { pattern: {}, $ref: {} } },
      { properties: { pattern: {}, $ref: {} } },
      [],
    ],
    [
      'keeps values that look like keywords',
      { default: { pattern: 1 }, const: { $ref: 'x' } },
      { default: { pattern: 1 }, const: { $ref: 'x' } },
      [],
    ],
    [
      'takes true for anything',
      { properties: { a: true }, items: true, anyOf: [true] },
      { properties: { a: {} }, items: {}, anyOf: [{}] },
      [],
    ],
    ['keeps what other properties may be', { additionalProperties: false }, { additionalProperties: false }, []],
    [
      'looks into what other properties may be',
      { additionalProperties: { not: {} } },
      { additionalProperties: {} },
      ['s.additionalProperties.not'],
    ],
    [
      'looks into items',
      { prefixItems: [{ format: 'x' }], items: { pattern: 'y' } },
      { prefixItems: [{}], items: {} },
      ['s.prefixItems[0].format', 's.items.pattern'],
    ],
    [
      'looks into choices',
      { oneOf: [{ allOf: [] }], anyOf: [{ anyOf: [{ if: 1 }] }] },
      { oneOf: [{}], anyOf: [{ anyOf: [{}] }] },
      ['s.oneOf[0].allOf', 's.anyOf[0].anyOf[0].if'],
    ],
    [
      'leaves out null',
      { default: null, const: [null], enum: [{ a: null }], examples: [1] },
      { examples: [1] },
      ['s.default', 's.const', 's.enum'],
    ],
    ['says nothing of what says nothing', { $schema: 'a', $id: 'b', $comment: 'c' }, {}, []],
    ['leaves to its reader what is no schema', 'x', 'x', []],
    ['leaves to its reader what is no list', { oneOf: 'x', properties: [] }, { oneOf: 'x', properties: [] }, []],
  ])('%s [R-MIGRATE-2]', (_, from, to, lost) => {
    expect(convert(from)).toEqual({ schema: to, lost });
  });

  it('has no keyword left that a manifest would refuse [R-MIGRATE-2]', () => {
    const name = fc.constantFrom(
      'type',
      'properties',
      'items',
      'pattern',
      '$ref',
      'oneOf',
      'not',
      'default',
      'enum',
      'x',
    );
    const { schema } = fc.letrec<{ schema: unknown }>((tie) => ({
      schema: fc.dictionary(
        name,
        fc.oneof(
          { maxDepth: 4 },
          fc.constantFrom(null, true, 'string', 1),
          tie('schema'),
          fc.array(tie('schema'), { maxLength: 2 }),
        ),
        { maxKeys: 4, noNullPrototype: true },
      ),
    }));
    fc.assert(
      fc.property(schema, (one) => {
        const report = new Report();
        readSchema(toNativeSchema(one, [], []), { path: [], report, depth: 1 });
        expect(report.findings.filter(({ code }) => code === 'M_SCHEMA_KEYWORD')).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
