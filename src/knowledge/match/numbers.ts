/** A section as an array of numbers; undefined when its length does not fit. */
export function asU32(section: Uint8Array | undefined): Uint32Array | undefined {
  if (section === undefined || section.length % 4 !== 0) return undefined;
  return new Uint32Array(section.buffer, section.byteOffset, section.length / 4);
}

export function asU16(section: Uint8Array | undefined): Uint16Array | undefined {
  if (section === undefined || section.length % 2 !== 0) return undefined;
  return new Uint16Array(section.buffer, section.byteOffset, section.length / 2);
}

export function asF64(section: Uint8Array | undefined): Float64Array | undefined {
  if (section === undefined || section.length % 8 !== 0) return undefined;
  return new Float64Array(section.buffer, section.byteOffset, section.length / 8);
}

/** Whether these are offsets of adjacent parts that together make `length`: from 0, never falling. */
export function areOffsets(offsets: Uint32Array, parts: number, length: number): boolean {
  if (offsets.length !== parts + 1 || offsets[0] !== 0 || offsets[parts] !== length) return false;
  let before = 0;
  for (const offset of offsets) {
    if (offset < before) return false;
    before = offset;
  }
  return true;
}

/** Offsets of parts with these lengths. */
export function toOffsets(lengths: readonly number[]): Uint32Array {
  const offsets = new Uint32Array(lengths.length + 1);
  let sum = 0;
  for (const [i, length] of lengths.entries()) offsets[i + 1] = sum += length;
  return offsets;
}
