import { stringify } from 'smol-toml';
import { replaceInvisible } from '../../host/index.ts';
import { isTable, type Table } from '../manifest/values.ts';

/** A table within a line is read at a glance up to here; a longer one gets a header. */
const LONGEST_LINE = 110;

/**
 * A table of sections as TOML, in the order of its keys: what is undefined is left out, a list of tables at the top
 * becomes `[[name]]`, a table that is too long for its line a section below. The library escapes what is text; characters
 * that nobody can see are escaped as well, so that a reader of the file sees them.
 */
export function writeToml(root: Table): string {
  const blocks: string[] = [];
  for (const [key, value] of entriesOf(root)) {
    if (isTable(value)) writeSection([key], value, blocks);
    else for (const item of value as Table[]) writeSection([key], item, blocks, true);
  }
  return `${blocks.join('\n\n')}\n`;
}

function writeSection(path: readonly string[], table: Table, blocks: string[], isItem = false): void {
  const lines: string[] = [];
  const below: (readonly [string, Table])[] = [];
  for (const [key, value] of entriesOf(table)) {
    const line = `${writeKey(key)} = ${writeField(value)}`;
    // Behind one below, the others go there too: their order is that of parameters.
    if (isTable(value) && (below.length > 0 || line.length > LONGEST_LINE)) below.push([key, value]);
    else lines.push(line);
  }
  const name = path.map(writeKey).join('.');
  const header = isItem ? `[[${name}]]` : `[${name}]`;
  if (isItem || lines.length > 0 || below.length === 0) blocks.push([header, ...lines].join('\n'));
  for (const [key, value] of below) writeSection([...path, key], value, blocks);
}

/** A value behind its key: a text of several lines stands on several, a long list has a line for each item. */
function writeField(value: unknown): string {
  if (typeof value === 'string' && value.includes('\n')) return writeLines(value);
  const line = writeValue(value);
  if (!Array.isArray(value) || line.length <= LONGEST_LINE) return line;
  return `[\n${(value as unknown[]).map((item) => `  ${writeValue(item)},\n`).join('')}]`;
}

function writeLines(text: string): string {
  const lines = text.split('\n').map((line) => writeScalar(line).slice(1, -1));
  return `"""\n${lines.join('\n')}"""`;
}

function writeValue(value: unknown): string {
  if (Array.isArray(value)) return `[${(value as unknown[]).map(writeValue).join(', ')}]`;
  if (!isTable(value)) return writeScalar(value);
  const fields = entriesOf(value).map(([key, item]) => `${writeKey(key)} = ${writeValue(item)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

function writeScalar(value: unknown): string {
  if (Object.is(value, -0)) return '-0.0';
  const line = stringify({ v: value });
  return escapeHidden(line.slice('v = '.length, -1));
}

/** As a name without quotes where it can be one. */
function writeKey(key: string): string {
  const line = stringify({ [key.toWellFormed()]: 0 });
  return escapeHidden(line.slice(0, -' = 0\n'.length));
}

function escapeHidden(text: string): string {
  return replaceInvisible(text, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\U${code.padStart(8, '0')}`;
  });
}

function entriesOf(table: Table): [string, unknown][] {
  return Object.entries(table).filter(([, value]) => value !== undefined);
}
