import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MarkedOutput } from '../../../host/session/marked-output.ts';

const MARK = '0123456789abcdef';

/** What is cut off when the stream comes in such chunks, and each request is asked for after every one. */
function cut(stream: Uint8Array, sizes: readonly number[], marks: readonly string[]) {
  const output = new MarkedOutput();
  const found: { text: string; rest: string }[] = [];
  let at = 0;
  for (let i = 0; at < stream.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    output.add(stream.subarray(at, at + size));
    at += size;
    for (let next = marks[found.length]; next !== undefined; next = marks[found.length]) {
      const one = output.take(next);
      if (one === undefined) break;
      found.push({ text: one.text.toString('latin1'), rest: one.rest });
    }
  }
  return { found, left: output.text, size: output.size };
}

describe('output with marks in it [R-SESSION-2]', () => {
  it('is cut into that of its requests, however it comes', () => {
    // With newlines, beginnings of marks, and bytes that are no text.
    const piece = fc.oneof(
      fc.constantFrom('\n', MARK.slice(0, 5), `\n${MARK.slice(0, 15)}`, '\u00ff\u00fe', MARK.toUpperCase()),
      fc.string({ maxLength: 20 }),
    );
    const request = fc.record({
      text: fc.array(piece).map((all) => all.join('')),
      rest: fc.string({ maxLength: 9 }).map((one) => one.replaceAll(/[^ -~]/g, '')),
    });
    fc.assert(
      fc.property(
        fc.array(request, { maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        fc.string({ maxLength: 10 }),
        (requests, sizes, after) => {
          const marks = requests.map((_, i) => `${MARK}${i}`);
          const clean = requests.map(({ text, rest }) => ({ text: Buffer.from(text).toString('latin1'), rest }));
          const stream = Buffer.concat([
            ...clean.map(({ text, rest }, i) => Buffer.from(`${text}\n${marks[i]}${rest}\n`, 'latin1')),
            Buffer.from(after),
          ]);
          const { found, left, size } = cut(stream, sizes, marks);
          expect(found).toEqual(clean);
          expect([left, size]).toEqual([Buffer.from(after).toString(), Buffer.byteLength(after)]);
        },
      ),
    );
  });

  it.each([
    ['without a newline before it', `x${MARK}\n`],
    ['without the end of its line', `\n${MARK}said`],
    ['cut short', `\n${MARK.slice(0, -1)}\n`],
    ['of another request', `\nfedcba9876543210\n`],
  ])('is held while its mark is %s', (_what, text) => {
    const output = new MarkedOutput();
    output.add(Buffer.from(text));
    expect(output.take(MARK)).toBeUndefined();
    expect(output.text).toBe(text);
  });

  it('is found again by another mark, in what was looked through before', () => {
    const output = new MarkedOutput();
    output.add(Buffer.from(`a\n${MARK}x\n`));
    expect(output.take('f'.repeat(16))).toBeUndefined();
    expect(output.take(MARK)).toEqual({ text: Buffer.from('a'), rest: 'x' });
  });

  it('is not changed by what comes after', () => {
    const output = new MarkedOutput();
    output.add(Buffer.from(`first\n${MARK}\nsecond`));
    const taken = output.take(MARK);
    output.add(Buffer.from('third'.repeat(2_000)));
    expect(taken?.text.toString()).toBe('first');
    expect(output.size).toBe(6 + 10_000);
  });

  it('of many chunks is looked through once', () => {
    const output = new MarkedOutput();
    const chunk = Buffer.alloc(1_000, 'x\n');
    // Looked through from the beginning each time, this would be 50 GB.
    for (let i = 0; i < 10_000; i++) {
      output.add(chunk);
      expect(output.take(MARK)).toBeUndefined();
    }
    output.add(Buffer.from(`\n${MARK}{}\n`));
    expect(output.take(MARK)).toMatchObject({ rest: '{}' });
  });
});
