import { isSpace } from '../../sdk-as/characters';
import { resolve } from './url';

/** Absolute http and https addresses of the anchors of an HTML page, each once. */
export function linksOf(html: string, url: string): string[] {
  const seen = new Set<string>();
  let base = url;
  let at = html.indexOf('<');
  while (at >= 0) {
    if (html.startsWith('<!--', at)) {
      at = tagAfter(html, html.indexOf('-->', at + 4));
      continue;
    }
    const tag = new Tag(html, at + 1);
    const href = tag.href;
    if (href != null && (tag.name == 'a' || tag.name == 'area')) add(seen, resolve(base, href));
    // From here on all links are relative to this.
    if (href != null && tag.name == 'base') base = resolve(url, href);
    at = tagAfter(html, tag.name == 'script' || tag.name == 'style' ? closing(html, tag.end, tag.name) : tag.end);
  }
  return seen.values();
}

function add(seen: Set<string>, address: string): void {
  if (address.startsWith('http://') || address.startsWith('https://')) seen.add(address);
}

/** Where the next `<` is at or after `from`, or -1; also -1 when `from` is. */
function tagAfter(html: string, from: i32): i32 {
  return from < 0 ? -1 : html.indexOf('<', from);
}

/** Where the text of a script or a style ends: what looks like a tag inside it is none. */
function closing(html: string, from: i32, name: string): i32 {
  for (let at = tagAfter(html, from); at >= 0; at = tagAfter(html, at + 1)) {
    if (html.charCodeAt(at + 1) != 0x2f) continue;
    if (html.substring(at + 2, at + 2 + name.length).toLowerCase() == name) return at;
  }
  return -1;
}

/** A start tag; an end tag or a stray `<` has an empty name. */
class Tag {
  name: string = '';
  href: string | null = null;
  /** After the tag, or the end of the text when it is not closed. */
  end: i32;

  constructor(
    private html: string,
    start: i32,
  ) {
    this.end = start;
    this.name = this.word().toLowerCase();
    while (this.name != '' && this.end < html.length && this.at() != 0x3e) this.attribute();
  }

  private attribute(): void {
    this.spaces();
    const name = this.word().toLowerCase();
    this.spaces();
    if (this.at() == 0x3d) {
      this.end++;
      this.spaces();
      const value = this.value();
      // The first of two attributes of one name counts.
      if (name == 'href' && this.href == null) this.href = unescaped(value.trim());
    } else if (name == '' && this.at() != 0x3e) {
      // A slash or a stray sign.
      this.end++;
    }
  }

  private value(): string {
    const quote = this.at();
    const start = this.end;
    if (quote == 0x22 || quote == 0x27) {
      const close = this.html.indexOf(String.fromCharCode(quote), start + 1);
      this.end = close < 0 ? this.html.length : close + 1;
      return this.html.substring(start + 1, this.end - (close < 0 ? 0 : 1));
    }
    while (this.end < this.html.length && this.at() != 0x3e && !isSpace(this.at())) this.end++;
    return this.html.substring(start, this.end);
  }

  private word(): string {
    const start = this.end;
    for (; this.end < this.html.length; this.end++) {
      const c = this.at();
      if (c == 0x3d || c == 0x3e || c == 0x2f || c == 0x3c || isSpace(c)) break;
    }
    return this.html.substring(start, this.end);
  }

  private spaces(): void {
    while (this.end < this.html.length && isSpace(this.at())) this.end++;
  }

  private at(): i32 {
    return this.end < this.html.length ? this.html.charCodeAt(this.end) : -1;
  }
}

/** The character references that occur in addresses. */
function unescaped(value: string): string {
  if (!value.includes('&')) return value;
  // The ampersand last: `&amp;lt;` means `&lt;`.
  return value
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&#x27;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&#38;', '&')
    .replaceAll('&#x26;', '&')
    .replaceAll('&amp;', '&');
}
