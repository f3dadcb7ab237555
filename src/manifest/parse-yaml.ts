import {
  type Alias,
  Composer,
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  Parser,
  type Scalar,
} from 'yaml';
import { MANIFEST_CEILINGS } from './ceilings.ts';
import { type FieldPath, formatField } from './field-path.ts';
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
/** Of one node, its indicator and the space and comment around it. */
const LEXEMES_PER_NODE = 6;
const SHOWN_ERRORS = 20;

/**
 * The YAML text as one table of plain values, and where each of them stands; undefined, and reported, when it is no YAML,
 * no table, or more than a manifest may hold. Depth and size are bounded while the text is read: the library composes by
 * recursion, and close to the end of the stack V8 has been seen to end the process instead of throwing. Never throws.
 */
export function parseYaml(text: string, report: Report, options: YamlOptions): ParsedYaml | undefined {
  const lines = new LineCounter();
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: line + (options.firstLine ?? 1) - 1, column: Math.max(col, 1) };
  };
  const document = compose(text, lines, options.scalars, (offset, found) => {
    report.error({ path: [], ...found, place: placeAt(offset) });
  });
  if (document === undefined) return undefined;
  return new Conversion(document, report, placeAt).convert();
}

type Refuse = (offset: number, found: { code: string; message: string; fix: string }) => void;

function compose(
  text: string,
  lines: LineCounter,
  scalars: YamlOptions['scalars'],
  refuse: Refuse,
): Document | undefined {
  lines.addNewLine(0);
  const parser = new Parser(lines.addNewLine);
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
    refuse(pos[0], { code: 'M_SYNTAX', message: `this is not YAML: ${firstLine(message)}`, fix: fixFor(code) });
  }
  return faults.length > 0 || second !== undefined ? undefined : document;
}

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
      // A key without a value is a field that is not written.
      if (value !== null && value !== undefined) table[key] = value;
    }
    return table;
  }

  #resolve(alias: Alias, path: FieldPath): unknown {
    const found = alias.resolve(this.#document);
    const message = `*${alias.source} stands for nothing: there is no &${alias.source} before it`;
    if (found === undefined) this.#refuse(path, alias, { code: 'M_SYNTAX', message, fix: FIXES['BAD_ALIAS'] ?? '' });
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
function plain({ value, source }: Scalar): unknown {
  if (typeof value !== 'number' || !Number.isInteger(value) || Number.isSafeInteger(value)) return value;
  return /^[-+]?[0-9]+$/.test(source ?? '') ? BigInt(source ?? 0) : value;
}
