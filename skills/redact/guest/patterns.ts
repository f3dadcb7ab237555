// What is private, each a function that says where it ends when it begins at `at`, and -1 otherwise. Each reads a bounded
// number of bytes, or one word that is not read again.

// cspell:disable
const TOKEN_PREFIXES = [
  'AIza', 'AKIA', 'ASIA', 'ghp_', 'gho_', 'ghr_', 'ghs_', 'ghu_', 'github_pat_', 'glpat-', 'hf_', 'npm_', 'pypi-', 'rk_live_', 'sk-',
  'sk_live_', 'sk_test_', 'xoxa-', 'xoxb-', 'xoxp-',
];
// cspell:enable
/** Shorter ones are words that happen to begin alike, such as `sk-learn`. */
const SHORTEST_TOKEN = 16;

/** Access tokens of well-known services, known by their prefix. */
export function tokenEnd(text: Uint8Array, at: i32): i32 {
  for (let i = 0; i < TOKEN_PREFIXES.length; i++) {
    if (!startsWith(text, at, TOKEN_PREFIXES[i])) continue;
    const start = at + TOKEN_PREFIXES[i].length;
    const end = tokenWordEnd(text, start);
    return end - start >= SHORTEST_TOKEN ? end : -1;
  }
  return -1;
}

/** JSON web tokens: three words joined by dots, of which the last, the signature, may be empty. */
export class WebTokens {
  /** None begins before this: what was read up to here lacked its dots, from wherever one starts. */
  private noneBefore: i32 = 0;

  end(text: Uint8Array, at: i32): i32 {
    if (at < this.noneBefore || !startsWith(text, at, 'eyJ')) return -1;
    const header = tokenWordEnd(text, at);
    if (header == text.length || text[header] != 0x2e) return this.none(header);
    const payload = tokenWordEnd(text, header + 1);
    if (payload == text.length || text[payload] != 0x2e) return this.none(payload);
    return payload - at < SHORTEST_TOKEN ? -1 : tokenWordEnd(text, payload + 1);
  }

  private none(before: i32): i32 {
    this.noneBefore = before;
    return -1;
  }
}

function tokenWordEnd(text: Uint8Array, start: i32): i32 {
  let end = start;
  while (end < text.length && (isAlphanumeric(text[end]) || text[end] == 0x2d || text[end] == 0x5f)) end++;
  return end;
}

const LONGEST_LOCAL_PART = 64;
const LONGEST_DOMAIN = 253;

export function emailEnd(text: Uint8Array, at: i32): i32 {
  let sign = at;
  while (sign < text.length && sign - at <= LONGEST_LOCAL_PART && isLocalPart(text[sign])) sign++;
  if (sign == at || sign == text.length || text[sign] != 0x40) return -1;
  let end = -1;
  let labels = 0;
  for (let start = sign + 1; start - sign <= LONGEST_DOMAIN; ) {
    let labelEnd = start;
    while (labelEnd < text.length && labelEnd - start < 64 && (isWordByte(text[labelEnd]) || text[labelEnd] == 0x2d)) labelEnd++;
    if (labelEnd == start) break;
    // The last label counts only from the second on: `user@host` is no address people write.
    if (++labels > 1) end = labelEnd;
    if (labelEnd == text.length || text[labelEnd] != 0x2e) break;
    start = labelEnd + 1;
  }
  return end;
}

const FEWEST_DIGITS = 13;
const MOST_DIGITS = 19;

/** Columns of small numbers are no card: its groups have at least four digits, but for the last. */
const SHORTEST_GROUP = 4;

/** Payment cards: 13 to 19 digits, grouped by single spaces or hyphens or not at all, with a valid check digit. */
export function cardEnd(text: Uint8Array, at: i32): i32 {
  // The networks' numbers begin with 2 to 6; times in milliseconds begin with 1.
  if (text[at] < 0x32 || text[at] > 0x36) return -1;
  let end = -1;
  let digits = 0;
  let group = 0;
  // Both ways to double every other digit, as their number is not known yet.
  let evenDoubled = 0;
  let oddDoubled = 0;
  for (let i = at; i < text.length && digits < MOST_DIGITS; i++) {
    const c = text[i];
    if (!isDigit(c)) {
      const separator = c == 0x20 || c == 0x2d;
      if (!separator || group < SHORTEST_GROUP || i + 1 == text.length || !isDigit(text[i + 1])) break;
      group = 0;
      continue;
    }
    const digit = <i32>c - 0x30;
    const double = digit > 4 ? 2 * digit - 9 : 2 * digit;
    evenDoubled += digits % 2 == 0 ? double : digit;
    oddDoubled += digits % 2 == 0 ? digit : double;
    digits++;
    group++;
    const sum = digits % 2 == 0 ? evenDoubled : oddDoubled;
    const ends = i + 1 == text.length || !isWordByte(text[i + 1]);
    if (digits >= FEWEST_DIGITS && ends && sum % 10 == 0) end = i + 1;
  }
  return end;
}

function startsWith(text: Uint8Array, at: i32, prefix: string): bool {
  if (at + prefix.length > text.length) return false;
  for (let i = 0; i < prefix.length; i++) if (text[at + i] != <u8>prefix.charCodeAt(i)) return false;
  return true;
}

function isLocalPart(c: u8): bool {
  return isWordByte(c) || c == 0x2e || c == 0x2d || c == 0x2b || c == 0x25;
}

/** Also every byte of a character outside ASCII, so that names in any script are taken whole. */
export function isWordByte(c: u8): bool {
  return isAlphanumeric(c) || c == 0x5f || c >= 0x80;
}

function isAlphanumeric(c: u8): bool {
  const lower = c | 0x20;
  return isDigit(c) || (lower >= 0x61 && lower <= 0x7a);
}

function isDigit(c: u8): bool {
  return c >= 0x30 && c <= 0x39;
}
