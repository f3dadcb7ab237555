/**
 * How far two words are apart: insertions, deletions, substitutions and swaps of adjacent letters (Damerau–Levenshtein with
 * each letter edited once). Undefined when it is more than `limit`.
 */
export function distance(a: string, b: string, limit: number): number | undefined {
  if (Math.abs(a.length - b.length) > limit) return undefined;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const here = [row];
    let least = row;
    for (let column = 1; column <= b.length; column++) {
      const cost = step(a, b, row, column, before, above, here);
      here.push(cost);
      least = Math.min(least, cost);
    }
    if (least > limit) return undefined;
    [before, above] = [above, here];
  }
  const last = above[b.length] ?? 0;
  return last <= limit ? last : undefined;
}

function step(
  a: string,
  b: string,
  row: number,
  column: number,
  before: readonly number[],
  above: readonly number[],
  here: readonly number[],
): number {
  const replaced = (above[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
  const cost = Math.min((above[column] ?? 0) + 1, (here[column - 1] ?? 0) + 1, replaced);
  const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
  return isSwap ? Math.min(cost, (before[column - 2] ?? 0) + 1) : cost;
}

/** How many typing errors a word of so many letters may have and still be that word. */
export function toleranceOf(length: number): number {
  return length <= 3 ? 0 : length <= 6 ? 1 : 2;
}

/** The letters a word has, as a set of 32 bits: each edit changes at most two of them. */
export function maskLetters(word: string): number {
  let mask = 0;
  for (let i = 0; i < word.length; i++) mask |= 1 << (word.charCodeAt(i) & 31);
  return mask >>> 0;
}

/** Whether words with these letters can be within `limit` edits. */
export function mayBeNear(mask: number, other: number, limit: number): boolean {
  let bits = mask ^ other;
  for (let left = limit * 2; bits !== 0; left--) {
    if (left === 0) return false;
    bits &= bits - 1;
  }
  return true;
}
