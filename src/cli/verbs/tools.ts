import type { Tool } from '../../tool/tool.ts';
import { type Context, parseFormat } from '../context.ts';
import { printListing } from '../print.ts';

/** `skill tools [SKILL]`: what can be called, and with which arguments. */
export async function tools(
  reference: string | undefined,
  flags: { readonly format: string },
  { terminal, openRuntime }: Context,
): Promise<number> {
  const format = parseFormat(flags.format, ['table', 'json', 'yaml']);
  const runtime = await openRuntime({ spare: false });
  try {
    const found =
      reference === undefined
        ? (await runtime.skills()).flatMap((skill) => (skill.ready ? [skill] : []))
        : [await runtime.skill(reference)];
    const all = found.flatMap((skill) => skill.tools.map((tool) => ({ skill: skill.id, tool })));
    const data = all.map(({ skill, tool: { name, description, input, parameters, returns } }) => ({
      skill,
      name,
      description,
      input,
      parameters,
      returns,
    }));
    const rows = all.map(({ skill, tool }) => [
      reference === undefined ? `${skill}.${tool.name}` : tool.name,
      usage(tool),
      tool.description,
    ]);
    await printListing(
      { columns: ['TOOL', 'ARGUMENTS', 'DESCRIPTION'], rows, data, empty: 'no tools' },
      format,
      terminal,
    );
    const [only, second] = found;
    if (only !== undefined && second === undefined && format === 'table') {
      for (const { name, reason } of only.module?.description.notTools ?? [])
        terminal.say(`not a tool: ${name}: ${reason}\n`);
    }
    return 0;
  } finally {
    await runtime.close();
  }
}

/** How the arguments of a tool are written; those in brackets may be left out. */
export function usage({ input, parameters }: Tool): string {
  if (input === 'raw') return '--input TEXT|@FILE|-';
  if (input === 'command') return '-- WORDS…';
  const required = new Set((parameters?.['required'] ?? []) as readonly string[]);
  const names = Object.keys(parameters?.['properties'] ?? {});
  return names.map((name) => (required.has(name) ? `--${name}` : `[--${name}]`)).join(' ') || '(none)';
}
