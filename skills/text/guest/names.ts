import { isCombining, isDigit, isWord } from '../../sdk-as/characters';

// The order of the cases in world.wit.
export enum NameStyle {
  camel,
  pascal,
  snake,
  kebab,
  constant,
  title,
}

/** Lower-case words joined by hyphens; letters of scripts other than Latin stay. */
export function slug(text: string): string {
  return pieces(unaccented(withoutApostrophes(text).toLowerCase()), false).join('-');
}

/** The lower-case words of a phrase or an identifier: `parseHTTPAnswer` has three. */
export function words(text: string): string[] {
  const found = pieces(withoutApostrophes(text), true);
  for (let i = 0; i < found.length; i++) found[i] = found[i].toLowerCase();
  return found;
}

export function join(parts: string[], style: NameStyle): string {
  switch (style) {
    case NameStyle.snake:
      return parts.join('_');
    case NameStyle.kebab:
      return parts.join('-');
    case NameStyle.constant:
      return parts.join('_').toUpperCase();
  }
  for (let i = style == NameStyle.camel ? 1 : 0; i < parts.length; i++) parts[i] = capitalized(parts[i]);
  return parts.join(style == NameStyle.title ? ' ' : '');
}

function capitalized(word: string): string {
  const first = word.codePointAt(0) > 0xffff ? 2 : 1;
  return word.substring(0, first).toUpperCase() + word.substring(first);
}

/** `don't` is one word, not two. */
function withoutApostrophes(text: string): string {
  return text.replaceAll("'", '').replaceAll('’', '');
}

/** Splits where no word character stands, and with `humps` also where an identifier's words meet. */
function pieces(text: string, humps: bool): string[] {
  const found = new Array<string>();
  let start = -1;
  for (let i = 0; i < text.length; i++) {
    const c = text.codePointAt(i);
    if (!isWord(c) || (humps && start >= 0 && meets(text, start, i))) {
      if (start >= 0) found.push(text.substring(start, i));
      start = isWord(c) ? i : -1;
    } else if (start < 0) start = i;
    if (c > 0xffff) i++;
  }
  if (start >= 0) found.push(text.substring(start));
  return found;
}

/** Whether a new word begins at `i`: `fooBar` before B, `HTTPAnswer` before A. */
function meets(text: string, start: i32, i: i32): bool {
  if (i == start || !isUpper(text, i)) return false;
  if (!isUpper(text, i - 1)) return true;
  return i + 1 < text.length && isLower(text, i + 1);
}

function isUpper(text: string, i: i32): bool {
  const c = text.charCodeAt(i);
  if (c < 0x80) return c >= 0x41 && c <= 0x5a;
  const letter = text.charAt(i);
  return letter.toLowerCase() != letter;
}

function isLower(text: string, i: i32): bool {
  return isWord(text.charCodeAt(i)) && !isDigit(text.charCodeAt(i)) && !isUpper(text, i);
}

// cspell:disable
const ACCENTED = 'àáâãäåāăąçćĉċčďđèéêëēĕėęěĝğġģĥħìíîïĩīĭįıĵķĺļľŀłñńņňòóôõöøōŏőŕŗřśŝşšßţťŧùúûüũūŭůűųŵýÿŷźżžð';
const PLAIN = 'aaaaaaaaacccccddeeeeeeeeegggghhiiiiiiiiijklllllnnnnooooooooorrrssssstttuuuuuuuuuuwyyyzzzd';
// cspell:enable

/** Lower-case Latin letters without their accents; what has no plain letter stays. */
function unaccented(text: string): string {
  const units = new Array<i32>();
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < 0x80) {
      units.push(c);
      continue;
    }
    if (isCombining(c)) continue;
    const known = c < 0x180 ? ACCENTED.indexOf(text.charAt(i)) : -1;
    if (known >= 0) units.push(PLAIN.charCodeAt(known));
    else units.push(c);
    if (c == 0xdf) units.push(0x73);
    else if (c == 0xe6 || c == 0x153) {
      units[units.length - 1] = c == 0xe6 ? 0x61 : 0x6f;
      units.push(0x65);
    }
  }
  return String.fromCharCodes(units);
}
