import { type EntryDetails, type IndexedEntry, NO_DETAILS } from './entry.ts';

type Check = (value: unknown) => boolean;
type Checks<T> = { readonly [Name in keyof Required<T>]: Check };

const isText: Check = (value) => typeof value === 'string';
const isFlag: Check = (value) => typeof value === 'boolean';
const isNumber: Check = (value) => typeof value === 'number';
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isMaybe =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const isListOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const isSynonym: Check = (value) =>
  Array.isArray(value) && value.length === 2 && isText(value[0]) && isListOf(isText)(value[1]);

function isShaped<T>(checks: Checks<T>): Check {
  const all = Object.entries<Check>(checks);
  return (value) => isRecord(value) && all.every(([name, check]) => check(value[name]));
}

/** Of the values in a column of an index. */
export const COLUMN_CHECKS: Checks<Omit<IndexedEntry, 'path' | 'details' | 'installed'>> = {
  folder: isText,
  signature: isText,
  id: isText,
  ready: isFlag,
  version: isText,
  description: isText,
  aliases: isListOf(isText),
  tools: isListOf(isText),
  recipes: isListOf(isText),
  manifest: isText,
  parts: isListOf(isText),
  isLive: isFlag,
};

const isDetails = isShaped<EntryDetails>({
  name: isText,
  manifest: isText,
  hash: isText,
  keywords: isListOf(isText),
  topics: isListOf(isText),
  synonyms: isListOf(isSynonym),
  priority: isNumber,
  maxContextTokens: isNumber,
  alwaysOn: isFlag,
  tools: isListOf(
    isShaped<EntryDetails['tools'][number]>({
      name: isText,
      description: isText,
      input: isText,
      parameters: isMaybe(isRecord),
      returns: isMaybe(isRecord),
    }),
  ),
  recipes: isListOf(
    isShaped<EntryDetails['recipes'][number]>({
      id: isText,
      name: isText,
      description: isText,
      file: isText,
      parameters: isListOf(isText),
      triggers: isListOf(
        isShaped<EntryDetails['recipes'][number]['triggers'][number]>({
          keywords: isListOf(isText),
          intent: isText,
          hasFiles: isListOf(isText),
          envSet: isListOf(isText),
          os: isListOf(isText),
        }),
      ),
    }),
  ),
  problems: isListOf(
    isShaped<EntryDetails['problems'][number]>({
      severity: isText,
      code: isText,
      file: isText,
      line: isMaybe(isNumber),
      column: isMaybe(isNumber),
      field: isMaybe(isText),
      message: isText,
      fix: isText,
    }),
  ),
});

/** The details in a line of an index; of a line that is none, nothing: whoever uses the skill loads it anyway. */
export function parseDetails(line: string): EntryDetails {
  try {
    const value: unknown = JSON.parse(line);
    return isDetails(value) ? (value as EntryDetails) : NO_DETAILS;
  } catch {
    return NO_DETAILS;
  }
}
