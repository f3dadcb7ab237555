// What a character is, for skills that count words or make names. Plain ranges instead of Unicode's tables, which would
// triple the size of a guest; a rare mark taken for a letter costs an odd slug, no more.

export function isSpace(c: i32): bool {
  if (c == 0x20 || (c >= 0x09 && c <= 0x0d)) return true;
  if (c < 0x80) return false;
  return (
    c == 0x85 ||
    c == 0xa0 ||
    c == 0x1680 ||
    (c >= 0x2000 && c <= 0x200a) ||
    c == 0x2028 ||
    c == 0x2029 ||
    c == 0x202f ||
    c == 0x205f ||
    c == 0x3000
  );
}

/** Whether the code point can stand inside a word: a letter or a digit of any script, or a mark on one. */
export function isWord(c: i32): bool {
  if (c < 0x80) return isDigit(c) || isLetter(c);
  if (c < 0xc0) return c == 0xaa || c == 0xb5 || c == 0xba;
  if (c == 0xd7 || c == 0xf7) return false;
  if (c == 0x60c || c == 0x61b || c == 0x61f || c == 0x964 || c == 0x965) return false;
  // General punctuation, currency, arrows, mathematics, boxes, dingbats.
  if (c >= 0x2000 && c <= 0x2bff) return false;
  if (c >= 0x3000 && c <= 0x3030) return c >= 0x3005 && c <= 0x3007;
  // Private use, variation selectors, small and full-width punctuation.
  if (c >= 0xe000 && c <= 0xf8ff) return false;
  if (c >= 0xfe00 && c <= 0xfe6f) return false;
  if (c >= 0xff00 && c <= 0xff65) return (c >= 0xff10 && c <= 0xff19) || (c >= 0xff21 && c <= 0xff3a) || (c >= 0xff41 && c <= 0xff5a);
  // A surrogate here has lost its other half.
  if (c >= 0xd800 && c <= 0xdfff) return false;
  if (c >= 0xfff0 && c <= 0xffff) return false;
  // Pictures and emoji.
  return c < 0x1f000 || c > 0x1faff;
}

export function isDigit(c: i32): bool {
  return c >= 0x30 && c <= 0x39;
}

/** ASCII only. */
export function isLetter(c: i32): bool {
  const lower = c | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

export function isCombining(c: i32): bool {
  return c >= 0x300 && c <= 0x36f;
}

/** Runs of anything but white space. */
export function countWords(text: string): i32 {
  let words = 0;
  let inside = false;
  for (let i = 0; i < text.length; i++) {
    const space = isSpace(text.charCodeAt(i));
    if (!space && !inside) words++;
    inside = !space;
  }
  return words;
}

/** Code points, not UTF-16 units. */
export function countCharacters(text: string): i32 {
  let characters = text.length;
  for (let i = 1; i < text.length; i++) {
    if (isLow(text.charCodeAt(i)) && isHigh(text.charCodeAt(i - 1))) {
      characters--;
      i++;
    }
  }
  return characters;
}

function isHigh(unit: i32): bool {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLow(unit: i32): bool {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** Lines as an editor shows them, without their ends; a final line end starts no further line. */
export function splitLines(text: string): string[] {
  const lines = text.split('\n');
  if (lines[lines.length - 1] == '') lines.pop();
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    if (line.endsWith('\r')) lines[i] = line.substring(0, line.length - 1);
  }
  return lines;
}
