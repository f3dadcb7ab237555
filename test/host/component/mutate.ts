// Broken copies of a binary, the same for the same seed.

/** Numbers from 0 up to `below`, always the same for one seed (mulberry32). */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Random = ReturnType<typeof randomFrom>;

const HUGE = [0xff, 0xff, 0xff, 0xff, 0x0f];
const LONG_ZERO = [0x80, 0x80, 0x80, 0x80, 0x00];

const MUTATIONS: readonly ((bytes: Uint8Array, at: number, random: Random) => Uint8Array)[] = [
  // Flips, and values that mean something in the format.
  (bytes, at, random) => replace(bytes, at, 1, [(bytes[at] ?? 0) ^ (1 << random(8))]),
  (bytes, at, random) => replace(bytes, at, 1, [random(256)]),
  (bytes, at, random) => replace(bytes, at, 1, [[0x00, 0x01, 0x3f, 0x40, 0x7f, 0x80, 0xff][random(7)] ?? 0]),
  (bytes, at, random) => replace(bytes, at, 1, [((bytes[at] ?? 0) + (random(2) === 0 ? 1 : 255)) & 0xff]),
  // Counts and indices made huge, or longer than they have to be.
  (bytes, at) => replace(bytes, at, 1, HUGE),
  (bytes, at) => replace(bytes, at, 1, LONG_ZERO),
  (bytes, at) => replace(bytes, at, 1, [(bytes[at] ?? 0) | 0x80, 0x00]),
  (bytes, at) => bytes.subarray(0, at),
  (bytes, at, random) => replace(bytes, at, 1 + random(8), []),
  (bytes, at, random) =>
    replace(
      bytes,
      at,
      0,
      Array.from({ length: 1 + random(8) }, () => random(256)),
    ),
  // One piece in the place of another, and twice.
  (bytes, at, random) => {
    const from = random(bytes.length);
    return replace(bytes, at, 1 + random(16), [...bytes.subarray(from, from + 1 + random(16))]);
  },
  (bytes, at, random) => replace(bytes, at, 0, [...bytes.subarray(at, at + 1 + random(64))]),
];

/** One broken copy; `from` and `to` bound where it is broken. */
export function mutate(bytes: Uint8Array, random: Random, [from, to]: readonly [number, number]): Uint8Array {
  let broken = bytes;
  for (let left = 1 + random(3); left > 0; left--) {
    const at = Math.min(from + random(to - from), broken.length);
    broken = MUTATIONS[random(MUTATIONS.length)]?.(broken, at, random) ?? broken;
  }
  return new Uint8Array(broken);
}

function replace(bytes: Uint8Array, at: number, count: number, by: readonly number[]): Uint8Array {
  return Buffer.concat([bytes.subarray(0, at), Uint8Array.from(by), bytes.subarray(at + count)]);
}

/** Where the top-level sections of a module or component stand, heads included. */
export function sectionsOf(bytes: Uint8Array): (readonly [start: number, end: number])[] {
  const sections: (readonly [number, number])[] = [];
  for (let at = 8; at < bytes.length;) {
    const start = at++;
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] ?? 0;
      size |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    at += size;
    sections.push([start, at]);
  }
  return sections;
}

/** The same sections in another order, or with some twice or not at all. */
export function shuffleSections(bytes: Uint8Array, random: Random): Uint8Array {
  const parts = sectionsOf(bytes).map(([start, end]) => bytes.subarray(start, end));
  for (let left = 1 + random(3); left > 0; left--) {
    const [a, b] = [random(parts.length), random(parts.length)];
    const [first, second] = [parts[a], parts[b]];
    if (first === undefined || second === undefined) continue;
    const act = random(3);
    if (act === 0) parts.splice(a, 1, second);
    else if (act === 1) parts.splice(a, 1);
    else parts.splice(a, 0, second);
  }
  return new Uint8Array(Buffer.concat([bytes.subarray(0, 8), ...parts]));
}
