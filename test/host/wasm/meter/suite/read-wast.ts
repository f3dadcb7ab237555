/** A part of a test script: an atom, a string (its bytes), or a list in parentheses. */
export interface Node {
  readonly start: number;
  readonly end: number;
  readonly atom?: string;
  readonly bytes?: Uint8Array;
  readonly items?: readonly Node[];
}

const ESCAPES: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, '"': 34, "'": 39, '\\': 92 };
const SKIPPED = /(?:\s|;;[^\n]*|\(;)/y;
const ATOM = /[^\s()";]+/y;

/** Reads the top-level forms of a script in the text format for tests of the WebAssembly specification. */
export function readWast(text: string): Node[] {
  let at = 0;
  const skip = (): void => {
    for (;;) {
      SKIPPED.lastIndex = at;
      const [found] = SKIPPED.exec(text) ?? [];
      if (found === undefined) return;
      at = found === '(;' ? endOfComment(text, at) : at + found.length;
    }
  };
  const list = (): Node => {
    const start = at++;
    const items: Node[] = [];
    for (skip(); text[at] !== ')'; skip()) {
      if (at >= text.length) throw new Error(`a list that begins at ${start} does not end`);
      items.push(node());
    }
    return { start, end: ++at, items };
  };
  const node = (): Node => {
    const start = at;
    if (text[at] === '(') return list();
    if (text[at] === '"') {
      const bytes: number[] = [];
      for (at++; text[at] !== '"';) at = readCharacter(text, at, bytes);
      return { start, end: ++at, bytes: Uint8Array.from(bytes) };
    }
    ATOM.lastIndex = at;
    const atom = ATOM.exec(text)?.[0];
    if (atom === undefined) throw new Error(`nothing that can be read at ${at}`);
    at += atom.length;
    return { start, end: at, atom };
  };
  const forms: Node[] = [];
  for (skip(); at < text.length; skip()) forms.push(node());
  return forms;
}

/** Adds the bytes of one character of a string; answers where the next begins. */
function readCharacter(text: string, at: number, bytes: number[]): number {
  if (at >= text.length) throw new Error('a string does not end');
  if (text[at] !== '\\') {
    const point = String.fromCodePoint(text.codePointAt(at) ?? 0);
    bytes.push(...Buffer.from(point));
    return at + point.length;
  }
  const unicode = /\\u\{([0-9a-fA-F_]+)\}/y;
  unicode.lastIndex = at;
  const found = unicode.exec(text);
  if (found !== null) {
    bytes.push(...Buffer.from(String.fromCodePoint(Number.parseInt(found[1] ?? '', 16))));
    return at + found[0].length;
  }
  const simple = ESCAPES[text[at + 1] ?? ''];
  if (simple !== undefined) {
    bytes.push(simple);
    return at + 2;
  }
  bytes.push(Number.parseInt(text.slice(at + 1, at + 3), 16));
  return at + 3;
}

function endOfComment(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if (text.startsWith('(;', at)) depth++;
    else if (text.startsWith(';)', at) && --depth === 0) return at + 2;
    else continue;
    at++;
  }
  throw new Error('a comment does not end');
}
