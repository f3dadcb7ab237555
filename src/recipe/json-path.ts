/** Keys and indexes from the top of a JSON value: `$.items[0].name`, `["a key"].x`. */
export type JsonPath = readonly (string | number)[];

const STEP = /\.?([A-Za-z_][\w-]*)|\[(\d{1,9})\]|\["([^"\\]+)"\]/y;

/** Undefined when the text is no path: there are no wildcards, filters or slices. */
export function parseJsonPath(text: string): JsonPath | undefined {
  const steps: (string | number)[] = [];
  let at = text.startsWith('$') ? 1 : 0;
  while (at < text.length) {
    STEP.lastIndex = at;
    const match = STEP.exec(text);
    if (match === null) return undefined;
    const [whole, name, index, key] = match;
    steps.push(index === undefined ? (name ?? key ?? '') : Number(index));
    at += whole.length;
  }
  return text === '' ? undefined : steps;
}

/** What is there; undefined for what is not. */
export function selectJson(value: unknown, path: JsonPath): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Readonly<Record<string | number, unknown>>)[step];
  }
  return at;
}

/**
 * Whether a JSON value nests deeper than so many levels. Some engines write what others end with a full stack, so it is
 * counted, level by level.
 */
export function isDeeper(value: unknown, most: number): boolean {
  let level = [value];
  for (let depth = 0; depth <= most; depth++) {
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
    if (level.length === 0) return false;
  }
  return true;
}
