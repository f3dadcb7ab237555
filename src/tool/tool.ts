import { type GuestTool, type ModuleDescription, quote } from '../../host/index.ts';
import { schemaOfParameters } from '../recipe/parameter-schema.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { DeclaredTool, JsonSchema, Manifest, Problem } from '../manifest/manifest.ts';
import type { Resilience } from '../manifest/resilience.ts';
import type { Action } from './action.ts';
import { namesOf } from './prompt-template.ts';
import { resolveAction, type Spot, wordsOf } from './resolve-action.ts';

/** What an agent or a person can call. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  /** How input is given: arguments by schema, raw bytes, or words and standard input. */
  readonly input: GuestTool['input'];
  readonly parameters: JsonSchema | undefined;
  /** As in the manifest. */
  readonly patterns: DeclaredTool['patterns'];
  readonly returns: JsonSchema | undefined;
  readonly cacheable: boolean;
  /** Undefined: that of the skill. */
  readonly resilience: Resilience | undefined;
  readonly action: Action;
}

interface Resolved {
  readonly tools: Tool[];
  readonly problems: Problem[];
}

/** What a tool is that says nothing of it. */
const PLAIN = { patterns: new Map<string, string>(), cacheable: false, resilience: undefined } as const;

/**
 * The tools of a module: those the manifest declares, each found in the module; with none declared, all the module has.
 * A declared export that the module lacks is a problem that names those it has.
 */
export function resolveTools(manifest: Manifest | undefined, module: ModuleDescription): Resolved {
  // With their places among all tools, for problems.
  const declared = [...(manifest?.tools ?? []).entries()].filter(([, { settings }]) => settings.type === 'wasm');
  const file = manifest?.file ?? '';
  const problems: Problem[] = [];
  for (const [i, name] of (manifest?.executable?.exports ?? []).entries()) {
    if (findExport(module, name) === undefined)
      problems.push(missingExport(name, module, { file, field: `executable.exports[${i}]` }));
  }
  if (declared.length === 0) return { tools: module.tools.map(derivedTool), problems };
  const tools: Tool[] = [];
  for (const [i, tool] of declared) {
    const guest = guestOf(tool, module);
    if (guest === undefined)
      problems.push(
        missingExport(exportName(tool), module, {
          file,
          field: `tools[${i}].${writtenExport(tool) === undefined ? 'name' : 'export'}`,
        }),
      );
    else tools.push(declaredTool(tool, guest, { file, field: `tools[${i}]`, problems }));
  }
  return { tools, problems };
}

/** The declared tools that need no module. */
export function resolveOtherTools(manifest: Manifest, around: Parameters<typeof resolveAction>[2]): Resolved {
  const problems: Problem[] = [];
  const tools = manifest.tools.flatMap((tool, i) => {
    const field = manifest.file === 'skill.json' ? '' : `tools[${i}]`;
    const action = resolveAction(tool, { file: manifest.file, field, problems }, around);
    return action === undefined ? [] : [otherTool(tool, action)];
  });
  return { tools, problems };
}

function otherTool({ settings: _settings, ...tool }: DeclaredTool, action: Action): Tool {
  return { ...tool, input: 'json', parameters: parametersOf(tool, action), action };
}

function parametersOf({ parameters }: Pick<DeclaredTool, 'parameters'>, action: Action): JsonSchema {
  if (action.type === 'code_session') return SESSION_PARAMETERS;
  if (action.type === 'recipe') return schemaOfParameters(action.recipe.parameters);
  const names = 'template' in action ? namesOf(action.template) : [];
  return parameters ?? textsNamed(names);
}

/** What every session takes. */
const SESSION_PARAMETERS: JsonSchema = {
  type: 'object',
  properties: {
    code: {
      type: 'string',
      maxLength: 1_048_576,
      description: 'What to run; it finds what was left by the code before',
    },
    session: { type: 'string', maxLength: 64, description: 'Which session; "default" when it is left out' },
  },
  required: ['code'],
  additionalProperties: false,
};

/** Parameters that are known by their places alone. */
function textsNamed(names: readonly string[]): JsonSchema {
  const properties = Object.fromEntries(names.map((name) => [name, { type: 'string' }]));
  return { type: 'object', properties, required: names, additionalProperties: false };
}

function derivedTool(guest: GuestTool): Tool {
  const { name, input, parameters, returns } = guest;
  return { ...PLAIN, name, description: '', input, parameters, returns, action: { type: 'wasm', guest } };
}

/** Raw and command input turns into JSON where the manifest declares a schema for it. */
function declaredTool(declared: DeclaredTool, guest: GuestTool, spot: Spot): Tool {
  const { settings: _settings, ...tool } = declared;
  if (isDoor(guest) && writtenExport(declared) === undefined) return toolBehind(guest, tool);
  const words = wordsOf(declared, guest, spot);
  const parameters = words === undefined ? tool.parameters : (tool.parameters ?? textsNamed([]));
  return {
    ...tool,
    input: parameters === undefined ? guest.input : 'json',
    parameters: parameters ?? guest.parameters,
    returns: tool.returns ?? guest.returns,
    action: { type: 'wasm', guest, ...(words !== undefined && { words }) },
  };
}

/** The function of `wit/tools.wit` behind which a guest has all its tools. */
function isDoor({ entry }: GuestTool): boolean {
  return entry.name === 'call' && entry.interfaceName.startsWith('skillhost:tools/tools@0.');
}

function toolBehind(guest: GuestTool, tool: Omit<DeclaredTool, 'settings'>): Tool {
  const parameters = tool.parameters ?? { type: 'object' };
  return { ...tool, input: 'json', parameters, action: { type: 'wasm', guest, asked: tool.name } };
}

/** A recipe as a tool: its parameters by schema, its report as the result. */
export function recipeTool(recipe: Recipe): Tool {
  const { id: name, description, parameters } = recipe;
  const schema = schemaOfParameters(parameters);
  const action = { type: 'recipe' as const, recipe };
  return { ...PLAIN, name, description, input: 'json', parameters: schema, returns: undefined, action };
}

function writtenExport({ settings }: DeclaredTool): string | undefined {
  return settings.type === 'wasm' ? settings.export : undefined;
}

function exportName(tool: DeclaredTool): string {
  return writtenExport(tool) ?? tool.name;
}

function guestOf(tool: DeclaredTool, module: ModuleDescription): GuestTool | undefined {
  const [only, second] = module.tools;
  // A command has one way in, which its manifest may call by any name.
  if (only?.input === 'command' && second === undefined && writtenExport(tool) === undefined) return only;
  return findExport(module, exportName(tool)) ?? (writtenExport(tool) ? undefined : module.tools.find(isDoor));
}

function findExport(module: ModuleDescription, name: string): GuestTool | undefined {
  return module.tools.find((tool) => tool.name === name) ?? module.tools.find((tool) => tool.entry.name === name);
}

function missingExport(
  name: string,
  module: ModuleDescription,
  at: { readonly file: string; readonly field: string },
): Problem {
  const names = module.tools.map((tool) => tool.name);
  return {
    severity: 'error',
    code: 'M_EXPORT',
    ...at,
    message: `the module exports no function ${quote(name)}`,
    fix:
      names.length > 0 ? `it exports: ${names.slice(0, 20).join(', ')}` : 'it exports no function that can be a tool',
  };
}
