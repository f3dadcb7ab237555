/** A value of a call as text: texts as they are, what has parts as JSON; one that was not given is empty. */
export function showValue(values: unknown, name: string): string {
  const given = (values ?? {}) as Readonly<Record<string, unknown>>;
  const value = Object.hasOwn(given, name) ? given[name] : undefined;
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
