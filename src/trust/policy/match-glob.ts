/**
 * Whether a whole text is of a pattern, where each `*` stands for any run of the characters that `covers` allows. Takes as
 * many steps as both are long, multiplied, whatever the pattern.
 */
export function matchesGlob(pattern: string, text: string, covers: (character: string) => boolean): boolean {
  let at = new Set([0]);
  for (const character of text) {
    const next = new Set<number>();
    for (const position of pastStars(pattern, at)) {
      if (pattern[position] === '*' && covers(character)) next.add(position);
      if (pattern.startsWith(character, position)) next.add(position + character.length);
    }
    if (next.size === 0) return false;
    at = next;
  }
  return pastStars(pattern, at).has(pattern.length);
}

/** The positions, and those behind the stars they stand at, as a star may stand for nothing. */
function pastStars(pattern: string, at: ReadonlySet<number>): Set<number> {
  const all = new Set(at);
  for (const position of all) if (pattern[position] === '*') all.add(position + 1);
  return all;
}

/** Whether some text is of both patterns, where `*` stands for any characters. */
export function globsOverlap(one: string, other: string): boolean {
  // below[j]: whether what is left of both, from the row below and from j on, has a text in common.
  let below: boolean[] = [];
  for (let i = one.length; i >= 0; i--) {
    const row: boolean[] = [];
    for (let j = other.length; j >= 0; j--) {
      if (i === one.length && j === other.length) row[j] = true;
      else if (one[i] === '*') row[j] = below[j] === true || row[j + 1] === true;
      else if (other[j] === '*') row[j] = row[j + 1] === true || below[j] === true;
      else row[j] = one[i] !== undefined && one[i] === other[j] && below[j + 1] === true;
    }
    below = row;
  }
  return below[0] === true;
}
