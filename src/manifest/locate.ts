import type { AST } from 'toml-eslint-parser';
import { isDay } from '../calendar/moment.ts';
import { splitField } from './field-path.ts';
import type { Place } from './report.ts';

/** Where each field of a manifest starts. */
export interface PlaceTree {
  readonly place: Place;
  readonly children: Map<string, PlaceTree>;
}

/** Deeper than any manifest that is read; keeps the walk off the end of the stack. */
const MAX_STEPS = 64;

/**
 * The place of a dotted field such as `capabilities.network[0]`: where its key starts, for an item of an array the item,
 * for a table its name in the header. Undefined when the source has no such field, or is not of the format that `load`
 * reads. Never throws.
 */
export async function locateField(
  source: string,
  field: string,
  load: (source: string) => Promise<PlaceTree | undefined> = loadPlaces,
): Promise<Place | undefined> {
  const steps = splitField(field);
  const tree = steps === undefined ? undefined : await load(source);
  let at = tree;
  for (const step of steps ?? []) at = at?.children.get(step);
  return at === tree ? undefined : at?.place;
}

/**
 * The places of all fields; undefined when the source cannot be read. The parser is loaded here, on need: it takes about
 * ten times as long as the one that reads values, and a manifest without problems never wants a position.
 */
export async function loadPlaces(source: string): Promise<PlaceTree | undefined> {
  const { parseTOML } = await import('toml-eslint-parser');
  const root: PlaceTree = { place: { line: 1, column: 1 }, children: new Map() };
  try {
    const [top] = parseTOML(mendDates(source.replace(/^\uFEFF/, '')), { tomlVersion: '1.1' }).body;
    for (const node of top.body) {
      if (node.type === 'TOMLTable') plantTable(root, node);
      else plantPair(root, node, 0);
    }
  } catch {
    // It refuses what is no TOML and overflows on strings over about 100,000 characters; a problem is then told without
    // its place, which is better than not at all.
    return undefined;
  }
  return root;
}

/** The 30th of February is a date for the parser of values, and none for this one; another in its place moves nothing. */
function mendDates(source: string): string {
  return source.replaceAll(/\b\d{4}-\d\d-\d\d(?!\d)/g, (date) => (isDay(date) ? date : '2000-01-01'));
}

function plantTable(root: PlaceTree, table: AST.TOMLTable): void {
  if (table.resolvedKey.length > MAX_STEPS) return;
  let at = root;
  let names = 0;
  for (const step of table.resolvedKey) {
    if (typeof step === 'string') names += 1;
    // An index in the path of `[[tools]]` or `[tools.x]` has no token of its own; the name before it stands for it.
    at = descend(at, String(step), table.key.keys[names - 1] ?? table);
  }
  for (const pair of table.body) plantPair(at, pair, table.resolvedKey.length);
}

function plantPair(parent: PlaceTree, pair: AST.TOMLKeyValue, steps: number): void {
  if (steps + pair.key.keys.length > MAX_STEPS) return;
  let at = parent;
  for (const key of pair.key.keys) at = descend(at, key.type === 'TOMLBare' ? key.name : key.value, key);
  plantValue(at, pair.value, steps + pair.key.keys.length);
}

function plantValue(at: PlaceTree, value: AST.TOMLContentNode, steps: number): void {
  if (steps > MAX_STEPS) return;
  if (value.type === 'TOMLInlineTable') {
    for (const pair of value.body) plantPair(at, pair, steps);
  } else if (value.type === 'TOMLArray') {
    for (const [index, item] of value.elements.entries()) {
      plantValue(descend(at, String(index), item), item, steps + 1);
    }
  }
}

/** The child of that name; made at `node` when this is its first mention. */
function descend(parent: PlaceTree, name: string, node: AST.TOMLNode): PlaceTree {
  const known = parent.children.get(name);
  if (known !== undefined) return known;
  const { line, column } = node.loc.start;
  const made: PlaceTree = { place: { line, column: column + 1 }, children: new Map() };
  parent.children.set(name, made);
  return made;
}
