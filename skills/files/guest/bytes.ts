/** A byte sequence to look for, found in linear time whatever it looks like (Knuth, Morris and Pratt). */
export class Needle {
  /** For each length of a partial match, the length of the longest shorter one it ends with. */
  private shorter: Int32Array;

  constructor(readonly bytes: Uint8Array) {
    this.shorter = new Int32Array(bytes.length + 1);
    for (let i = 1, matched = 0; i < bytes.length; i++) {
      matched = this.extend(matched, bytes[i]);
      this.shorter[i + 1] = matched;
    }
  }

  private extend(matched: i32, byte: u8): i32 {
    while (matched > 0 && this.bytes[matched] != byte) matched = this.shorter[matched];
    return this.bytes[matched] == byte ? matched + 1 : matched;
  }

  /** Where the first occurrence at or after `from` begins, or -1. */
  next(hay: Uint8Array, from: i32): i32 {
    let matched = 0;
    for (let i = from; i < hay.length; i++) {
      if (matched == 0) {
        // Most of a text is far from any match; this skips it faster.
        i = hay.indexOf(this.bytes[0], i);
        if (i < 0) return -1;
      }
      matched = this.extend(matched, hay[i]);
      if (matched == this.bytes.length) return i + 1 - matched;
    }
    return -1;
  }

  /** Where the occurrences begin; they do not overlap. */
  all(hay: Uint8Array): i32[] {
    const places = new Array<i32>();
    for (let at = this.next(hay, 0); at >= 0; at = this.next(hay, at + this.bytes.length)) places.push(at);
    return places;
  }
}

/** A copy of `hay` in which `length` bytes at each of `places`, which ascend, are `replacement` instead. */
export function replaceAll(hay: Uint8Array, places: i32[], length: i32, replacement: Uint8Array): Uint8Array {
  const changed = new Uint8Array(hay.length + places.length * (replacement.length - length));
  let from = 0;
  let to = 0;
  for (let i = 0; i < places.length; i++) {
    changed.set(hay.subarray(from, places[i]), to);
    to += places[i] - from;
    changed.set(replacement, to);
    to += replacement.length;
    from = places[i] + length;
  }
  changed.set(hay.subarray(from), to);
  return changed;
}
