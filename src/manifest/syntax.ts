import { quote } from '../../host/index.ts';
import { type FieldPath, formatField, formatKey } from './field-path.ts';

/** How a format writes a field, for the fix of a problem. Values are given as text that all formats share: `"…"`, `true`. */
export interface Syntax {
  /** One field: `name = "…"`. */
  readonly assign: (key: string, value: string) => string;
  /** The head of a table of fields: `[capabilities.network]`. */
  readonly section: (path: FieldPath) => string;
}

export const TOML: Syntax = {
  assign: (key, value) => `${formatKey(key)} = ${value}`,
  section: (path) => `[${formatField(path)}] and its fields below it`,
};

export const YAML: Syntax = {
  assign: (key, value) => `${formatKey(key)}: ${value}`,
  section: (path) => `${formatKey(String(path.at(-1) ?? ''))}: and its fields below it, each two spaces further in`,
};

export const JSON_TEXT: Syntax = {
  assign: (key, value) => `${quote(key)}: ${value}`,
  section: (path) => `${quote(String(path.at(-1) ?? ''))}: { … }`,
};
