import { toUtf8 } from './abi';

/** Null when the bytes are not UTF-8, or hold a NUL and so are something else than text. */
export function textOf(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null;
  const text = String.UTF8.decodeUnsafe(bytes.dataStart, bytes.length);
  // The decoder takes anything; only what is well formed comes back the same.
  const again = toUtf8(text);
  if (again.length != bytes.length || memory.compare(again.dataStart, bytes.dataStart, bytes.length) != 0) return null;
  return text;
}
