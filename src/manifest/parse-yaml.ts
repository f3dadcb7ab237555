import {
  type Alias,
  Composer,
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  Lexer,
  type Node,
  Parser,
  type Scalar,
} from 'yaml';
import { escapeInvisible, quote } from '../../host/index.ts';
import { MANIFEST_CEILINGS } from './ceilings.ts';
import { isUnsafeKey } from './check-values.ts';
import { type FieldPath, formatField } from './field-path.ts';
import { lineStarts, placeIn } from './line-starts.ts';
import type { PlaceTree } from './locate.ts';
import type { Place, Report } from './report.ts';
import { emptyTable, type Table } from './values.ts';

interface YamlOptions {
  /** What a scalar without quotes is: always text, or what YAML 1.2 takes it for. */
  readonly scalars: 'text' | 'typed';
  /** The line of the file at which the text starts; 1 by default. */
  readonly firstLine?: number;
}

export interface ParsedYaml {
  readonly table: Table;
  readonly places: PlaceTree;
}

/** A level of nesting takes up to three entries of the parser's stack. */
const STACK_PER_LEVEL = 3;
/** Of one value, its key, and the indicators, space and comment around them. */
const LEXEMES_PER_NODE = 12;
const SHOWN_ERRORS = 20;
const SHOWN_LENGTH = 200;

/**
 * The YAML text as one table of plain values, and where each of them stands; undefined, and reported, when it is no YAML,
 * no table, or more than a manifest may hold. Depth and size are bounded while the text is read: the library composes by
 * recursion, and close to the end of the stack V8 has been seen to end the process instead of throwing. Never throws.
 */
export function parseYaml(text: string, report: Report, options: YamlOptions): ParsedYaml | undefined {
  // Not by the counter of the library, which misses some of the lines it skips over.
  const starts = lineStarts(text);
  const placeAt = (offset: number): Place => {
    const { line, column } = placeIn(starts, offset);
    return { line: line + (options.firstLine ?? 1) - 1, column };
  };
  const refuse: Refuse = (offset, found) => report.error({ path: [], ...found, place: placeAt(offset) });
  const odd = text.search(NO_YAML);
  if (odd !== -1) {
    refuse(odd, ODD_CHARACTER);
    return undefined;
  }
  const document = compose(text, options.scalars, refuse);
  if (document === undefined) return undefined;
  return new Conversion(document, report, placeAt).convert();
}

type Refuse = (offset: number, found: { code: string; message: string; fix: string }) => void;

function compose(text: string, scalars: YamlOptions['scalars'], refuse: Refuse): Document | undefined {
  const parser = new Parser();
  const tokens = [];
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    lexemes += 1;
    const isDeep = parser.stack.length > MANIFEST_CEILINGS.depth * STACK_PER_LEVEL;
    if (isDeep || lexemes > MANIFEST_CEILINGS.nodes * LEXEMES_PER_NODE) {
      refuse(parser.offset, isDeep ? tooDeep() : tooMany());
      return undefined;
    }
  }
  tokens.push(...parser.end());
  const composer = new Composer({
    schema: scalars === 'text' ? 'failsafe' : 'core',
    prettyErrors: false,
    logLevel: 'silent',
    // Quadratic in the library; the conversion looks at keys anyway.
    uniqueKeys: false,
    merge: false,
  });
  const [document, second] = composer.compose(tokens, true, text.length);
  if (document === undefined) return undefined;
  if (second !== undefined) refuse(second.range[0], MANY_DOCUMENTS);
  // A tag is the only thing the library warns about that matters: nothing in a manifest has a type of its own.
  const faults = [...document.errors, ...document.warnings].slice(0, SHOWN_ERRORS);
  for (const { code, message, pos } of faults) {
    const why = escapeInvisible(firstLine(message).slice(0, SHOWN_LENGTH));
    refuse(pos[0], { code: 'M_SYNTAX', message: `this is not YAML: ${why}`, fix: fixFor(code) });
  }
  return faults.length > 0 || second !== undefined ? undefined : document;
}

/** What YAML has none of, and ends of lines that its readers differ in. */
const NO_YAML = /\r(?!\n)|[\u2028\u2029]|(?![\t\n\r])\p{Cc}/u;
const ODD_CHARACTER = {
  code: 'M_SYNTAX',
  message: 'this is not YAML: a control character stands here',
  fix: 'remove it, and end lines by a line feed alone or after a carriage return',
};

const MANY_DOCUMENTS = {
  code: 'M_SYNTAX',
  message: 'a second document starts here; a manifest is one',
  fix: 'remove the line --- or what follows it',
};

function tooDeep(): { code: string; message: string; fix: string } {
  const message = `lists and tables are nested more than ${MANIFEST_CEILINGS.depth} deep here`;
  return { code: 'M_TOO_DEEP', message, fix: 'flatten the value' };
}

function tooMany(): { code: string; message: string; fix: string } {
  const message = `the manifest holds more than ${MANIFEST_CEILINGS.nodes} tables, lists and values`;
  return {
    code: 'M_TOO_MANY_NODES',
    message,
    fix: 'move lists into files of the skill; the manifest only describes it',
  };
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? '';
}

/** One way out for each mistake people make often. */
const FIXES: Readonly<Record<string, string>> = {
  BAD_INDENT: 'indent the fields of one table alike, by two spaces',
  TAB_AS_INDENT: 'indent by spaces; YAML does not take tabs',
  BLOCK_AS_IMPLICIT_KEY: 'put text that holds a colon in quotes: key: "text: more"',
  MULTILINE_IMPLICIT_KEY: 'put each key: value on a line of its own',
  MISSING_CHAR: 'close what was opened, and put a space after each colon',
  BAD_SCALAR_START: 'put the text in quotes: it starts with a character YAML reserves',
  BAD_ALIAS: 'put text that starts with * or & in quotes',
  TAG_RESOLVE_FAILED: 'remove the tag that starts with !; values have the type of their field',
  UNEXPECTED_TOKEN: 'put the text in quotes, or each key: value on a line of its own',
};

function fixFor(code: string): string {
  return FIXES[code] ?? 'correct the line; https://yaml.org shows the format';
}

/** Turns nodes into plain values, counting what aliases repeat. */
class Conversion {
  readonly #document: Document;
  /** What each anchor stands for so far, in the order of the text. */
  readonly #anchors = new Map<string, unknown>();
  /** What an alias stood for where it is written: its anchor may stand for something else later. */
  readonly #targets = new Map<Alias, unknown>();
  readonly #seen = new Set<unknown>();
  readonly #report: Report;
  readonly #placeAt: (offset: number) => Place;
  #nodes = 0;
  #isRefused = false;

  constructor(document: Document, report: Report, placeAt: (offset: number) => Place) {
    this.#document = document;
    this.#report = report;
    this.#placeAt = placeAt;
  }

  convert(): ParsedYaml | undefined {
    const places: PlaceTree = { place: { line: 1, column: 1 }, children: new Map() };
    const top = this.#document.contents;
    if (top === null || (isScalar(top) && (top.value === null || top.value === ''))) {
      return { table: emptyTable(), places };
    }
    if (!isMap(top)) {
      this.#refuse([], top, {
        code: 'M_SYNTAX',
        message: 'this is not a table of fields',
        fix: 'write one field a line: name: value',
      });
      return undefined;
    }
    const table = this.#valueOf(top, [], places) as Table;
    return this.#isRefused ? undefined : { table, places };
  }

  #valueOf(node: unknown, path: FieldPath, at: PlaceTree): unknown {
    this.#nodes += 1;
    if (this.#isRefused) return undefined;
    if (this.#nodes > MANIFEST_CEILINGS.nodes) return this.#refuse(path, node, tooMany());
    if (path.length > MANIFEST_CEILINGS.depth) return this.#refuse(path.slice(0, 4), node, tooDeep());
    if (isAlias(node)) return this.#valueOf(this.#resolve(node, path), path, at);
    this.#look(node, path);
    if (isMap(node)) return this.#tableOf(node.items, path, at);
    if (isSeq(node)) {
      return node.items.map((item, i) => this.#valueOf(item, [...path, i], this.#descend(at, String(i), item)));
    }
    return isScalar(node) ? plain(node) : undefined;
  }

  #tableOf(items: readonly unknown[], path: FieldPath, at: PlaceTree): Table {
    const table = emptyTable();
    for (const pair of items) {
      if (!isPair(pair)) continue;
      this.#look(pair.key, path);
      const key = isScalar(pair.key) ? String(pair.key.source ?? pair.key.value) : undefined;
      if (key === undefined) {
        this.#refuse(path, pair.key, { code: 'M_SYNTAX', message: 'a key must be text', fix: 'write key: value' });
        continue;
      }
      const below = [...path, key];
      if (at.children.has(key)) {
        const message = `${formatField(below)} is written twice`;
        this.#refuse(below, pair.key, { code: 'M_SYNTAX', message, fix: 'remove one of the two' });
      }
      const value = this.#valueOf(pair.value, below, this.#descend(at, key, pair.key));
      // A key without a value is a field that is not written; one that is never allowed is a key all the same.
      if ((value !== null && value !== undefined) || isUnsafeKey(key)) table[key] = value;
    }
    return table;
  }

  /** Notes the anchor of a node; a tag is refused, also one the library knows: it would change what a value is. */
  #look(node: unknown, path: FieldPath): void {
    if (!isNode(node) || isAlias(node)) return;
    if (node.anchor !== undefined && !this.#seen.has(node)) this.#anchors.set(node.anchor, node);
    this.#seen.add(node);
    if (node.tag === undefined) return;
    const message = `this is not YAML for a manifest: the tag ${quote(node.tag)} stands here`;
    this.#refuse(path, node, { code: 'M_SYNTAX', message, fix: fixFor('TAG_RESOLVE_FAILED') });
  }

  /** By itself, for the library walks the whole document for each alias. */
  #resolve(alias: Alias, path: FieldPath): unknown {
    const found = this.#targets.get(alias) ?? this.#anchors.get(alias.source);
    this.#targets.set(alias, found);
    const message = `${quote(`*${alias.source}`)} stands for nothing: there is no anchor of that name before it`;
    if (found === undefined) this.#refuse(path, alias, { code: 'M_SYNTAX', message, fix: fixFor('BAD_ALIAS') });
    return found;
  }

  #descend(parent: PlaceTree, name: string, node: unknown): PlaceTree {
    const made: PlaceTree = { place: this.#placeAt(offsetOf(node)), children: new Map() };
    parent.children.set(name, made);
    return made;
  }

  #refuse(path: FieldPath, node: unknown, found: { code: string; message: string; fix: string }): undefined {
    this.#report.error({ ...found, path, place: this.#placeAt(offsetOf(node)) });
    this.#isRefused = true;
  }
}

function offsetOf(node: unknown): number {
  return (node as Node | null | undefined)?.range?.[0] ?? 0;
}

/** A whole number that a double cannot hold becomes a bigint, which no field takes. */
function plain({ value, type }: Scalar): unknown {
  // As text, what is not written would be empty text.
  if (value === '' && type === 'PLAIN') return null;
  if (typeof value !== 'number' || !Number.isInteger(value) || Number.isSafeInteger(value)) return value;
  return BigInt(value);
}
