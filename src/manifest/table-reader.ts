import { quote } from '../../host/index.ts';
import { isUnsafeKey } from './check-values.ts';
import { type FieldPath, formatField, formatKey } from './field-path.ts';
import { nearest } from './nearest.ts';
import type { Report } from './report.ts';
import { readText, reportFault, reportType } from './read-text.ts';
import type { Fault, TextCheck } from './text-checks.ts';
import { emptyTable, isRefusedScalar, isTable, type Table } from './values.ts';

/**
 * Reads the fields of one table by type. What does not fit is reported and read as absent, so that one pass finds every
 * problem; a manifest with errors is never handed out. Remembers which keys were asked for: the rest are unknown.
 */
export class TableReader {
  readonly path: FieldPath;
  readonly report: Report;
  readonly #values: Table;
  readonly #known = new Set<string>();

  constructor(values: Table, path: FieldPath, report: Report) {
    this.#values = values;
    this.path = path;
    this.report = report;
  }

  /** The value as parsed, whatever its type. */
  value(key: string): unknown {
    this.#known.add(key);
    return Object.hasOwn(this.#values, key) ? this.#values[key] : undefined;
  }

  has(key: string): boolean {
    return this.value(key) !== undefined;
  }

  text(key: string, check?: TextCheck): string | undefined {
    const value = this.value(key);
    if (value === undefined) return undefined;
    const fix = `write ${this.#assign(key, '"…"')}, in quotes`;
    return readText(value, { path: this.at(key), report: this.report, check, fix });
  }

  /** A text that must be there; `example` is shown as the line to write. Empty when it is not: that is reported. */
  requiredText(key: string, options: { readonly check?: TextCheck; readonly example: string }): string {
    const value = this.value(key);
    const fix = `write ${this.#assign(key, `"${options.example}"`)}`;
    if (value === undefined) this.missing(key, fix);
    const spot = { path: this.at(key), report: this.report, check: options.check, fix };
    return value === undefined ? '' : (readText(value, spot) ?? '');
  }

  flag(key: string): boolean | undefined {
    const value = this.value(key);
    if (value === undefined || typeof value === 'boolean') return value;
    this.wrongType(
      key,
      'true or false',
      `write ${this.#assign(key, 'true')} or ${this.#assign(key, 'false')}, without quotes`,
    );
    return undefined;
  }

  whole(
    key: string,
    range: { readonly min: number; readonly max: number; readonly unit?: string },
  ): number | undefined {
    const value = this.value(key);
    if (value === undefined) return undefined;
    const wanted = `a whole number from ${range.min} to ${range.max}${range.unit === undefined ? '' : ` ${range.unit}`}`;
    if (typeof value !== 'number') {
      this.wrongType(key, wanted, `write ${this.#assign(key, String(range.min))}, without quotes`);
      return undefined;
    }
    if (Number.isSafeInteger(value) && value >= range.min && value <= range.max) return value;
    if (isRefusedScalar(value)) return undefined;
    const fix = `write ${this.#assign(key, 'N')} with N from ${range.min} to ${range.max}`;
    this.fault(key, value, { code: 'M_RANGE', wrong: `must be ${wanted}`, fix });
    return undefined;
  }

  oneOf<Choice extends string>(key: string, choices: readonly Choice[]): Choice | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    const choice = choices.find((candidate) => candidate === text);
    if (choice !== undefined) return choice;
    const meant = nearest(text, choices);
    const fix = meant === undefined ? `write one of ${choices.join(', ')}` : `write ${this.#assign(key, `"${meant}"`)}`;
    this.fault(key, text, { code: 'M_CHOICE', wrong: `must be one of ${choices.join(', ')}`, fix });
    return undefined;
  }

  texts(key: string, check?: TextCheck): readonly string[] | undefined {
    const value = this.value(key);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) {
      this.wrongType(key, 'an array of strings', `write ${this.#assign(key, '["…"]')}`);
      return undefined;
    }
    return (value as unknown[]).flatMap((item, index) => {
      const text = readText(item, { path: [...this.at(key), index], report: this.report, check });
      return text === undefined ? [] : [text];
    });
  }

  table(key: string): TableReader | undefined {
    const value = this.value(key);
    if (value === undefined) return undefined;
    if (isTable(value)) return new TableReader(value, this.at(key), this.report);
    this.wrongType(key, 'a table', `write ${this.report.syntax.section(this.at(key))}`);
    return undefined;
  }

  /** A table that, when it is not written, reads as empty. */
  section(key: string): TableReader {
    return this.table(key) ?? new TableReader(emptyTable(), this.at(key), this.report);
  }

  /** Every key of a table whose keys are names the author chose; keys that are never allowed are left out. */
  names(): readonly string[] {
    const names = Object.keys(this.#values).filter((key) => !isUnsafeKey(key));
    for (const name of names) this.#known.add(name);
    return names;
  }

  /** The keys nobody asked for, taken as known from here on. */
  rest(): Table {
    const rest = emptyTable();
    for (const [key, value] of Object.entries(this.#values)) {
      if (this.#known.has(key) || isUnsafeKey(key)) continue;
      rest[key] = value;
      this.#known.add(key);
    }
    return rest;
  }

  /** Reports each key nobody asked for, with the known one it resembles; `otherwise` is what to do with the rest. */
  finish(otherwise = 'remove it; nothing reads it'): void {
    for (const key of Object.keys(this.#values)) {
      if (this.#known.has(key) || isUnsafeKey(key)) continue;
      const meant = nearest(key, this.#known);
      const message = `${formatField(this.at(key))} is not a known field${meant === undefined ? '' : `; did you mean ${meant}?`}`;
      const fix = meant === undefined ? otherwise : `write ${meant} instead of ${formatKey(key)}`;
      this.report.lint({ code: 'M_UNKNOWN_KEY', path: this.at(key), message, fix });
    }
  }

  at(key: string): FieldPath {
    return [...this.path, key];
  }

  #assign(key: string, value: string): string {
    return this.report.syntax.assign(key, value);
  }

  missing(key: string, fix: string): void {
    const path = this.at(key);
    this.report.error({ code: 'M_MISSING', path, message: `${formatField(path)} is missing`, fix });
  }

  wrongType(key: string, wanted: string, fix: string): void {
    reportType(this.value(key), { path: this.at(key), report: this.report, wanted, fix });
  }

  fault(key: string, value: string | number, fault: Fault): void {
    reportFault(value, fault, { path: this.at(key), report: this.report });
  }

  /** Reports a key whose name the author chose. */
  keyFault(key: string, fault: Fault): void {
    const path = this.at(key);
    const message = `${formatField(path)}: the name ${quote(key)} ${fault.wrong}`;
    this.report.error({ code: fault.code, path, message, fix: fault.fix });
  }
}
