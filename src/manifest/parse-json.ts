import { createScanner, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { MANIFEST_CEILINGS } from './ceilings.ts';
import { isUnsafeKey } from './check-values.ts';
import { type FieldPath, formatField } from './field-path.ts';
import { lineStarts, placeIn } from './line-starts.ts';
import type { PlaceTree } from './locate.ts';
import type { Report } from './report.ts';
import { emptyTable, type Table } from './values.ts';

export interface ParsedJson {
  readonly table: Table;
  readonly places: PlaceTree;
}

/**
 * The JSON text as one table of plain values, and where each of them stands; undefined, and reported, when it is no JSON
 * or no object. A key that is written twice is refused: readers differ in which of the two they take. Never throws.
 */
export function parseJson(text: string, report: Report): ParsedJson | undefined {
  const lines = lineStarts(text);
  const refuse = (offset: number, found: { code: string; message: string; fix: string; path?: FieldPath }): void =>
    report.error({ path: [], ...found, place: placeIn(lines, offset) });
  // The parser recurses; the scanner does not.
  const tooDeep = findDepth(text);
  if (tooDeep !== undefined) {
    const message = `arrays and objects are nested more than ${MANIFEST_CEILINGS.depth} deep here`;
    refuse(tooDeep, { code: 'M_TOO_DEEP', message, fix: 'flatten the value' });
    return undefined;
  }
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true });
  const [first] = errors;
  if (first !== undefined) {
    const [message, fix] = SENTENCES[printParseErrorCode(first.error)] ?? ['something else was expected here', FIX];
    refuse(first.offset, { code: 'M_SYNTAX', message: `this is not JSON: ${message}`, fix });
    return undefined;
  }
  if (tree?.type !== 'object') {
    refuse(0, { code: 'M_SYNTAX', message: 'this is not an object', fix: 'write { "name": …, … }' });
    return undefined;
  }
  const places: PlaceTree = { place: { line: 1, column: 1 }, children: new Map() };
  const twice: { path: FieldPath; offset: number }[] = [];
  const table = valueOf(tree, [], { at: places, lines, twice }) as Table;
  for (const { path, offset } of twice) {
    refuse(offset, { code: 'M_SYNTAX', path, message: `${formatField(path)} is written twice`, fix: 'remove one' });
  }
  return twice.length > 0 ? undefined : { table, places };
}

const FIX = 'correct the line; https://www.json.org shows the format';

/** What the parser's codes mean, and one way out for each. */
const SENTENCES: Readonly<Record<string, readonly [message: string, fix: string]>> = {
  InvalidSymbol: ['this word means nothing', 'put text and names in double quotes'],
  InvalidNumberFormat: ['this is no number', 'write a number such as 1 or 0.5'],
  PropertyNameExpected: ['a name in double quotes is missing', 'write "name": value, and no comma after the last one'],
  ValueExpected: ['a value is missing', 'write a value, and no comma after the last one'],
  ColonExpected: ['a colon is missing', 'write "name": value'],
  CommaExpected: ['a comma is missing', 'put a comma between the items'],
  CloseBraceExpected: ['a } is missing', 'close the object with }'],
  CloseBracketExpected: ['a ] is missing', 'close the array with ]'],
  EndOfFileExpected: ['something follows the object', 'remove what stands behind the last }'],
  InvalidCommentToken: ['comments are not part of JSON', 'remove the comment'],
  UnexpectedEndOfComment: ['comments are not part of JSON', 'remove the comment'],
  UnexpectedEndOfString: ['the string is not closed on its line', 'close it with "; a line break in it is \\n'],
  InvalidUnicode: ['the escape is not complete', 'write \\u and four hexadecimal digits'],
  InvalidEscapeCharacter: ['there is no such escape', 'double the backslash'],
  InvalidCharacter: ['a control character stands in the text', 'write it as \\u and four hexadecimal digits'],
};

/** Where the text gets deeper than a manifest may be. */
function findDepth(text: string): number | undefined {
  const scanner = createScanner(text, true);
  let depth = 0;
  while (scanner.getPosition() < text.length) {
    scanner.scan();
    // A string starts with its quote, so this is a bracket and not one in a string.
    const first = text[scanner.getTokenOffset()];
    if (first === '{' || first === '[') depth += 1;
    else if (first === '}' || first === ']') depth -= 1;
    if (depth > MANIFEST_CEILINGS.depth) return scanner.getTokenOffset();
  }
  return undefined;
}

interface Plant {
  readonly at: PlaceTree;
  readonly lines: readonly number[];
  readonly twice: { path: FieldPath; offset: number }[];
}

function valueOf(node: Node, path: FieldPath, plant: Plant): unknown {
  const children = node.children ?? [];
  if (node.type === 'array') {
    return children.map((item, i) => valueOf(item, [...path, i], descend(plant, String(i), item.offset)));
  }
  if (node.type !== 'object') return plain(node.value);
  const table = emptyTable();
  for (const property of children) {
    const [key, value] = property.children ?? [];
    if (key === undefined || value === undefined) continue;
    const name = String(key.value);
    const below = [...path, name];
    if (plant.at.children.has(name)) plant.twice.push({ path: below, offset: key.offset });
    const read = valueOf(value, below, descend(plant, name, key.offset));
    // As in other formats, null is a field that is not written; a key that is never allowed is one all the same.
    if (read !== null || isUnsafeKey(name)) table[name] = read;
  }
  return table;
}

/** A whole number that a double cannot hold becomes a bigint, which no field takes. */
function plain(value: unknown): unknown {
  if (typeof value !== 'number' || !Number.isInteger(value) || Number.isSafeInteger(value)) return value;
  return BigInt(value);
}

function descend({ at, lines, twice }: Plant, name: string, offset: number): Plant {
  const made: PlaceTree = { place: placeIn(lines, offset), children: new Map() };
  at.children.set(name, made);
  return { at: made, lines, twice };
}
