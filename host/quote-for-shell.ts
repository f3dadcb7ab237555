// Braces stay as they are unless a shell would take them for a list or a range.
const PLAIN = /^(?!~)(?!.*\{.*(?:,|\.\.))[\w@%+=:,./{}^~-]+$/;

/** A word as a person types it to a POSIX shell, for hints and plans; nothing of ours is ever run by one. */
export function quoteForShell(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
