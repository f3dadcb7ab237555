import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areOffsets, toOffsets } from '../../../src/knowledge/match/numbers.ts';
import { countInBody, countInDescription, countInName, packCounts } from '../../../src/knowledge/match/record.ts';
import { StringTable, writeTable } from '../../../src/knowledge/match/string-table.ts';
import { TermCounter } from '../../../src/knowledge/match/term-counter.ts';
import { Vocabulary } from '../../../src/knowledge/match/vocabulary.ts';
import { WordTable } from '../../../src/knowledge/match/word-table.ts';

function openTable(strings: readonly string[]): StringTable {
  const sections = writeTable(strings).map(
    ({ buffer, byteOffset, byteLength }) => new Uint8Array(new Uint8Array(buffer, byteOffset, byteLength)),
  );
  const table = StringTable.open(sections);
  if (table === undefined) throw new Error('the table does not open');
  return table;
}

const strings = fc.uniqueArray(fc.string({ unit: 'grapheme' }), { maxLength: 200 });

describe('a table of strings', () => {
  it('finds every string by its number and every number by its string', () => {
    fc.assert(
      fc.property(strings, (all) => {
        const table = openTable(all);
        expect(table.size).toBe(all.length);
        for (const [number, text] of all.entries()) {
          expect(table.text(number)).toBe(text);
          expect(table.find(text)).toBe(number);
        }
      }),
    );
  });

  it('finds nothing else', () => {
    fc.assert(
      fc.property(strings, fc.string(), (all, other) => {
        if (!all.includes(other)) expect(openTable(all).find(other)).toBeUndefined();
        expect(openTable(all).text(all.length)).toBe('');
        expect(openTable(all).text(0xffff_ffff)).toBe('');
      }),
    );
  });

  it.each(['__proto__', 'constructor', 'toString'])('knows %s only when it was put in', (name) => {
    expect(openTable(['a']).find(name)).toBeUndefined();
    expect(openTable(['a', name]).find(name)).toBe(1);
  });

  it('holds many', () => {
    const many = Array.from({ length: 50_000 }, (_, i) => `term${i}`);
    const table = openTable(many);
    expect(many.every((text, number) => table.find(text) === number)).toBe(true);
  });
});

describe('a table of words in bytes', () => {
  it('gives each word one number, however often it comes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 8 }), { maxLength: 6000 }),
        (words) => {
          const table = new WordTable();
          const expected = new Map<string, number>();
          for (const word of words) {
            const known = expected.get(word);
            const bytes = Buffer.from(`-${word}-`);
            const number = table.numberOf(bytes, 1, bytes.length - 1, () => expected.size);
            if (known === undefined) expected.set(word, number);
            expect(number).toBe(known ?? expected.size - 1);
          }
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe('a vocabulary', () => {
  const termsOf = (vocabulary: Vocabulary, text: string): (string | undefined)[] => {
    const terms: (string | undefined)[] = [];
    vocabulary.visitTerms(text, (term) => void terms.push(vocabulary.terms[term]));
    return terms;
  };

  it('has one term for all forms of a word, in texts of any script', () => {
    const vocabulary = new Vocabulary();
    expect(termsOf(vocabulary, 'Reviewing reviews')).toEqual(['review', 'review']);
    expect(termsOf(vocabulary, 'naïve reviewed')).toEqual(['naiv', 'review']);
    expect(vocabulary.terms).toEqual(['review', 'naiv']);
  });

  it('leaves short words and words with digits as they are', () => {
    expect(termsOf(new Vocabulary(), 'gas h265s Ägypten')).toEqual(['gas', 'h265s', 'agypten']);
  });
});

describe('the counts of a document', () => {
  it('are kept apart by field, from one document to the next', () => {
    const vocabulary = new Vocabulary();
    const counter = new TermCounter(vocabulary);
    const add = (text: string, field: 'name' | 'description' | 'body'): void =>
      vocabulary.visitTerms(text, (term) => counter.add(term, field));
    add('git', 'name');
    add('the commit of git', 'description');
    add('git commit commit rebase', 'body');
    const { terms, counts } = counter.take();
    const told = Array.from(terms, (term, i) => {
      const packed = counts[i] ?? 0;
      return [vocabulary.terms[term], countInName(packed), countInDescription(packed), countInBody(packed)];
    });
    expect(told).toEqual([
      ['git', 1, 1, 1],
      ['commit', 0, 1, 2],
      ['rebas', 0, 0, 1],
    ]);
    add('rebase', 'name');
    expect(counter.take()).toEqual({
      terms: Uint32Array.of(vocabulary.numberOfTerm('rebas')),
      counts: Uint16Array.of(packCounts(1, 0, 0)),
    });
    expect(counter.take().terms).toHaveLength(0);
  });

  it('grow with the vocabulary', () => {
    const vocabulary = new Vocabulary();
    const counter = new TermCounter(vocabulary);
    const text = Array.from({ length: 5000 }, (_, i) => `w${i}`).join(' ');
    vocabulary.visitTerms(text, (term) => counter.add(term, 'body'));
    expect(counter.take().terms).toHaveLength(5000);
  });

  it('survive packing, and stay at what fits', () => {
    const count = fc.nat(1000);
    fc.assert(
      fc.property(count, count, count, (name, description, body) => {
        const packed = packCounts(name, description, body);
        expect(packed).toBeLessThan(2 ** 16);
        expect(countInName(packed)).toBe(Math.min(name, 7));
        expect(countInDescription(packed)).toBe(Math.min(description, 31));
        expect(countInBody(packed)).toBe(Math.min(body, 255));
      }),
    );
  });
});

describe('offsets', () => {
  it('are known to be those of parts', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100)), (lengths) => {
        const sum = lengths.reduce((total, length) => total + length, 0);
        expect(areOffsets(toOffsets(lengths), lengths.length, sum)).toBe(true);
        expect(areOffsets(toOffsets(lengths), lengths.length, sum + 1)).toBe(false);
        expect(areOffsets(toOffsets(lengths), lengths.length + 1, sum)).toBe(false);
      }),
    );
  });

  it.each([
    [[0, 3, 2, 4], 4],
    [[1, 2, 3, 4], 4],
    [[0, 9, 9, 4], 4],
  ])('%j are none', (offsets, length) => {
    expect(areOffsets(Uint32Array.from(offsets), 3, length)).toBe(false);
  });
});
