import { type GuestTool, type ModuleDescription, quote } from '../../host/index.ts';
import { schemaOfParameters } from '../recipe/parameter-schema.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { DeclaredTool, JsonSchema, Manifest, Problem } from '../manifest/manifest.ts';

/** What an agent or a person can call. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  /** How input is given: arguments by schema, raw bytes, or words and standard input. */
  readonly input: GuestTool['input'];
  readonly parameters: JsonSchema | undefined;
  readonly returns: JsonSchema | undefined;
  /** What a tool of a module calls. */
  readonly guest: GuestTool | undefined;
  /** What a tool that is a recipe runs. */
  readonly recipe: Recipe | undefined;
}

/**
 * The tools of a skill: those its manifest declares, each found in the module; with none declared, all the module has.
 * A declared export that the module lacks is a problem that names those it has.
 */
export function resolveTools(
  manifest: Manifest | undefined,
  module: ModuleDescription,
): { readonly tools: Tool[]; readonly problems: Problem[] } {
  // With their places among all tools, for problems.
  const declared = [...(manifest?.tools ?? []).entries()].filter(([, { type }]) => type === 'wasm');
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
          field: `tools[${i}].${tool.settings['export'] === undefined ? 'name' : 'export'}`,
        }),
      );
    else tools.push(declaredTool(tool, guest));
  }
  return { tools, problems };
}

function derivedTool(guest: GuestTool): Tool {
  const { name, input, parameters, returns } = guest;
  return { name, description: '', input, parameters, returns, guest, recipe: undefined };
}

/** Raw and command input turns into JSON where the manifest declares a schema for it. */
function declaredTool({ name, description, parameters, returns }: DeclaredTool, guest: GuestTool): Tool {
  return {
    name,
    description,
    input: parameters === undefined ? guest.input : 'json',
    parameters: parameters ?? guest.parameters,
    returns: returns ?? guest.returns,
    guest,
    recipe: undefined,
  };
}

/** A recipe as a tool: its parameters by schema, its report as the result. */
export function recipeTool(recipe: Recipe): Tool {
  const { id: name, description, parameters } = recipe;
  const schema = schemaOfParameters(parameters);
  return { name, description, input: 'json', parameters: schema, returns: undefined, guest: undefined, recipe };
}

function exportName({ name, settings }: DeclaredTool): string {
  return typeof settings['export'] === 'string' ? settings['export'] : name;
}

function guestOf(tool: DeclaredTool, module: ModuleDescription): GuestTool | undefined {
  const [only, second] = module.tools;
  // A command has one way in, which its manifest may call by any name.
  if (only?.input === 'command' && second === undefined && tool.settings['export'] === undefined) return only;
  return findExport(module, exportName(tool));
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
