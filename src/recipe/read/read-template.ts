import { formatField } from '../../manifest/field-path.ts';
import type { FieldPath } from '../../manifest/field-path.ts';
import type { Report } from '../../manifest/report.ts';
import type { TableReader } from '../../manifest/table-reader.ts';
import { parseTemplate, type Resolve, type Template } from '../template.ts';

/** Where a text stands, and what is told of it. */
export interface Spot {
  readonly path: FieldPath;
  readonly report: Report;
}

/** A template whose faults are told where it stands. */
export function toTemplate(text: string, resolve: Resolve, { path, report }: Spot): Template {
  return parseTemplate(text, resolve, ({ code, wrong, fix }) =>
    report.error({ code, path, message: `${formatField(path)} ${wrong}`, fix }),
  );
}

/** A text field as a template; a number or a boolean is taken as it is written. */
export function readTemplate(table: TableReader, key: string, resolve: Resolve): Template | undefined {
  const text = readScalar(table, key);
  return text === undefined ? undefined : toTemplate(text, resolve, { path: table.at(key), report: table.report });
}

/** Text, or a number or boolean as text: YAML leaves quotes away where people do not think of a type. */
export function readScalar(table: TableReader, key: string): string | undefined {
  const value = table.value(key);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : table.text(key);
}

/** A table of templates by names, such as `env`. */
export function readTemplates(table: TableReader, key: string, resolve: Resolve): ReadonlyMap<string, Template> {
  const section = table.section(key);
  const templates = new Map<string, Template>();
  for (const name of section.names()) {
    const template = readTemplate(section, name, resolve);
    if (template !== undefined) templates.set(name, template);
  }
  return templates;
}
