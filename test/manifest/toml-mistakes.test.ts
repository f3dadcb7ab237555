import { describe, expect, test } from 'vitest';
import { parseManifest } from '../../src/manifest/parse-manifest.ts';
import { HEAD, parseText } from './sample.ts';

describe('bytes that are no UTF-8 [R-MANIFEST-1, R-MANIFEST-2]', () => {
  test.each<readonly [string, readonly number[]]>([
    ['a lone continuation', [0x80]],
    ['a start without its continuation', [0xc3, 0x22]],
    ['three bytes cut to two', [0xe2, 0x82, 0x22]],
    ['four bytes cut to three', [0xf0, 0x9f, 0x98, 0x22]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['an overlong zero', [0xe0, 0x80, 0x80]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['over the last code point', [0xf4, 0x90, 0x80, 0x80]],
    ['five bytes', [0xf8, 0x88, 0x80, 0x80, 0x80]],
    ['Latin-1', [0xe9]],
    ['never a byte of UTF-8', [0xff]],
  ])('%s', async (_, bad) => {
    const before = new TextEncoder().encode(`${HEAD}license = "é`);
    const bytes = Uint8Array.from([...before, ...bad, ...new TextEncoder().encode('"\n')]);
    const { manifest, problems } = await parseManifest(bytes, { file: 'skill.toml' });
    expect(problems).toMatchObject([{ severity: 'error', code: 'M_ENCODING', line: 7, column: 13 }]);
    expect(manifest).toBeUndefined();
  });
});

describe('the fix for a frequent mistake [R-MANIFEST-1]', () => {
  test.each([
    ['a = 1\na = 2', 'remove one of the two definitions'],
    ['a = "open', 'close the string with the quote'],
    ['a = "open\nb = "closed"', 'close the string with the quote'],
    ["a = 'open\r\n", 'close the string with the quote'],
    ['a = "tab\u0000', 'remove the character'],
    ['a = [1, 2', 'put a comma between the items, and close with ]'],
    ['a = { b = 1', 'put a comma between the items, and close with ]'],
    ['a = [1,', 'close it'],
    ['a = { b = 1,', 'close it'],
    ['a = [1 2]', 'put a comma between the items'],
    ['a = 1 b = 2', 'on a line of its own'],
    ['a', 'write key = value, or [section]'],
    ['a = 01', 'without leading zeros'],
    ['a = "\\q"', 'double the backslash'],
    ['a = text', 'put text in quotes'],
    ['a = "\u0001"', 'remove the character'],
  ])('%j', async (text, fix) => {
    const { problems } = await parseText(`${HEAD}[state]\n${text}`);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.fix).toContain(fix);
  });
});
