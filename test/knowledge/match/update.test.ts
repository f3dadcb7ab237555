import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  buildMatchIndex,
  type MatchDocument,
  type MatchSource,
  updateMatchIndex,
} from '../../../src/knowledge/match/index.ts';
import { CATALOGUE, opened, skill } from './skills.ts';

/** Sources that count how often each is read. */
function watch(documents: readonly MatchDocument[]): { sources: MatchSource[]; reads: string[] } {
  const reads: string[] = [];
  const sources = documents.map((document) => ({
    id: document.id,
    signature: document.signature,
    read: () => {
      reads.push(document.id);
      return document;
    },
  }));
  return { sources, reads };
}

describe('an updated index', () => {
  const previous = buildMatchIndex(CATALOGUE);

  it('reads only what is new or changed [R-MATCH-6]', () => {
    const [first, second, ...rest] = CATALOGUE;
    if (first === undefined || second === undefined) throw new Error('the catalogue is empty');
    const changed = { ...second, signature: 'two', description: 'Something else.' };
    const added = skill({ id: 'new', topics: ['terraform'] });
    const { sources, reads } = watch([changed, added, ...rest]);
    const updated = updateMatchIndex(previous, sources);
    expect(reads.toSorted()).toEqual([changed.id, 'new']);
    expect(updated).toEqual(buildMatchIndex([changed, added, ...rest]));
    expect(opened(updated).match('review this commit', { only: new Set([first.id]), threshold: 0 })).toEqual([]);
  });

  it('of the same skills is the same, and nothing is read [R-MATCH-6]', () => {
    const { sources, reads } = watch(CATALOGUE.toReversed());
    expect(updateMatchIndex(previous, sources)).toEqual(previous);
    expect(reads).toEqual([]);
  });

  it.each<[string, Uint8Array | undefined]>([
    ['nothing', undefined],
    ['an empty file', new Uint8Array()],
    ['another file', new TextEncoder().encode('{"version":1}')],
    ['half an index', previous.subarray(0, previous.length / 2)],
    ['a damaged index', previous.map((byte, i) => (i === 200 ? byte ^ 1 : byte))],
  ])('after %s is built anew [R-MATCH-7]', (_, broken) => {
    const { sources, reads } = watch(CATALOGUE);
    expect(updateMatchIndex(broken, sources)).toEqual(previous);
    expect(reads).toHaveLength(CATALOGUE.length);
  });

  it('is byte for byte what building from nothing gives, whatever changed [R-MATCH-6]', () => {
    const word = fc.constantFrom('commit', 'Кот', '数据库', 'naïve', 'tables', 'the', 'a-b', 'constructor', 'HTTP2');
    const text = fc.array(word, { maxLength: 6 }).map((words) => words.join(' '));
    const document = fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd', 'é', '__proto__'),
      name: text,
      description: fc.tuple(text, text).map(([included, excluded]) => `${included}. Not for ${excluded}.`),
      keywords: fc.array(text, { maxLength: 2 }),
      topics: fc.array(text, { maxLength: 2 }),
      synonyms: fc.dictionary(word, fc.array(text, { maxLength: 2 }), { maxKeys: 2 }),
      priority: fc.integer(),
      alwaysOn: fc.boolean(),
      body: text,
    });
    const state = fc
      .uniqueArray(document, { selector: ({ id }) => id, maxLength: 6 })
      .map((documents) => documents.map((one) => skill({ ...one, signature: JSON.stringify(one) })));
    fc.assert(
      fc.property(fc.array(state, { minLength: 1, maxLength: 4 }), (states) => {
        let bytes: Uint8Array | undefined;
        for (const documents of states) {
          bytes = updateMatchIndex(bytes, watch(documents).sources);
          expect(bytes).toEqual(buildMatchIndex(documents));
        }
      }),
    );
  });

  it('holds of several skills with one id the last', () => {
    const index = opened(
      buildMatchIndex([skill({ id: 'a', topics: ['helm'] }), skill({ id: 'a', topics: ['terraform'] })]),
    );
    expect(index.size).toBe(1);
    expect(index.match('terraform')).toHaveLength(1);
    expect(index.match('helm')).toEqual([]);
  });

  it('reads a source as a method of its own', () => {
    class Source implements MatchSource {
      readonly id = 'a';
      readonly signature = 'one';
      readonly #topics = ['terraform'];
      read(): MatchDocument {
        return skill({ id: this.id, topics: this.#topics });
      }
    }
    expect(opened(updateMatchIndex(undefined, [new Source()])).match('terraform')).toHaveLength(1);
  });

  it('refuses more skills than it can hold', () => {
    const sources = Array.from({ length: 100_001 }, (_, i) => ({
      id: `${i}`,
      signature: '',
      read: () => skill({ id: `${i}` }),
    }));
    expect(() => updateMatchIndex(undefined, sources)).toThrow('100000');
  });
});
