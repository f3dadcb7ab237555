import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32 } from 'node:zlib';
import { readBlob, writeBlob } from '../../../src/knowledge/match/blob.ts';
import { buildMatchIndex, openMatchIndex, updateMatchIndex } from '../../../src/knowledge/match/index.ts';
import { CATALOGUE, opened, skill } from './skills.ts';

const whole = buildMatchIndex(CATALOGUE);
const PROMPTS = [
  'review this pull request',
  'my kuberntes is down',
  'extract tables from PDF reports',
  'wind and rain',
];

/** The bytes with a checksum that fits them, as a forger would write it. */
function sign(bytes: Uint8Array): Uint8Array {
  const signed = bytes.slice();
  new DataView(signed.buffer).setUint32(12, crc32(signed.subarray(16)), true);
  return signed;
}

/** Opens, matches and updates; whatever the bytes, nothing of it may throw. */
function use(bytes: Uint8Array): void {
  const index = openMatchIndex(bytes);
  for (const prompt of PROMPTS) index?.match(prompt, { threshold: 0 });
  updateMatchIndex(
    bytes,
    CATALOGUE.map((document) => ({ id: document.id, signature: document.signature, read: () => document })),
  );
}

describe('an index that is not whole', () => {
  it('is refused at every length but its own [R-MATCH-7]', () => {
    for (let length = 0; length < whole.length; length += 7)
      expect(openMatchIndex(whole.subarray(0, length))).toBeUndefined();
    expect(openMatchIndex(Buffer.concat([whole, new Uint8Array(8)]))).toBeUndefined();
  });

  it('is refused with any bit changed [R-MATCH-7]', () => {
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(7), (at, bit) => {
        expect(openMatchIndex(whole.map((byte, i) => (i === at ? byte ^ (1 << bit) : byte)))).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  it('is refused when it is of another version [R-MATCH-7]', () => {
    const other = whole.slice();
    other[4] = 99;
    expect(openMatchIndex(sign(other))).toBeUndefined();
  });

  it('is refused when it is anything else [R-MATCH-7]', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        expect(openMatchIndex(bytes)).toBeUndefined();
      }),
    );
  });
});

describe('an index with a checksum that was forged', () => {
  it('is refused or answers, and never throws [R-MATCH-7]', () => {
    const change = fc.tuple(
      fc.nat(whole.length / 4 - 5),
      fc.constantFrom(0, 1, 2, 0xff, 0xffff, 0x7fff_ffff, 0xffff_ffff),
    );
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const forged = whole.slice();
        const view = new DataView(forged.buffer);
        for (const [word, value] of changes) view.setUint32(16 + word * 4, value, true);
        expect(() => use(sign(forged))).not.toThrow();
      }),
      { numRuns: 400 },
    );
  });

  it('never throws with any single number of it changed [R-MATCH-7]', () => {
    const small = buildMatchIndex([skill({ id: 'a', topics: ['pull request'], description: 'Tables of PDF reports' })]);
    for (let at = 16; at < small.length; at += 4) {
      for (const value of [0, 0xffff_ffff]) {
        const forged = small.slice();
        new DataView(forged.buffer).setUint32(at, value, true);
        expect(() => use(sign(forged))).not.toThrow();
      }
    }
  });

  it('never shows more than its own bytes [R-MATCH-7]', () => {
    const around = Buffer.alloc(whole.length + 4096, 'secret');
    around.set(whole, 2048);
    const inside = around.subarray(2048, 2048 + whole.length);
    fc.assert(
      fc.property(fc.nat(whole.length / 4 - 5), fc.nat(0xffff_ffff), (word, value) => {
        const forged = inside.slice();
        new DataView(forged.buffer, forged.byteOffset).setUint32(16 + word * 4, value, true);
        inside.set(sign(Uint8Array.from(forged)));
        const told = JSON.stringify(openMatchIndex(inside)?.match(PROMPTS.join(' '), { threshold: 0, limit: 9 }) ?? '');
        inside.set(whole);
        expect(told).not.toContain('secret');
      }),
    );
  });
});

describe('an index', () => {
  it('is used where it lies, wherever that is', () => {
    for (const offset of [0, 1, 3, 8]) {
      const at = new Uint8Array(whole.length + offset);
      at.set(whole, offset);
      expect(opened(at.subarray(offset)).match('commit')).toEqual(opened(whole).match('commit'));
    }
  });

  it('is not changed by being used', () => {
    const before = whole.slice();
    use(whole);
    expect(whole).toEqual(before);
  });
});

describe('a blob', () => {
  it('gives back the sections that were put in', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array()), (sections) => {
        expect(readBlob(writeBlob(sections), sections.length)).toEqual(sections);
      }),
    );
  });

  it('is not read when a section reaches outside, however well it is signed', () => {
    const forged = writeBlob([Uint8Array.of(1, 2, 3)]);
    new DataView(forged.buffer).setUint32(20, 4096, true);
    expect(readBlob(sign(forged), 1)).toBeUndefined();
  });

  it('is not read as one of another number of sections that reach outside', () => {
    const blob = writeBlob([Uint8Array.of(1, 2, 3)]);
    expect(readBlob(blob, 40)).toBeUndefined();
  });
});
