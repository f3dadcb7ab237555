import { crc32 } from 'node:zlib';

// A blob: head of four words, section table (offset and length of each, in bytes), sections. Every section begins at a
// multiple of 8, so that it can be looked at as an array of numbers where it lies.

const MAGIC = 0x494d_4b53;
/** Raised whenever the same documents would give other bytes; an index of another version is made anew. */
const VERSION = 1;
const HEAD_BYTES = 16;
const ALIGN = 8;

/** Puts sections into one blob with a checksum over them. */
export function writeBlob(sections: readonly ArrayBufferView[]): Uint8Array {
  const first = alignUp(HEAD_BYTES + sections.length * 8);
  const offsets: number[] = [];
  let total = first;
  for (const { byteLength } of sections) {
    offsets.push(total);
    total = alignUp(total + byteLength);
  }
  const bytes = new Uint8Array(total);
  const head = new Uint32Array(bytes.buffer, 0, first / 4);
  for (const [i, section] of sections.entries()) {
    const offset = offsets[i] ?? 0;
    head[4 + i * 2] = offset;
    head[5 + i * 2] = section.byteLength;
    bytes.set(new Uint8Array(section.buffer, section.byteOffset, section.byteLength), offset);
  }
  head.set([MAGIC, VERSION, total, crc32(bytes.subarray(HEAD_BYTES))]);
  return bytes;
}

/** The sections of a blob; undefined when it is another version's, damaged, or no blob at all. */
export function readBlob(bytes: Uint8Array, count: number): Uint8Array[] | undefined {
  const first = alignUp(HEAD_BYTES + count * 8);
  if (bytes.length < first || bytes.length % ALIGN !== 0) return undefined;
  const aligned = bytes.byteOffset % ALIGN === 0 ? bytes : new Uint8Array(bytes);
  const head = new Uint32Array(aligned.buffer, aligned.byteOffset, first / 4);
  const [magic, version, total, sum] = head;
  if (magic !== MAGIC || version !== VERSION || total !== bytes.length) return undefined;
  if (sum !== crc32(aligned.subarray(HEAD_BYTES))) return undefined;
  const sections: Uint8Array[] = [];
  for (let i = 0; i < count; i++) {
    const offset = head[4 + i * 2] ?? 0;
    const length = head[5 + i * 2] ?? 0;
    if (offset < first || offset % ALIGN !== 0 || offset + length > bytes.length) return undefined;
    sections.push(aligned.subarray(offset, offset + length));
  }
  return sections;
}

function alignUp(offset: number): number {
  return Math.ceil(offset / ALIGN) * ALIGN;
}
