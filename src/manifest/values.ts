/** One table as parsed: null-prototype, so no name in it can reach anything it does not hold. */
export type Table = Readonly<Record<string, unknown>>;

export function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

export function emptyTable(): Record<string, unknown> {
  return Object.create(null) as Record<string, unknown>;
}

/** Scalars no field takes. `checkValues` reports each once, so whoever reads the field stays silent about it. */
export function isRefusedScalar(value: unknown): boolean {
  return typeof value === 'bigint' || value instanceof Date || (typeof value === 'number' && !Number.isFinite(value));
}

/** What a value is, in the words of a sentence. */
export function describeValue(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'an array';
  if (value instanceof Date) return 'a date';
  if (isTable(value)) return 'a table';
  if (typeof value === 'string') return 'a string';
  if (typeof value === 'boolean') return 'a boolean';
  return 'a number';
}
