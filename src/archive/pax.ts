import { decode } from './tar-header.ts';

/** What a PAX header says instead of the header behind it. */
export interface PaxWords {
  readonly path?: string;
  readonly size?: number;
}

/** The words that change what an entry is; all others are times, owners and remarks, which are left. */
const REFUSED = /^(?:GNU\.sparse\.|linkpath$|SCHILY\.(?:filetype|realsize)$|hdrcharset$|charset$)/;

/** @returns what is wrong, as the end of a sentence. */
export function parsePax(bytes: Uint8Array, isGlobal: boolean): PaxWords | string {
  const words = new Map<string, string>();
  for (let at = 0; at < bytes.length;) {
    const record = readRecord(bytes, at);
    if (record === undefined) return 'has a PAX header that is damaged';
    const { key, value, next } = record;
    if (words.has(key)) return `has a PAX header with two words for ${JSON.stringify(key.slice(0, 40))}`;
    if (REFUSED.test(key)) return `has a PAX header with ${JSON.stringify(key.slice(0, 40))}, which is not read`;
    if (isGlobal && (key === 'path' || key === 'size')) return `has a ${key} that is meant for all entries`;
    words.set(key, value);
    at = next;
  }
  const path = words.get('path');
  const size = words.get('size');
  if (size !== undefined && !/^\d{1,15}$/.test(size)) return 'has a size that is negative, huge or no number';
  return { ...(path !== undefined && { path }), ...(size !== undefined && { size: Number(size) }) };
}

/** `LENGTH KEY=VALUE\n`, where LENGTH counts all of it. */
function readRecord(
  bytes: Uint8Array,
  at: number,
): { readonly key: string; readonly value: string; readonly next: number } | undefined {
  const head = /^([1-9]\d{0,5}) /.exec(Buffer.from(bytes.subarray(at, at + 8)).toString('latin1'));
  if (head === null) return undefined;
  const next = at + Number(head[1]);
  const record = bytes.subarray(at + head[0].length, next);
  if (next > bytes.length || record.at(-1) !== 0x0a) return undefined;
  const equals = record.indexOf(0x3d);
  const key = decode(record.subarray(0, Math.max(equals, 0)));
  if (key === undefined || key === '' || key.trim() !== key) return undefined;
  const value = record.subarray(equals + 1, -1);
  // What an extended attribute holds is nobody's text.
  const words = key === 'path' || key === 'size' ? decode(value) : '';
  return words === undefined ? undefined : { key, value: words, next };
}
