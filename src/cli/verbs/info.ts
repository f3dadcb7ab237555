import type { Capabilities, Rule } from '../../../host/index.ts';
import { describeProblem } from '../../manifest/describe-problem.ts';
import type { DeclaredTool } from '../../manifest/manifest.ts';
import { showGrant } from '../../policy/grant.ts';
import type { ReadySkill } from '../../skill/skill.ts';
import type { Tool } from '../../tool/tool.ts';
import { type Context, parseFormat } from '../context.ts';
import { printData } from '../print.ts';
import { inline, type Terminal, wrap } from '../terminal.ts';
import { usage } from './tools.ts';

/** `skill info SKILL`: what it is, what it can do, what it asks for. */
export async function info(
  reference: string,
  flags: { readonly format: string },
  { terminal, openRuntime }: Context,
): Promise<number> {
  const format = parseFormat(flags.format, ['text', 'table', 'json', 'yaml']);
  const runtime = await openRuntime({ spare: false });
  try {
    const skill = await runtime.skill(reference);
    if (format === 'json' || format === 'yaml') await printData(describe(skill), format, terminal);
    else print(skill, terminal);
    return 0;
  } finally {
    await runtime.close();
  }
}

function describe({
  id,
  name,
  version,
  description,
  path,
  hash,
  granted,
  manifest,
  module,
  tools,
  recipes,
  problems,
}: ReadySkill): unknown {
  return {
    id,
    name,
    version,
    description,
    path,
    hash,
    format: manifest?.file,
    license: manifest?.license,
    authors: manifest?.authors,
    compatibility: manifest?.compatibility,
    allowedTools: manifest?.allowedTools,
    topics: manifest?.knowledge.topics,
    alwaysOn: manifest?.knowledge.alwaysOn,
    declaredTools: declaredOnly({ manifest, tools }).map((tool) => ({ name: tool.name, type: tool.settings.type })),
    kind: module?.description.kind,
    imports: module?.description.imports,
    tools: tools.map((tool) => ({
      name: tool.name,
      description: tool.description,
      parameters: tool.parameters,
      returns: tool.returns,
    })),
    recipes: recipes.map((recipe) => recipe.id),
    capabilities: manifest === undefined ? {} : Object.fromEntries(requested(manifest.capabilities)),
    granted,
    limits: manifest?.limits ?? {},
    problems,
  };
}

/** What a manifest asks for, by capability, without those it does not mention. */
export function requested(capabilities: Capabilities): [name: string, scopes: string[]][] {
  const texts = (rules: readonly Rule[]): string[] => rules.map(({ text }) => text);
  const { terminalExec } = capabilities;
  const all: [string, string[]][] = [
    ['filesystem_read', texts(capabilities.filesystemRead)],
    ['filesystem_write', texts(capabilities.filesystemWrite)],
    ['network', texts(capabilities.network)],
    ['env_read', texts(capabilities.envRead)],
    ['secrets_access', texts(capabilities.secretsAccess)],
    ['terminal_exec', texts(terminalExec.commands)],
    ['terminal_exec.blocked', texts(terminalExec.blocked)],
    ['messaging', texts(capabilities.messaging)],
  ];
  return all.filter(([, scopes]) => scopes.length > 0);
}

/** Tools of the manifest that cannot be called here. */
function declaredOnly({ manifest, tools }: Pick<ReadySkill, 'manifest' | 'tools'>): readonly DeclaredTool[] {
  return (manifest?.tools ?? []).filter(({ name }) => !tools.some((tool) => tool.name === name));
}

function print(skill: ReadySkill, terminal: Terminal): void {
  const { width } = terminal;
  const out = (label: string, value: string | undefined): void => {
    if (value !== undefined && value !== '')
      terminal.out(`${wrap(`${label.padEnd(15)}${inline(value)}`, width, ' '.repeat(15))}\n`);
  };
  const { manifest, module } = skill;
  out('id', `${skill.id} ${skill.version}`);
  out('name', skill.name);
  out('description', skill.description);
  out('format', manifest?.file);
  out('license', manifest?.license);
  out('authors', manifest?.authors.join(', '));
  out('path', skill.path);
  out('hash', skill.hash);
  out('needs', manifest?.compatibility);
  out('topics', manifest?.knowledge.topics.join(', '));
  if (manifest?.knowledge.alwaysOn === true) out('context', 'always on');
  out('allowed-tools', manifest?.allowedTools.join(', '));
  if (module !== undefined) {
    out('module', `${module.description.kind}, ${(module.bytes.length / 1024).toFixed(1)} KiB`);
    out('imports', module.description.imports.join(', ') || 'nothing');
  }
  terminal.out('\ntools\n');
  const declared = declaredOnly(skill);
  if (skill.tools.length + declared.length === 0) terminal.out('  none\n');
  for (const tool of skill.tools) {
    terminal.out(`  ${inline(tool.name)} ${usage(tool)}${kindOf(tool)}\n`);
    if (tool.description !== '') terminal.out(`${wrap(`      ${inline(tool.description)}`, width, '      ')}\n`);
  }
  for (const { name } of declared) terminal.out(`  ${inline(name)} (its module is missing)\n`);
  terminal.out('\nasks for\n');
  const asks = manifest === undefined ? [] : requested(manifest.capabilities);
  if (asks.length === 0) terminal.out('  nothing\n');
  for (const [name, scopes] of asks)
    terminal.out(`${wrap(`  ${name}  ${inline(scopes.join(', '))}`, width, '    ')}\n`);
  const granted = showGrant(skill.granted);
  if (granted.length > 0) terminal.out('\nis granted\n');
  for (const one of granted) terminal.out(`${wrap(`  ${inline(one)}`, width, '    ')}\n`);
  for (const problem of skill.problems) terminal.say(`${problem.severity}: ${inline(describeProblem(problem))}\n`);
}

/** What carries it out, where that is not the module. */
function kindOf({ action }: Tool): string {
  return action.type === 'wasm' ? '' : `  (${action.type})`;
}
