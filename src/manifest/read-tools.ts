import { quote } from '../../host/index.ts';
import { type FieldPath, formatField } from './field-path.ts';
import type { DeclaredTool } from './manifest.ts';
import { readParameters } from './read-parameters.ts';
import { readResilience } from './read-resilience.ts';
import { readSchema } from './read-schema.ts';
import type { Syntax } from './syntax.ts';
import { TableReader } from './table-reader.ts';
import { readToolSettings } from './read-tool-settings.ts';
import { checkLabel, type TextCheck } from './text-checks.ts';
import type { ToolType } from './tool-settings.ts';
import { isTable } from './values.ts';

const TOOL_NAME = /^[a-z][a-z0-9_-]{0,63}$/;
const TYPES = [
  'wasm',
  'code_inline',
  'code_session',
  'script',
  'prompt_inline',
  'conversation',
  'recipe',
] as const satisfies readonly ToolType[];

/** `[[tools]]`: what an agent can call. */
export function readTools(root: TableReader): readonly DeclaredTool[] {
  const list = root.value('tools');
  if (list === undefined) return [];
  if (!Array.isArray(list)) {
    root.wrongType('tools', 'an array of tables', 'write each tool under a header [[tools]], with two brackets');
    return [];
  }
  const tools = (list as unknown[]).flatMap((item, index) => readTool(item, [...root.at('tools'), index], root));
  reportRepeatedNames(tools, root);
  reportMissingModule(tools, root);
  return tools;
}

function readTool(item: unknown, path: FieldPath, root: TableReader): DeclaredTool[] {
  if (!isTable(item)) {
    const message = `${formatField(path)} must be a table`;
    root.report.error({ code: 'M_TYPE', path, message, fix: 'write each tool under a header [[tools]]' });
    return [];
  }
  const tool = new TableReader(item, path, root.report);
  const declared = {
    name: tool.requiredText('name', { check: checkToolName(tool.report.syntax), example: 'my-tool' }),
    description: tool.requiredText('description', { check: checkLabel(1_024), example: 'What it does' }),
    parameters: readParameters(tool),
    patterns: NONE,
    returns: tool.has('returns') ? readSchema(tool.value('returns'), spotOf(tool, 'returns')) : undefined,
    cacheable: tool.flag('cacheable') ?? false,
    resilience: tool.has('resilience') ? readResilience(tool.section('resilience')) : undefined,
    settings: readToolSettings(tool, tool.oneOf('type', TYPES) ?? 'wasm', false),
  };
  tool.finish();
  return [declared];
}

const NONE: ReadonlyMap<string, string> = new Map();

function spotOf(tool: TableReader, key: string): Parameters<typeof readSchema>[1] {
  return { path: tool.at(key), report: tool.report, depth: 1 };
}

export function checkToolName({ assign }: Syntax): TextCheck {
  return (text) => {
    if (TOOL_NAME.test(text)) return undefined;
    const wrong = 'must start with a lower-case letter, then at most 63 of lower-case letters, digits, _ and -';
    const meant = text.toLowerCase().replaceAll(/[ .]/g, '-');
    const name = TOOL_NAME.test(meant) ? meant : 'my-tool';
    return { code: 'M_TOOL_NAME', wrong, fix: `write ${assign('name', `"${name}"`)}` };
  };
}

export function reportRepeatedNames(tools: readonly DeclaredTool[], root: TableReader): void {
  const first = new Map<string, number>();
  for (const [index, { name }] of tools.entries()) {
    const earlier = first.get(name);
    if (earlier === undefined) first.set(name, index);
    if (earlier === undefined || name === '') continue;
    const path = [...root.at('tools'), index, 'name'];
    const message = `${formatField(path)} = ${quote(name)} is already the name of tools[${earlier}]`;
    root.report.error({ code: 'M_TOOL_REPEATED', path, message, fix: 'give each tool a name of its own' });
  }
}

function reportMissingModule(tools: readonly DeclaredTool[], root: TableReader): void {
  const index = tools.findIndex(({ settings }) => settings.type === 'wasm');
  if (index === -1 || root.has('executable')) return;
  const path = [...root.at('tools'), index];
  const message = `${formatField(path)} is of type wasm, but there is no [executable]`;
  const fix = 'write [executable] with module = "bin/skill.wasm", or give the tool another type';
  root.report.warn({ code: 'M_TOOL_NO_MODULE', path, message, fix });
}
