/** The header of one entry of a tar, read so that no other reader can understand it in another way. */
export interface TarHeader {
  /** Undefined when it is not UTF-8 or goes on behind its end, as names do that were cut for a longer one elsewhere. */
  readonly name: string | undefined;
  /** One character; NUL is the file of old archives. */
  readonly type: string;
  readonly size: number;
  readonly mode: number;
}

export const BLOCK = 512;

/** @returns what is wrong, as the end of a sentence, when it is no header anybody should read */
export function parseTarHeader(block: Uint8Array): TarHeader | string {
  if (!isSummed(block)) return 'has a header that is damaged';
  const size = octal(block, 124, 12);
  const mode = octal(block, 100, 8);
  if (size === undefined) return 'has a size that is negative, huge or no number';
  if (mode === undefined) return 'has a mode that is no number';
  const base = text(block, 0, 100);
  const prefix = prefixOf(block);
  const isNamed = base !== undefined && prefix !== undefined;
  const name = isNamed ? `${prefix}${prefix === '' ? '' : '/'}${base}` : undefined;
  return { name, type: String.fromCharCode(block[156] ?? 0), size, mode };
}

/** What stands before the name. Only POSIX archives have it, and some that end it early keep times behind it. */
function prefixOf(block: Uint8Array): string | undefined {
  if (Buffer.from(block.subarray(257, 265)).toString('latin1') !== 'ustar\u000000') return '';
  return text(block, 345, block[475] === 0 ? 131 : 155);
}

/** Whether the bytes begin with the header of a tar. */
export function isTar(bytes: Uint8Array): boolean {
  return bytes.length >= BLOCK && !isZero(bytes.subarray(0, BLOCK)) && isSummed(bytes.subarray(0, BLOCK));
}

export function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

/** UTF-8 up to the first NUL; undefined for anything else, and when more than NUL follows. */
function text(block: Uint8Array, at: number, length: number): string | undefined {
  const field = block.subarray(at, at + length);
  const end = field.indexOf(0);
  if (end !== -1 && !isZero(field.subarray(end))) return undefined;
  return decode(end === -1 ? field : field.subarray(0, end));
}

export function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function octal(block: Uint8Array, at: number, length: number): number | undefined {
  const field = Buffer.from(block.subarray(at, at + length)).toString('latin1');
  const digits = /^ *([0-7]*)[ \0]*$/.exec(field)?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits === '' ? '0' : digits, 8);
}

/** The sum counts its own field as spaces. */
function isSummed(block: Uint8Array): boolean {
  const own = block.subarray(148, 156).reduce((sum, byte) => sum + byte, 0);
  return octal(block, 148, 8) === block.reduce((sum, byte) => sum + byte, 0) - own + 8 * 0x20;
}
