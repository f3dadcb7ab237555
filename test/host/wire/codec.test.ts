import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, encode, WireError, type WireValue } from '../../../host/wire/codec.ts';

const LIST = 8;
const RECORD = 9;

const { value: anyValue } = fc.letrec<{ value: WireValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.double(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.string({ unit: 'binary' }),
    fc.uint8Array(),
    fc.array(tie('value'), { maxLength: 6 }),
    fc.dictionary(fc.string({ unit: 'binary' }), tie('value'), { maxKeys: 6, noNullPrototype: false }),
  ),
}));

describe('the codec', () => {
  it('gives back every value it was given [R-WALL-3]', () => {
    fc.assert(
      fc.property(anyValue, (given) => {
        expect(plain(decode(encode(given)))).toEqual(plain(given));
      }),
    );
  });

  it.each([
    ['a copy', [Uint8Array.of(1, 2, 3)], {}, false],
    ['a view of the most of an owned message', [new Uint8Array(100)], { owned: true }, true],
    ['a copy of less than half of one', [new Uint8Array(100), 'x'.repeat(200)], { owned: true }, false],
  ])('gives %s [R-WALL-3]', (_what, given, options, shared) => {
    // As a chunk of a socket, which is a part of something larger.
    const message = Buffer.from(encode(given));
    const [bytes] = decode(message, options) as [Uint8Array];
    expect(bytes).toEqual(given[0]);
    expect(Buffer.isBuffer(bytes)).toBe(false);
    expect(bytes.buffer === message.buffer).toBe(shared);
  });

  it.each([0, -0, Number.NaN, Infinity, 2 ** 31, -(2 ** 31), 2 ** 53, '\ufeff', '😀', '__proto__'])(
    'keeps %o as it is [R-WALL-3]',
    (given) => {
      expect(decode(encode(given))).toBe(given);
    },
  );

  it('answers any bytes with a value or a WireError [R-WALL-3]', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), isValueOrWireError), { numRuns: 3_000 });
    // Mostly tags, so that the decoder gets deeper than the first byte.
    const tags = fc.array(fc.oneof(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 255 })), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(tags, (bytes) => isValueOrWireError(Uint8Array.from(bytes))),
      { numRuns: 3_000 },
    );
  });

  it('answers every cut and every changed byte of a message with a value or a WireError [R-WALL-3]', () => {
    const message = encode({
      op: 'done',
      run: 'x',
      outcome: { kind: 'ok', list: [1, 2.5, 3n, 'a', null, true], bytes: Uint8Array.of(1, 2) },
    });
    for (let at = 0; at < message.length; at++) {
      expect(() => decode(message.subarray(0, at))).toThrow(WireError);
      for (const byte of [0, 1, 6, 8, 9, 127, 255]) isValueOrWireError(message.with(at, byte));
    }
  });

  it('refuses bytes after the value [R-WALL-3]', () => {
    expect(() => decode(Uint8Array.of(0, 0))).toThrow(new WireError('bytes left over after the value'));
  });

  it('refuses more than sixteen levels, and writes no more [R-WALL-3]', () => {
    const nested = (depth: number): WireValue => (depth === 0 ? null : [nested(depth - 1)]);
    expect(decode(encode(nested(16)))).toEqual(nested(16));
    expect(() => encode(nested(17))).toThrow(WireError);
    const deep = Uint8Array.from(Array.from({ length: 100_000 }, () => [LIST, 1, 0, 0, 0]).flat());
    expect(() => decode(deep)).toThrow(WireError);
  });

  it('refuses a forged count without setting memory aside for it [R-WALL-3]', () => {
    expect(() => decode(Uint8Array.of(LIST, 255, 255, 255, 255, 0))).toThrow(WireError);
    expect(() => decode(Uint8Array.of(RECORD, 255, 255, 255, 127, 0))).toThrow(WireError);
    // Each level announces as many items as there are bytes left, which is true of none.
    const size = 4_000_000;
    const bytes = new Uint8Array(size).fill(255);
    for (let level = 0; level < 16; level++) {
      bytes[level * 5] = LIST;
      new DataView(bytes.buffer).setUint32(level * 5 + 1, size - (level + 1) * 5, true);
    }
    const before = process.memoryUsage().rss;
    expect(() => decode(bytes)).toThrow(WireError);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 2 ** 20);
  });

  it('keeps record keys away from prototypes [R-WALL-3]', () => {
    const forged = decode(
      encode(JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1, "toString": 2}') as WireValue),
    );
    expect(Object.getPrototypeOf(forged)).toBeNull();
    expect(Object.keys(forged as object)).toEqual(['__proto__', 'constructor', 'toString']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('refuses a key twice, and a key that is no string [R-WALL-3]', () => {
    const twice = encode({ a: 1, b: 2 }).map((byte) => (byte === 'b'.charCodeAt(0) ? 'a'.charCodeAt(0) : byte));
    expect(() => decode(twice)).toThrow('repeated');
    expect(() => decode(Uint8Array.of(RECORD, 1, 0, 0, 0, 0, 0, 0, 0, 0))).toThrow('not a string');
  });

  it('refuses strings that are not UTF-8 [R-WALL-3]', () => {
    expect(() => decode(Uint8Array.of(6, 2, 0, 0, 0, 0xc0, 0x80))).toThrow('UTF-8');
    expect(() => decode(Uint8Array.of(6, 3, 0, 0, 0, 0xed, 0xa0, 0x80))).toThrow('UTF-8');
  });

  it('copies bytes out of the message [R-WALL-3]', () => {
    // Sockets hand out Buffers, whose `slice` copies nothing.
    const message = Buffer.from(encode(Uint8Array.of(1, 2, 3)));
    const bytes = decode(message) as Uint8Array;
    message.fill(9);
    expect([...bytes]).toEqual([1, 2, 3]);
  });
});

function isValueOrWireError(bytes: Uint8Array): void {
  try {
    encode(decode(bytes));
  } catch (error) {
    expect(error).toBeInstanceOf(WireError);
  }
}

/** The same value with ordinary prototypes and well-formed text, for comparison. */
function plain(value: WireValue): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return ['bytes', ...value];
  if (Array.isArray(value)) return value.map(plain);
  return Object.entries(value).map(([key, item]) => [key.toWellFormed(), plain(item)]);
}
