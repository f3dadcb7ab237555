export type Table = Readonly<Record<string, unknown>>;

/** A value of JSON as an object; undefined for a list, or anything else. */
export function tableOf(value: unknown): Table | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Table) : undefined;
}
