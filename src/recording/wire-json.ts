import type { WireValue } from '../../host/index.ts';

/** Values of host calls as JSON: bytes are `{"bytes": base64}`, large whole numbers `{"whole": digits}`. */
export type WireJson = null | boolean | number | string | readonly WireJson[] | { readonly [key: string]: WireJson };

export function toJson(value: WireValue): WireJson {
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64') };
  if (typeof value === 'bigint') return { whole: String(value) };
  if (isList(value)) return value.map(toJson);
  if (typeof value !== 'object' || value === null) return value;
  return { record: Object.fromEntries(Object.entries(value).map(([key, one]) => [key, toJson(one)])) };
}

/** @throws TypeError for JSON that `toJson` does not make */
export function fromJson(json: WireJson): WireValue {
  if (Array.isArray(json)) return (json as readonly WireJson[]).map(fromJson);
  if (typeof json !== 'object' || json === null) return json;
  const { bytes, whole, record } = json as { readonly [key: string]: WireJson };
  if (typeof bytes === 'string') return Buffer.from(bytes, 'base64');
  if (typeof whole === 'string' && /^-?\d{1,40}$/.test(whole)) return BigInt(whole);
  if (typeof record === 'object' && record !== null && !Array.isArray(record))
    return Object.fromEntries(Object.entries(record).map(([key, one]) => [key, fromJson(one)]));
  throw new TypeError('it is no value of a host call');
}

function isList(value: WireValue): value is readonly WireValue[] {
  return Array.isArray(value);
}
