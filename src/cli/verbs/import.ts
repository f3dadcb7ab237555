import { resolve } from 'node:path';
import { readVersion } from '../../home/package.ts';
import { type Imported, importSkill } from '../../import/import-skill.ts';
import type { Kind } from '../../import/recognize.ts';
import { type Context, parseFormat } from '../context.ts';
import { printData } from '../print.ts';
import { printProblems } from '../print-problems.ts';
import { inline, type Terminal, wrap } from '../terminal.ts';

export interface ImportFlags {
  readonly to?: string;
  readonly name?: string;
  readonly format: string;
}

const INVALID = 5;
const WIDEST = 80;

const KINDS: Readonly<Record<Kind, string>> = {
  'SKILL.md': 'a SKILL.md',
  'skill.json': 'a skill.json of version 2',
  'manifest.yaml': 'a manifest.yaml of the skill SDK',
  'mcp-tools': 'a list of MCP tools',
  'goose-recipe': 'a Goose recipe',
};

/** `skill import SOURCE`: writes a native skill. Exit code 5, and nothing written, when the source has an error. */
export async function importVerb(source: string, flags: ImportFlags, { terminal }: Context): Promise<number> {
  const format = parseFormat(flags.format, ['text', 'json']);
  const imported = await importSkill({ source, to: flags.to, name: flags.name });
  if (!imported.ready) {
    const { id, problems } = imported;
    const validated = { path: source, folder: resolve(source), id, ready: false, problems };
    await printProblems([validated], format, { terminal, version: readVersion() });
    return INVALID;
  }
  const { kind, folder, files, notCarried } = imported;
  if (format === 'json') await printData({ source, kind, folder, files, notCarried }, 'json', terminal);
  else print(source, imported, terminal);
  return 0;
}

function print(source: string, imported: Imported, terminal: Terminal): void {
  const { kind, folder, files, manifest, notCarried } = imported;
  const width = Math.min(terminal.width, WIDEST);
  const line = (text: string, indent = ''): void => terminal.out(`${wrap(text, width, indent)}\n`);
  line(`${inline(source)}: ${KINDS[kind]}`);
  line(`${terminal.style('green', 'imported')} as ${manifest.id} ${manifest.version}, into ${inline(folder)}:`);
  for (const file of files) line(`  ${inline(file)}`, '    ');
  line(`carried over: ${count(imported)}`, '  ');
  if (notCarried.length === 0) line('everything carried over');
  else line(`did not carry over (${notCarried.length}):`);
  for (const { field, why, fix } of notCarried) {
    line(`  ${terminal.style('yellow', inline(field))}: ${inline(why)}`, '    ');
    line(`    fix: ${inline(fix)}`, '         ');
  }
  line(`next: skill validate ${inline(folder)}`);
  line(`      skill test ${inline(folder)}, once it has tests (docs/migration.md)`);
}

function count({ manifest: { tools, capabilities, dependencies }, files }: Imported): string {
  const { terminalExec, ...rest } = capabilities;
  const rules = [...Object.values(rest), terminalExec.commands].reduce((sum, list) => sum + list.length, 0);
  const parameters = tools.reduce((sum, { parameters: schema }) => sum + namesIn(schema), 0);
  const knowledge = files.filter((file) => file.startsWith('knowledge/')).length;
  const parts = [
    'who it is',
    some(knowledge, 'file of knowledge', 'files of knowledge'),
    some(tools.length, 'tool', 'tools'),
    some(parameters, 'parameter', 'parameters'),
    some(rules, 'request for a capability', 'requests for capabilities'),
    some(dependencies.length, 'dependency', 'dependencies'),
  ];
  return parts.filter((part) => part !== '').join(', ');
}

const namesIn = (schema: Imported['manifest']['tools'][number]['parameters']): number =>
  Object.keys((schema?.['properties'] as object | undefined) ?? {}).length;

const some = (n: number, one: string, many: string): string => (n === 0 ? '' : `${n} ${n === 1 ? one : many}`);
