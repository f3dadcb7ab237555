import { hasInvisible, quote } from '../../host/index.ts';
import { type FieldPath, formatField } from '../manifest/field-path.ts';
import type { DeclaredTool, JsonSchema } from '../manifest/manifest.ts';
import { readSchema } from '../manifest/read-schema.ts';
import type { Report } from '../manifest/report.ts';
import { TableReader } from '../manifest/table-reader.ts';
import { checkLabel } from '../manifest/text-checks.ts';
import { isTable } from '../manifest/values.ts';
import type { Drafted } from './draft.ts';
import { newManifest, shorten, slugOfFile } from './names.ts';
import { toNativeSchema } from './native-schema.ts';
import type { NotCarried } from './not-carried.ts';
import type { Parsed } from './read-source.ts';
import { findTools } from './recognize.ts';
import { addStubs } from './stubs.ts';

const LONGEST_DESCRIPTION = 1_024;
const READ: ReadonlySet<string> = new Set(['name', 'description', 'title', 'inputSchema', 'outputSchema']);

/** What is taken from one list. */
interface Taking {
  readonly report: Report;
  readonly lost: NotCarried[];
  /** Names that are taken, each with its place in the list. */
  readonly names: Map<string, number>;
  /** For people: descriptions that are cut in the manifest. */
  readonly about: string[];
}

/** The tools of an MCP server: their declarations, for the list does not hold what they do. */
export async function fromToolList({ file, table, report, problems }: Parsed): Promise<Drafted> {
  const { path, tools: items } = findTools(table) ?? { path: [], tools: [] };
  const taking: Taking = { report, lost: lostAround(table, path), names: new Map(), about: [] };
  const tools = items.flatMap((item, i) => takeTool(item, [...path, i], taking));
  if (items.length === 0) reportNone(path, report);
  if (report.hasErrors) return { problems: await problems() };
  const name = slugOfFile(file);
  const description = shorten(
    `Tools of an MCP server: ${tools.map((tool) => tool.name).join(', ')}`,
    LONGEST_DESCRIPTION,
  );
  const manifest = { ...newManifest({ id: `custom.${name}`, name, description: description.text }), tools };
  const derived = {
    field: 'id',
    why: `a list of tools has no name; custom.${name} is made of the name of the file`,
    fix: 'give another with --name, or write it in skill.toml',
  };
  const draft = { manifest, files: [], notCarried: [derived, ...taking.lost], about: taking.about };
  return addStubs(draft, 'a list of tools says how they are called, and not what they do', path);
}

function reportNone(path: FieldPath, report: Report): void {
  const message = 'the list holds no tool';
  report.error({ code: 'M_MISSING', path, message, fix: 'ask the server for tools/list again' });
}

/** More pages of the list are not here. */
function lostAround(table: Parsed['table'], path: FieldPath): NotCarried[] {
  const list = path.length > 1 ? table['result'] : table;
  if (!isTable(list) || list['nextCursor'] === undefined) return [];
  return [
    {
      field: formatField([...path.slice(0, -1), 'nextCursor']),
      why: 'the list goes on: this is one page of it',
      fix: 'ask the server for the other pages, and put all tools into one list',
    },
  ];
}

function takeTool(item: unknown, path: FieldPath, taking: Taking): DeclaredTool[] {
  const { report } = taking;
  if (!isTable(item)) {
    const message = `${formatField(path)} must be an object`;
    report.error({ code: 'M_TYPE', path, message, fix: 'write { "name": …, "inputSchema": … }' });
    return [];
  }
  const tool = new TableReader(item, path, report);
  const written = tool.requiredText('name', { check: checkLabel(256), example: 'get_weather' });
  const name = takeName(written, tool, taking);
  for (const key of tool.names().filter((one) => !READ.has(one))) taking.lost.push(lostField(key, tool));
  return [
    {
      name,
      description: takeDescription(name, tool, taking),
      parameters: takeSchema('inputSchema', tool, taking),
      patterns: new Map(),
      returns: takeSchema('outputSchema', tool, taking),
      cacheable: false,
      resilience: undefined,
      settings: { type: 'wasm', export: undefined, args: undefined },
    },
  ];
}

function lostField(key: string, tool: TableReader): NotCarried {
  const why =
    key === 'annotations'
      ? 'what a server says of itself decides nothing here: capabilities and grants do'
      : 'tools of a skill have no such field';
  return { field: formatField(tool.at(key)), why, fix: 'say it in the description if callers should know it' };
}

/** `getWeather` as `get_weather`; of two that come to the same, the later one gets a number. */
function takeName(written: string, tool: TableReader, { lost, names }: Taking): string {
  const plain = written
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, '_')
    .replaceAll(/^[^a-z]+/g, '')
    .slice(0, 60);
  const base = plain === '' ? 'tool' : plain;
  let name = base;
  for (let n = 2; names.has(name); n++) name = `${base}_${n}`;
  names.set(name, names.size);
  if (name !== written)
    lost.push({
      field: formatField(tool.at('name')),
      why: `${quote(written, 80)} cannot be the name of a tool here, or is taken; it is ${name}`,
      fix: `call it ${name}`,
    });
  return name;
}

function takeDescription(name: string, tool: TableReader, { report, lost, about }: Taking): string {
  const title = tool.text('title', checkLabel(256));
  const written = tool.text('description');
  const field = formatField(tool.at('description'));
  if (written === undefined || written.trim() === '') {
    const why = 'there is none, and a tool needs one; its title or name stands there';
    lost.push({ field, why, fix: 'say what the tool does' });
    return title ?? name;
  }
  const { text, isCut } = shorten(written, LONGEST_DESCRIPTION);
  const whole = shorten(written, Number.POSITIVE_INFINITY).text;
  const fault = hasInvisible(whole) ? checkLabel(LONGEST_DESCRIPTION)(whole) : undefined;
  if (fault !== undefined) tool.fault('description', whole, fault);
  if (isCut) {
    const why = `it is longer than ${LONGEST_DESCRIPTION} characters; the whole of it stands in README.md`;
    lost.push({ field, why, fix: 'shorten it to what a caller has to know' });
    about.push(`## ${name}`, written.trim());
  }
  if (title !== undefined)
    lost.push({
      field: formatField(tool.at('title')),
      why: 'tools here have a name and a description',
      fix: 'say it in the description if it says more',
    });
  return report.hasErrors ? name : text;
}

function takeSchema(key: string, tool: TableReader, { report, lost }: Taking): JsonSchema | undefined {
  const value = tool.value(key);
  if (value === undefined) return undefined;
  const path = tool.at(key);
  const schema = readSchema(toNativeSchema(value, path, lost), { path, report, depth: 1 });
  if (key === 'inputSchema' && isTable(value) && schema['type'] !== 'object') {
    const message = `${formatField(path)} must describe an object: a tool takes named arguments`;
    report.error({ code: 'M_PARAMETERS', path, message, fix: 'write "type": "object" and "properties"' });
  }
  return schema;
}
