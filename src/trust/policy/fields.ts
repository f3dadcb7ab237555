import { quote, SkillError } from '../../../host/index.ts';
import { isDay } from '../../calendar/moment.ts';
import { nearest } from '../../manifest/nearest.ts';

/** One table of a configuration, read strictly: every field is asked for by name, and the rest is refused. */
export class Fields {
  readonly #table: Readonly<Record<string, unknown>>;
  readonly #path: string;
  readonly #where: string;

  constructor(table: unknown, path: string, where: string) {
    this.#path = path;
    this.#where = where;
    if (!isTable(table)) throw this.fault(undefined, 'must be a table', `write [${path}]`);
    this.#table = table;
  }

  /** @throws SkillError E_USAGE for a field that is none of these */
  allow(known: readonly string[]): this {
    for (const name of Object.keys(this.#table)) {
      if (known.includes(name)) continue;
      const meant = nearest(name, known);
      const fix = meant === undefined ? `the fields are ${known.join(', ')}` : `did you mean ${meant}?`;
      throw this.fault(undefined, `has no field ${quote(name)}`, fix);
    }
    return this;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#table, name) && this.#table[name] !== undefined;
  }

  text(name: string, most: number): string {
    const value = this.has(name) ? this.#table[name] : undefined;
    if (typeof value !== 'string' || value === '') throw this.fault(name, 'must be text', `write ${name} = "…"`);
    if (value.length > most) throw this.fault(name, `is over ${most} characters`, 'shorten it');
    return value;
  }

  optionalText(name: string, most: number): string | undefined {
    return this.has(name) ? this.text(name, most) : undefined;
  }

  choice<T extends string>(name: string, among: readonly T[]): T {
    const value = this.text(name, 64);
    const found = among.find((known) => known === value);
    if (found !== undefined) return found;
    throw this.fault(name, `is ${quote(value)}`, `write one of ${among.join(', ')}`);
  }

  /** A day, which begins in UTC, or a second of it. */
  optionalTime(name: string): Date | undefined {
    if (!this.has(name)) return undefined;
    const value = this.#table[name];
    const text = value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : value;
    const time = typeof text === 'string' ? parseTime(text) : undefined;
    if (time !== undefined) return time;
    throw this.fault(name, 'is no time in UTC', `write ${name} = "2026-01-31T00:00:00Z"`);
  }

  optionalCount(name: string, most: number): number | undefined {
    if (!this.has(name)) return undefined;
    const value = this.#table[name];
    if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most) return value;
    throw this.fault(name, `must be a number from 1 to ${most}`, `write ${name} = 1`);
  }

  list(name: string, most: number): readonly unknown[] {
    const value = this.has(name) ? this.#table[name] : [];
    if (!Array.isArray(value)) throw this.fault(name, 'must be a list', `write ${name} = […]`);
    if (value.length > most) throw this.fault(name, `has over ${most} entries`, 'remove some');
    return value;
  }

  tables(name: string, most: number): Fields[] {
    return this.list(name, most).map(
      (entry, index) => new Fields(entry, `${this.#path}.${name}[${index}]`, this.#where),
    );
  }

  /** The error of a field, or of the table: which one, in which file, what is wrong with it, and what to write. */
  fault(name: string | undefined, wrong: string, hint: string, cause?: unknown): SkillError {
    const field = name === undefined ? this.#path : `${this.#path}.${name}`;
    return new SkillError('E_USAGE', `${this.#where}: ${field} ${wrong}.`, {
      hint,
      details: { field },
      cause,
    });
  }
}

const TIME = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?Z)?$/;

function parseTime(text: string): Date | undefined {
  const time = TIME.test(text) ? new Date(text) : undefined;
  return time !== undefined && !Number.isNaN(time.getTime()) && isDay(text.slice(0, 10)) ? time : undefined;
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
