/**
 * Shows text from outside inside one of our own sentences: quoted, cut to `max` characters, and with every character
 * that could move a cursor, hide, or reorder the line written as `\u{…}`.
 */
export function quote(text: string, max = 120): string {
  const cut = text.length > max ? `${text.slice(0, max)}…` : text;
  return `"${escapeInvisible(cut).replaceAll('"', '\\"')}"`;
}

// C0, DEL, C1, soft hyphen, Arabic letter mark, zero-width, line and paragraph separators, bidi controls, invisible
// operators, variation selectors, the byte order mark, interlinear marks, lone surrogates and tag characters.
const INVISIBLE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb]|[\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]|\p{Cs}/gu;

/** Writes every invisible or cursor-moving character as `\u{hex}`; the backslash itself is doubled. */
export function escapeInvisible(text: string): string {
  return replaceInvisible(text.replaceAll('\\', '\\\\'), (c) => `\\u{${c.codePointAt(0)?.toString(16)}}`);
}

/** Writes something else for every invisible or cursor-moving character; `at` is where it stands, in UTF-16 units. */
export function replaceInvisible(text: string, write: (character: string, at: number) => string): string {
  return text.replace(INVISIBLE, write);
}

/** True when the text holds a character a reader cannot see or that changes how the line is shown. */
export function hasInvisible(text: string): boolean {
  return text.search(INVISIBLE) !== -1;
}

// Braces stay as they are unless a shell would take them for a list or a range.
const PLAIN_WORD = /^(?!~)(?!.*\{.*(?:,|\.\.))[\w@%+=:,./{}^~-]+$/;

/** A word as a person types it to a POSIX shell, for hints and plans; nothing of ours is ever run by one. */
export function quoteForShell(word: string): string {
  return PLAIN_WORD.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
