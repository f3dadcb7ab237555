import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WireError, type WireValue } from '../../../host/wire/codec.ts';
import {
  bytes,
  flag,
  list,
  parseFromGuest,
  parseFromWorker,
  record,
  text,
  whole,
} from '../../../host/wire/parse-message.ts';

const of = (fields: Readonly<Record<string, WireValue>>): WireValue => ({ ...fields });
const REFUSED = { op: 'refused', code: 'E_MODULE', message: 'no', hint: null, details: {} };
const OUTCOME = {
  kind: 'ok',
  result: '1',
  status: 0,
  message: '',
  stdout: Uint8Array.of(1),
  stderr: new Uint8Array(),
  memoryBytes: 65_536,
  fuelUsed: 7,
};

describe('a message of a guest process [R-WALL-3]', () => {
  it.each<[what: string, message: Readonly<Record<string, WireValue>>]>([
    ['ready', { op: 'ready' }],
    ['loaded', { op: 'loaded' }],
    ['gone', { op: 'gone', channel: 7, why: 'out of memory' }],
    ['a refusal', { ...REFUSED, hint: 'build it anew', details: { limit: 'functions', got: 3 } }],
  ])('is what it says: %s', (_, message) => {
    expect(parseFromGuest(of(message))).toEqual(message);
  });

  it('holds nothing beside', () => {
    expect(parseFromGuest(of({ op: 'ready', code: 'E_MODULE', __more: 1 }))).toEqual({ op: 'ready' });
    expect(Object.keys(parseFromGuest(of({ ...REFUSED, stack: 'at …' }))).toSorted()).toEqual(
      ['code', 'details', 'hint', 'message', 'op'].toSorted(),
    );
  });

  it.each<[what: string, message: WireValue, why: RegExp]>([
    ['null', null, /expected a record/],
    ['a text', 'ready', /expected a record/],
    ['a list', ['ready'], /expected a record/],
    ['bytes', Uint8Array.of(1), /expected a record/],
    ['no kind', {}, /of an unknown kind/],
    ['a kind there is not', { op: 'load' }, /of an unknown kind/],
    ['a kind of an object', { op: 'constructor' }, /of an unknown kind/],
    ['a refusal as denied', { ...REFUSED, code: 'E_DENIED' }, /a code that is none of a module/],
    ['a refusal with a number', { ...REFUSED, code: 1 }, /a code that is none of a module/],
    ['a refusal without words', { ...REFUSED, message: null }, /message is not text/],
    ['a hint that is none', { ...REFUSED, hint: 1 }, /hint is not text/],
    ['details in a list', { ...REFUSED, details: [] }, /expected a record/],
    ['a detail that is a list', { ...REFUSED, details: { a: [] } }, /a detail is not text/],
    [
      'more details than are shown',
      { ...REFUSED, details: Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`d${i}`, i])) },
      /too many details/,
    ],
    ['a channel below zero', { op: 'gone', channel: -1, why: '' }, /channel is not a whole number/],
    ['a part of a channel', { op: 'gone', channel: 0.5, why: '' }, /channel is not a whole number/],
    ['a channel beyond all', { op: 'gone', channel: 2 ** 53, why: '' }, /channel is not a whole number/],
    ['a channel in words', { op: 'gone', channel: '1', why: '' }, /channel is not a whole number/],
    ['gone without a reason', { op: 'gone', channel: 1 }, /why is not text/],
  ])('is refused: %s', (_, message, why) => {
    expect(() => parseFromGuest(message)).toThrow(WireError);
    expect(() => parseFromGuest(message)).toThrow(why);
  });
});

describe('a message of a worker [R-WALL-3]', () => {
  it('is an outcome, with these fields and no others', () => {
    expect(parseFromWorker(of({ ...OUTCOME, more: 1 }))).toEqual({ op: 'outcome', outcome: OUTCOME });
    const result = Uint8Array.of(2);
    expect(parseFromWorker(of({ ...OUTCOME, result }))).toMatchObject({ outcome: { result } });
  });

  it('is a host call: an operation and its arguments', () => {
    expect(parseFromWorker(['log', ['info', 'x']])).toEqual({
      op: 'host-call',
      operation: 'log',
      args: ['info', 'x'],
    });
  });

  it.each<[what: string, message: WireValue, why: RegExp]>([
    ['null', null, /expected a record/],
    ['bytes', Uint8Array.of(1), /expected a record/],
    ['a call of nothing', [], /the operation is not text/],
    ['a call by number', [1, []], /the operation is not text/],
    ['a call without arguments', ['log'], /the arguments is not a list/],
    ['a call with a record', ['log', {}], /the arguments is not a list/],
    ['a call with more', ['log', [], 'and'], /more than an operation and its arguments/],
    ['an end there is not', { ...OUTCOME, kind: 'well' }, /an outcome of an unknown kind/],
    ['an end of an object', { ...OUTCOME, kind: 'toString' }, /an outcome of an unknown kind/],
    ['a result in a list', { ...OUTCOME, result: [] }, /neither text nor bytes/],
    ['a result that is a number', { ...OUTCOME, result: 1 }, /neither text nor bytes/],
    ['a status below zero', { ...OUTCOME, status: -1 }, /status is not a whole number/],
    ['a status that is none', { ...OUTCOME, status: Number.NaN }, /status is not a whole number/],
    ['words that are bytes', { ...OUTCOME, message: Uint8Array.of(1) }, /message is not text/],
    ['output that is text', { ...OUTCOME, stdout: 'x' }, /stdout is not bytes/],
    ['errors that are text', { ...OUTCOME, stderr: 'x' }, /stderr is not bytes/],
    ['memory without end', { ...OUTCOME, memoryBytes: Number.POSITIVE_INFINITY }, /memoryBytes is not a whole/],
    ['fuel as a bigint', { ...OUTCOME, fuelUsed: 1n }, /fuelUsed is not a whole number/],
  ])('is refused: %s', (_, message, why) => {
    expect(() => parseFromWorker(message)).toThrow(WireError);
    expect(() => parseFromWorker(message)).toThrow(why);
  });

  it('shows words cut, and with nothing in them that hides or moves a cursor', () => {
    const told = parseFromWorker(of({ ...OUTCOME, kind: 'trap', message: `\u001b[2J\u202e${'x'.repeat(5_000)}` }));
    const { message } = told.op === 'outcome' ? told.outcome : { message: '' };
    expect(message).toMatch(/^\\u\{1b\}\[2J\\u\{202e\}x+$/);
    expect(message.replaceAll(/[^x]/g, '').length).toBe(2_000 - 5);
  });

  it('whatever the value is, no other error comes of it', () => {
    const value = fc.anything({ withBigInt: true, withTypedArray: true }) as fc.Arbitrary<WireValue>;
    fc.assert(
      fc.property(value, (one) => {
        for (const parse of [parseFromGuest, parseFromWorker]) {
          try {
            parse(one);
          } catch (error) {
            expect(error).toBeInstanceOf(WireError);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a field of an argument', () => {
  it.each<[name: string, read: (value: WireValue) => unknown, good: WireValue, bad: readonly WireValue[], why: RegExp]>(
    [
      ['text', (value) => text(value, 'it'), 'a', [1, null, [], {}, true, Uint8Array.of(1)], /it is not text/],
      ['bytes', (value) => bytes(value, 'it'), Uint8Array.of(1), ['a', 1, null, [1], {}], /it is not bytes/],
      ['whole', (value) => whole(value, 'it'), 0, [-1, 0.5, 2 ** 53, Number.NaN, '0', 1n, null], /it is not a whole/],
      ['list', (value) => list(value, 'it'), [1], ['a', {}, null, Uint8Array.of(1)], /it is not a list/],
      ['flag', (value) => flag(value, 'it'), false, [0, 'false', null, []], /it is not true or false/],
      ['record', (value) => record(value), { a: 1 }, ['a', 1, null, [], Uint8Array.of(1), true], /expected a record/],
    ],
  )('%s is one or refused', (_, read, good, bad, why) => {
    expect(read(good)).toBe(good);
    for (const value of bad) expect(() => read(value)).toThrow(why);
  });
});
