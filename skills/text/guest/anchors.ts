import { isCombining, isWord } from '../../sdk-as/characters';

/** Anchors as GitHub gives them, so that a table of contents links to what is there. */
export class Anchors {
  private used: Map<string, i32> = new Map();

  next(title: string): string {
    const base = anchor(title);
    let name = base;
    let n = this.used.has(base) ? this.used.get(base) : 0;
    // A heading may be called `notes-1` itself.
    while (this.used.has(name)) name = base + '-' + (++n).toString();
    this.used.set(base, n);
    this.used.set(name, 0);
    return name;
  }
}

function anchor(title: string): string {
  const text = title.toLowerCase();
  const units = new Array<i32>();
  for (let i = 0; i < text.length; i++) {
    const c = text.codePointAt(i);
    const wide = c > 0xffff;
    if (c == 0x20) units.push(0x2d);
    else if (c == 0x2d || c == 0x5f || isWord(c) || isCombining(c)) {
      units.push(text.charCodeAt(i));
      if (wide) units.push(text.charCodeAt(i + 1));
    }
    if (wide) i++;
  }
  return String.fromCharCodes(units);
}
