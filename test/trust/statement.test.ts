import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { statementOf } from '../../src/trust/index.ts';
import { refusalOf, SIGNED, TREE } from './support.ts';

describe('the statement that is signed', () => {
  it('is these bytes [R-TRUST-1]', () => {
    expect(new TextDecoder().decode(statementOf(SIGNED))).toBe(
      `skillhost signature v1\nid: cloud.aws\nversion: 1.2.0\ntree: ${TREE}\n`,
    );
  });

  it.each([
    ['an empty id', { ...SIGNED, id: '' }],
    ['an id with a line of its own', { ...SIGNED, id: 'cloud.aws\nversion: 9.9.9' }],
    ['an id with a carriage return', { ...SIGNED, id: 'cloud.aws\r' }],
    ['an id with a space', { ...SIGNED, id: 'cloud aws' }],
    ['an id with a look-alike letter', { ...SIGNED, id: 'cloud.аws' }],
    ['an id of a thousand letters', { ...SIGNED, id: 'a'.repeat(1000) }],
    ['an empty version', { ...SIGNED, version: '' }],
    ['a version with a line of its own', { ...SIGNED, version: `1.2.0\ntree: ${TREE}` }],
    ['a tree without its algorithm', { ...SIGNED, tree: 'a1'.repeat(32) }],
    ['a tree of another algorithm', { ...SIGNED, tree: `sha512:${'a1'.repeat(64)}` }],
    ['a tree of the algorithm none', { ...SIGNED, tree: 'none:' }],
    ['a shortened tree', { ...SIGNED, tree: TREE.slice(0, -2) }],
    ['a tree in capitals', { ...SIGNED, tree: TREE.toUpperCase() }],
    ['a tree with a line after it', { ...SIGNED, tree: `${TREE}\n` }],
  ])('is not made of %s [R-TRUST-1]', async (_, signed) => {
    expect(await refusalOf(() => statementOf(signed))).toBe('E_USAGE');
  });

  it('is never the same for two [R-TRUST-1]', () => {
    const word = fc.stringMatching(/^[!-~]{1,12}$/);
    const tree = fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => `sha256:${hex}`);
    const signed = fc.record({ id: word, version: word, tree });
    fc.assert(
      fc.property(signed, signed, (one, other) => {
        const isSame = Buffer.compare(statementOf(one), statementOf(other)) === 0;
        expect(isSame).toBe(one.id === other.id && one.version === other.version && one.tree === other.tree);
      }),
      { numRuns: 50 },
    );
  });
});
