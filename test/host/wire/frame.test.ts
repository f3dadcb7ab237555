import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, WireError, type WireValue } from '../../../host/wire/codec.ts';
import { frame, FrameSplitter } from '../../../host/wire/frame.ts';

const messages = fc.array(fc.oneof(fc.string(), fc.uint8Array({ maxLength: 300 })), { maxLength: 12 });

describe('the frame splitter', () => {
  it('finds the same messages however the stream is cut [R-WALL-3]', () => {
    fc.assert(
      fc.property(messages, fc.infiniteStream(fc.integer({ min: 1, max: 40 })), (values, sizes) => {
        const stream = Buffer.concat(values.map((value) => frame(value)));
        const splitter = new FrameSplitter(10_000);
        const found: WireValue[] = [];
        for (let at = 0; at < stream.length;) {
          const size = sizes.next().value ?? 1;
          // Decoded later than pushed: what is handed out must not change with what comes next.
          const payloads = splitter.push(stream.subarray(at, at + size));
          found.push(...payloads.map((payload) => decode(payload)));
          at += size;
        }
        expect(found).toEqual(values);
        expect(splitter.empty).toBe(true);
      }),
    );
  });

  it('hands out payloads that later bytes do not change [R-WALL-3]', () => {
    const splitter = new FrameSplitter(100);
    const [first, second] = [frame('first'), frame('second')];
    expect(splitter.push(first.subarray(0, 3))).toEqual([]);
    const [payload = new Uint8Array()] = splitter.push(first.subarray(3));
    splitter.push(second.subarray(0, 9));
    splitter.push(second.subarray(9));
    expect(decode(payload)).toBe('first');
  });

  it('takes a message of exactly the limit, and refuses one more by its header alone [R-WALL-3]', () => {
    const exact = frame('x'.repeat(95));
    expect(new FrameSplitter(exact.length - 4).push(exact)).toHaveLength(1);
    expect(() => new FrameSplitter(exact.length - 5).push(exact.subarray(0, 4))).toThrow(WireError);
    expect(() => new FrameSplitter(1_000).push(Uint8Array.of(255, 255, 255, 255))).toThrow(WireError);
  });

  it('lets any bytes pass as payloads or a WireError [R-WALL-3]', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 30 })), (chunks) => {
        const splitter = new FrameSplitter(50);
        try {
          for (const chunk of chunks)
            for (const payload of splitter.push(chunk)) expect(payload.length).toBeLessThanOrEqual(50);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
    );
  });

  it('keeps a stream that comes byte by byte in little more than its size [R-WALL-3]', () => {
    const size = 2_000_000;
    const splitter = new FrameSplitter(size);
    const header = new Uint8Array(4);
    new DataView(header.buffer).setUint32(0, size, true);
    splitter.push(header);
    const before = process.memoryUsage();
    for (let i = 1; i < size; i++) splitter.push(new Uint8Array(1));
    const after = process.memoryUsage();
    expect(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers).toBeLessThan(150 * 2 ** 20);
    expect(splitter.push(new Uint8Array(1))).toHaveLength(1);
  });

  it('makes no room for what was only announced [R-WALL-3]', () => {
    const size = 100 * 2 ** 20;
    const splitter = new FrameSplitter(size);
    const header = new Uint8Array(5);
    new DataView(header.buffer).setUint32(0, size, true);
    const before = process.memoryUsage().arrayBuffers;
    splitter.push(header);
    splitter.push(new Uint8Array(1_000));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
  });

  it('knows when it stands between messages', () => {
    const splitter = new FrameSplitter(100);
    expect(splitter.empty).toBe(true);
    const whole = frame(null);
    splitter.push(whole.subarray(0, 2));
    expect(splitter.empty).toBe(false);
    splitter.push(whole.subarray(2));
    expect(splitter.empty).toBe(true);
  });
});
