import { quote } from '../../host/index.ts';
import type { Reference, Resolve, TemplateFault, Value } from './template.ts';

export type Operand = { readonly value: Value } | { readonly reference: Reference };
export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** What `when` says. */
export type Condition =
  | { readonly kind: 'all' | 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'is'; readonly operand: Operand }
  | {
      readonly kind: 'compare';
      readonly operator: Comparison;
      readonly left: Operand;
      readonly right: Operand;
    };

export type ConditionFault =
  | TemplateFault
  | { readonly code: 'M_CONDITION'; readonly wrong: string; readonly fix: string };

const TOKEN =
  /\s*(?:(==|!=|<=|>=|<|>|\(|\))|\{\{\s*([A-Za-z_][\w.-]*)\s*\}\}|"([^"]*)"|'([^']*)'|(-?\d+(?:\.\d+)?)(?![\w.])|([A-Za-z_][\w.-]*))/y;

interface Token {
  readonly sign?: string | undefined;
  readonly name?: string | undefined;
  readonly text?: string | undefined;
  readonly number?: string | undefined;
}

const MOST_CHARACTERS = 1_000;
const FIX = `write comparisons joined by and, or, not: env == "prod" and not dry`;

/**
 * Reads `a == "x" and not (b or n > 3)`. Names may stand in `{{…}}` or bare, texts in quotes. A name alone must be a
 * boolean: `isBoolean` tells. Undefined when a fault was told.
 */
export function parseCondition(
  text: string,
  { resolve, isBoolean }: { readonly resolve: Resolve; readonly isBoolean: (reference: Reference) => boolean },
  fault: (fault: ConditionFault) => void,
): Condition | undefined {
  const tokens = text.length > MOST_CHARACTERS ? undefined : tokenize(text);
  if (tokens === undefined) {
    fault({ code: 'M_CONDITION', wrong: 'is no condition', fix: FIX });
    return undefined;
  }
  try {
    return new ConditionParser(tokens, { resolve, isBoolean }).parse();
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    fault(error.fault);
    return undefined;
  }
}

class Unreadable extends Error {
  readonly fault: ConditionFault;

  constructor(fault: ConditionFault) {
    super(fault.wrong);
    this.fault = fault;
  }
}

function tokenize(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.trimEnd().length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) return undefined;
    const [whole, sign, braced, double, single, number, bare] = match;
    tokens.push({ sign, name: braced ?? bare, text: double ?? single, number });
    at += whole.length;
  }
  return tokens;
}

const DEEPEST = 32;

class ConditionParser {
  readonly #tokens: readonly Token[];
  readonly #names: { readonly resolve: Resolve; readonly isBoolean: (reference: Reference) => boolean };
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], names: { resolve: Resolve; isBoolean: (reference: Reference) => boolean }) {
    this.#tokens = tokens;
    this.#names = names;
  }

  parse(): Condition {
    const condition = this.#any();
    if (this.#at < this.#tokens.length) this.#fail('goes on where it should end');
    return condition;
  }

  #any(): Condition {
    const of = [this.#all()];
    while (this.#takeWord('or')) of.push(this.#all());
    return of.length === 1 ? (of[0] as Condition) : { kind: 'any', of };
  }

  #all(): Condition {
    const of = [this.#one()];
    while (this.#takeWord('and')) of.push(this.#one());
    return of.length === 1 ? (of[0] as Condition) : { kind: 'all', of };
  }

  #one(): Condition {
    this.#depth += 1;
    if (this.#depth > DEEPEST) this.#fail('is nested too deep');
    try {
      if (this.#takeWord('not')) return { kind: 'not', of: this.#one() };
      if (this.#takeSign('(')) {
        const inner = this.#any();
        if (!this.#takeSign(')')) this.#fail('opens a parenthesis that is not closed');
        return inner;
      }
      return this.#comparison();
    } finally {
      this.#depth -= 1;
    }
  }

  #comparison(): Condition {
    const left = this.#operand();
    const sign = this.#tokens[this.#at]?.sign;
    if (sign === undefined || sign === '(' || sign === ')') {
      const isBoolean = 'value' in left ? typeof left.value === 'boolean' : this.#names.isBoolean(left.reference);
      if (!isBoolean) this.#fail('has a value alone that is neither true nor false', 'compare it: name == "text"');
      return { kind: 'is', operand: left };
    }
    this.#at += 1;
    const operator = sign as Comparison;
    const right = this.#operand();
    const isOrder = operator !== '==' && operator !== '!=';
    if (isOrder && [left, right].some((operand) => 'value' in operand && typeof operand.value !== 'number'))
      this.#fail(`compares by ${operator} what is no number`, 'compare numbers, or use == and !=');
    return { kind: 'compare', operator, left, right };
  }

  #operand(): Operand {
    const token = this.#tokens[this.#at];
    if (token === undefined) return this.#fail('ends where a value should follow');
    this.#at += 1;
    if (token.text !== undefined) return { value: token.text };
    if (token.number !== undefined) return { value: Number(token.number) };
    const { name } = token;
    if (name === undefined || name === 'and' || name === 'or')
      return this.#fail(`has ${quote(token.sign ?? name ?? '')} where a value should stand`);
    if (name === 'true' || name === 'false') return { value: name === 'true' };
    const found = this.#names.resolve(name);
    if (!('wrong' in found)) return { reference: found };
    throw new Unreadable({
      code: 'M_UNKNOWN_NAME',
      wrong: `names ${quote(name)}, but ${found.wrong}`,
      fix: `${found.fix}, or put a text in quotes`,
    });
  }

  #takeWord(word: string): boolean {
    return this.#take((token) => token.name === word);
  }

  #takeSign(sign: string): boolean {
    return this.#take((token) => token.sign === sign);
  }

  #take(isMeant: (token: Token) => boolean): boolean {
    const token = this.#tokens[this.#at];
    if (token === undefined || !isMeant(token)) return false;
    this.#at += 1;
    return true;
  }

  #fail(wrong: string, fix = FIX): never {
    throw new Unreadable({ code: 'M_CONDITION', wrong, fix });
  }
}

/** A value, or undefined for one that is not known yet. */
export type ReadValue = (reference: Reference) => Value | undefined;

/** Whether a condition holds; undefined when that depends on values that are not known. */
export function evaluate(condition: Condition, valueOf: ReadValue): boolean | undefined {
  switch (condition.kind) {
    case 'all':
    case 'any': {
      // One that decides is enough, whatever the others come to.
      const decides = condition.kind === 'any';
      let isKnown = true;
      for (const part of condition.of) {
        const holds = evaluate(part, valueOf);
        if (holds === decides) return decides;
        isKnown &&= holds !== undefined;
      }
      return isKnown ? !decides : undefined;
    }
    case 'not': {
      const holds = evaluate(condition.of, valueOf);
      return holds === undefined ? undefined : !holds;
    }
    case 'is': {
      const value = read(condition.operand, valueOf);
      return value === undefined ? undefined : value === true || value === 'true';
    }
    case 'compare': {
      const left = read(condition.left, valueOf);
      const right = read(condition.right, valueOf);
      return left === undefined || right === undefined ? undefined : compare(condition.operator, left, right);
    }
  }
}

function read(operand: Operand, valueOf: ReadValue): Value | undefined {
  return 'value' in operand ? operand.value : valueOf(operand.reference);
}

const NUMBER = /^-?\d+(?:\.\d+)?$/;

function toNumber(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && NUMBER.test(value) ? Number(value) : undefined;
}

/** Two numbers as numbers, also where one is the text of one; anything else as text, which has no order: never less, never more. */
function compare(operator: Comparison, left: Value, right: Value): boolean {
  const isNumeric = typeof left === 'number' || typeof right === 'number';
  const [a, b] = [toNumber(left), toNumber(right)];
  const areNumbers = a !== undefined && b !== undefined;
  switch (operator) {
    case '==':
      return isNumeric && areNumbers ? a === b : String(left) === String(right);
    case '!=':
      return !compare('==', left, right);
    case '<':
      return areNumbers && a < b;
    case '<=':
      return areNumbers && a <= b;
    case '>':
      return areNumbers && a > b;
    case '>=':
      return areNumbers && a >= b;
  }
}

/** Every value a condition depends on. */
export function referencesOf(condition: Condition): Reference[] {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.flatMap(referencesOf);
    case 'not':
      return referencesOf(condition.of);
    case 'is':
      return 'reference' in condition.operand ? [condition.operand.reference] : [];
    case 'compare':
      return [condition.left, condition.right].flatMap((operand) =>
        'reference' in operand ? [operand.reference] : [],
      );
  }
}
