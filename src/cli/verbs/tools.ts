import { type ListedTool, listTool } from '../../catalog/entry.ts';
import type { ReadySkill } from '../../skill/skill.ts';
import { type Context, parseFormat } from '../context.ts';
import { printListing } from '../print.ts';

/** `skill tools [SKILL]`: what can be called, and with which arguments. */
export async function tools(
  reference: string | undefined,
  flags: { readonly format: string },
  { terminal, openCatalog, openRuntime }: Context,
): Promise<number> {
  const format = parseFormat(flags.format, ['table', 'json', 'yaml']);
  const found = reference === undefined ? undefined : await loadOne(reference, openRuntime);
  const all =
    found === undefined
      ? (await openCatalog()).flatMap(({ id, details }) => details().tools.map((tool) => ({ skill: id, ...tool })))
      : found.tools.map((tool) => ({ skill: found.id, ...listTool(tool) }));
  const rows = all.map((tool) => [
    found === undefined ? `${tool.skill}.${tool.name}` : tool.name,
    usage(tool),
    tool.description,
  ]);
  await printListing(
    { columns: ['TOOL', 'ARGUMENTS', 'DESCRIPTION'], rows, data: all, empty: 'no tools' },
    format,
    terminal,
  );
  if (format === 'table') {
    for (const { name, reason } of found?.module?.description.notTools ?? [])
      terminal.say(`not a tool: ${name}: ${reason}\n`);
  }
  return 0;
}

async function loadOne(reference: string, openRuntime: Context['openRuntime']): Promise<ReadySkill> {
  const runtime = await openRuntime({ spare: false });
  try {
    return await runtime.skill(reference);
  } finally {
    await runtime.close();
  }
}

/** How the arguments of a tool are written; those in brackets may be left out. */
export function usage({ input, parameters }: ListedTool): string {
  if (input === 'raw') return '--input TEXT|@FILE|-';
  if (input === 'command') return '-- WORDS…';
  const required = new Set((parameters?.['required'] ?? []) as readonly string[]);
  const names = Object.keys(parameters?.['properties'] ?? {});
  return names.map((name) => (required.has(name) ? `--${name}` : `[--${name}]`)).join(' ') || '(none)';
}
