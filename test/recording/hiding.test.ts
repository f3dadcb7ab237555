import { describe, expect, it } from 'vitest';
import { Hiding } from '../../src/recording/hiding.ts';
import type { WireJson } from '../../src/recording/wire-json.ts';

const SECRET = 'hünter2-is-long';
const STARS = '*'.repeat(Buffer.byteLength(SECRET));
const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString('base64');

function hide(value: WireJson, ...secrets: readonly string[]): WireJson {
  const hiding = new Hiding();
  for (const secret of secrets) hiding.add(secret);
  return hiding.hide(value);
}

describe('secrets in a recording [R-RECORD-3]', () => {
  it.each<readonly [string, WireJson, WireJson]>([
    ['a text', `a ${SECRET} b ${SECRET}`, `a ${STARS} b ${STARS}`],
    ['a list, which stays one', ['a', [SECRET], 1], ['a', [STARS], 1]],
    ['a value of a record', { record: { a: SECRET, b: null } }, { record: { a: STARS, b: null } }],
    ['a name of a record', { record: { [`x-${SECRET}`]: true } }, { record: { [`x-${STARS}`]: true } }],
    ['bytes', { bytes: base64(`key=${SECRET}\n`) }, { bytes: base64(`key=${STARS}\n`) }],
    ['bytes at another place', { bytes: base64(`..${SECRET}`) }, { bytes: base64(`..${STARS}`) }],
    [
      'bytes that are no text',
      { bytes: base64(Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(SECRET), Buffer.of(0x80)])) },
      { bytes: base64(Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(STARS), Buffer.of(0x80)])) },
    ],
    ['the result of a tool that says bytes', { bytes: `it is ${SECRET}` }, { bytes: `it is ${STARS}` }],
    [
      'one that says more beside',
      { json: { bytes: SECRET, count: 1, list: [SECRET] } },
      { json: { bytes: STARS, count: 1, list: [STARS] } },
    ],
    ['a text read as bytes', Buffer.from(SECRET).toString('latin1'), STARS],
  ])('are stars in %s', (_what, value, hidden) => {
    expect(hide(value, SECRET)).toEqual(hidden);
  });

  it.each([
    ['base64', base64(SECRET)],
    ['hexadecimal', Buffer.from(SECRET).toString('hex')],
    ['a URL', encodeURIComponent(SECRET)],
  ])('are a mark where they stand in %s', (_what, written) => {
    expect(hide([`a=${written}`], SECRET)).toEqual(['a=[secret]']);
  });

  it('are all hidden, one within another as well', () => {
    expect(hide('abcdef abcd efgh', 'abcd', 'abcdef', 'efgh')).not.toMatch(/abcd|efgh/);
  });

  it.each<WireJson>([
    `a text without`,
    ['a', 1, null, true, { bytes: base64('without') }, { record: {} }, { whole: '12' }, []],
    { bytes: base64(Buffer.of(0, 255, 1)) },
    { bytes: 'not base64 !' },
    { json: { bytes: 'x', more: 1 } },
  ])('are the only thing that changes: %j', (value) => {
    expect(hide(value, SECRET)).toEqual(value);
    expect(hide(value)).toEqual(value);
  });

  it('of which there are none, or an empty one, change nothing', () => {
    expect(hide(['a', { bytes: 'YQ==' }], '')).toEqual(['a', { bytes: 'YQ==' }]);
  });

  it('may be told later: what was written before stays', () => {
    const hiding = new Hiding();
    expect(hiding.hide(SECRET)).toBe(SECRET);
    hiding.add(SECRET);
    expect(hiding.hide(SECRET)).toBe(STARS);
  });
});
