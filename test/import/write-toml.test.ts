import * as fc from 'fast-check';
import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { writeToml } from '../../src/import/write-toml.ts';
import type { Table } from '../../src/manifest/values.ts';

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('a table as TOML', () => {
  it.each<[name: string, table: Table, text: string]>([
    ['sections in the order of their keys', { b: { x: 1 }, a: { y: true } }, '[b]\nx = 1\n\n[a]\ny = true\n'],
    ['what is undefined is left out', { a: { x: undefined, y: 'z' }, b: undefined }, '[a]\ny = "z"\n'],
    ['a list of tables', { t: [{ n: 'a' }, { n: 'b' }] }, '[[t]]\nn = "a"\n\n[[t]]\nn = "b"\n'],
    ['names that need quotes', { a: { 'core.git': '1', 'b c': '"' } }, '[a]\n"core.git" = "1"\n"b c" = "\\""\n'],
    ['small tables in their line', { a: { t: { x: [1, 2.5], y: {} } } }, '[a]\nt = { x = [1, 2.5], y = {} }\n'],
    ['several lines', { a: { t: 'x\n"y"\n\\' } }, '[a]\nt = """\nx\n\\"y\\"\n\\\\"""\n'],
    ['hidden characters', { a: { t: 'a\u200bb\u{e0041}' } }, '[a]\nt = "a\\u200bb\\U000e0041"\n'],
    ['control characters', { a: { t: '\u0000\u007f\r' } }, '[a]\nt = "\\u0000\\u007f\\r"\n'],
    ['an empty section', { a: {} }, '[a]\n'],
  ])('%s', (_, table, text) => {
    expect(writeToml(table)).toBe(text);
    expect(plain(parse(text))).toEqual(plain(table));
  });

  it('puts a table that is too long for a line below a header of its own', () => {
    const long = { type: 'object', description: 'x'.repeat(120) };
    const text = writeToml({ tools: [{ name: 'a', parameters: { b: long }, z: 1 }, { name: 'c' }] });
    expect(text.split('\n').filter((line) => line.startsWith('['))).toEqual([
      '[[tools]]',
      '[tools.parameters.b]',
      '[[tools]]',
    ]);
    expect(plain(parse(text))).toEqual({ tools: [{ name: 'a', z: 1, parameters: { b: long } }, { name: 'c' }] });
  });

  it('gives each item of a long list a line', () => {
    const items = Array.from({ length: 20 }, (_, i) => `item ${i}`);
    const text = writeToml({ a: { items } });
    expect(text.split('\n')).toHaveLength(24);
    expect(plain(parse(text))).toEqual({ a: { items } });
  });

  it('reads back as it was, whatever the texts and numbers [R-MIGRATE-1]', () => {
    const scalar = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('"', '\\', '\n', '\r', "'", '#', '\u0000', '\u202e', 'a', '{', '=') }),
      fc.boolean(),
      fc.maxSafeInteger(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Number.isInteger(value) ? 0.5 : value)),
    );
    const key = fc
      .oneof(fc.string({ unit: 'binary' }), fc.constantFrom('a.b', '', '"', 'x y', '\n'))
      .filter((name) => name !== '__proto__');
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        scalar,
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    const table = fc.dictionary(key, fc.dictionary(key, value, { maxKeys: 4, noNullPrototype: true }), {
      maxKeys: 4,
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(table, (one) => {
        expect(plain(parse(writeToml(one)))).toEqual(plain(one));
      }),
      { numRuns: 500 },
    );
  });
});
