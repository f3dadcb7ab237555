/**
 * A pattern that is made when it is first needed. The engine takes up to a millisecond over a large set of characters, also
 * over one that is never used; written as a literal, it does so at every start, and twice.
 */
export function latePattern(source: string, flags: string): () => RegExp {
  let made: RegExp | undefined;
  return () => (made ??= new RegExp(source, flags));
}
