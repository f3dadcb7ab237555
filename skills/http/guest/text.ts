import { textOf } from '../../sdk-as/utf8';

/** The body as text; null when it is none. */
export function bodyText(body: Uint8Array, type: string | null): string | null {
  const text = textOf(body);
  if (text != null) return text;
  return type != null && type.toLowerCase().startsWith('text/') ? latin1(body) : null;
}

function latin1(bytes: Uint8Array): string {
  const units = new Array<i32>(bytes.length);
  for (let i = 0; i < bytes.length; i++) units[i] = bytes[i];
  return String.fromCharCodes(units);
}
