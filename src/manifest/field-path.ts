import { quote } from '../../host/index.ts';

/** Keys and array indexes from the top of the manifest down to one field. */
export type FieldPath = readonly (string | number)[];

const BARE_KEY = /^[A-Za-z0-9_-]{1,120}$/;

/** The path as shown in problems and rule origins: `tools[0].name`, `dependencies."cloud.aws"`. */
export function formatField(path: FieldPath): string {
  let field = '';
  for (const step of path) {
    if (typeof step === 'number') field += `[${step}]`;
    else field += (field === '' ? '' : '.') + formatKey(step);
  }
  return field;
}

/** One key as TOML writes it: bare where it may be, quoted otherwise. */
export function formatKey(key: string): string {
  return BARE_KEY.test(key) ? key : quote(key);
}

const STEP = /\.?(?:"((?:[^"\\]|\\.)*)"|\[(\d{1,9})\]|([A-Za-z0-9_-]+))/y;

/** The steps of a field as `formatField` writes it, indexes as text; undefined when it is not written so. */
export function splitField(field: string): string[] | undefined {
  const steps: string[] = [];
  let at = 0;
  while (at < field.length) {
    STEP.lastIndex = at;
    const match = STEP.exec(field);
    if (match === null) return undefined;
    const [whole, quoted, index, bare] = match;
    steps.push(quoted?.replaceAll(/\\(.)/g, '$1') ?? index ?? bare ?? '');
    at += whole.length;
  }
  return steps;
}
