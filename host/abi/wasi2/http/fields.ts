import { DISPOSE } from '../../../component/resource.ts';
import { ResultError } from '../../../component/trap.ts';
import type { Budget } from '../budget.ts';

export type Entry = readonly [name: string, value: Uint8Array];

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const BAD_VALUE = /[\0\r\n]/;
/** Set by the connection, or able to turn one request into two. */
const FORBIDDEN = new Set([
  'connection',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

// Header values are bytes; HTTP shows them as Latin-1.
export const toText = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
export const fromText = (text: string): Uint8Array => Buffer.from(text, 'latin1');

export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

export function isForbidden(name: string): boolean {
  return FORBIDDEN.has(name.toLowerCase());
}

/** `fields`: a multimap of headers whose names compare without letter case. */
export class Fields {
  readonly immutable: boolean;
  readonly #budget: Budget | undefined;
  #entries: Entry[];
  #charged = 0;

  /** @param budget charged for what a guest puts in; none for headers that came from elsewhere and cannot change */
  constructor(entries: readonly Entry[], budget: Budget | undefined) {
    this.#entries = [...entries];
    this.#budget = budget;
    this.immutable = budget === undefined;
    for (const entry of entries) this.#charge(entry);
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  get(name: string): Uint8Array[] {
    return this.#entries.filter(([key]) => isSame(key, name)).map(([, value]) => value);
  }

  set(name: string, values: readonly Uint8Array[]): void {
    const added = values.map((value) => checkField(name, value));
    this.delete(name);
    this.#add(added);
  }

  append(name: string, value: Uint8Array): void {
    this.#mutable();
    this.#add([checkField(name, value)]);
  }

  delete(name: string): void {
    this.#mutable();
    if (!isToken(name)) throw new ResultError({ tag: 'invalid-syntax' });
    this.#entries = this.#entries.filter(([key]) => !isSame(key, name));
  }

  #add(entries: readonly Entry[]): void {
    for (const entry of entries) {
      this.#charge(entry);
      this.#entries.push(entry);
    }
  }

  #charge([name, value]: Entry): void {
    const size = name.length + value.length;
    this.#budget?.take(size);
    this.#charged += size;
  }

  #mutable(): void {
    if (this.immutable) throw new ResultError({ tag: 'immutable' });
  }

  [DISPOSE](): void {
    this.#budget?.giveBack(this.#charged);
  }
}

/** @throws ResultError `invalid-syntax` or `forbidden` */
export function checkField(name: string, value: Uint8Array): Entry {
  if (!isToken(name) || BAD_VALUE.test(toText(value))) throw new ResultError({ tag: 'invalid-syntax' });
  if (isForbidden(name)) throw new ResultError({ tag: 'forbidden' });
  return [name, value];
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
