import { join } from 'node:path';
import { type GuestTool, quote, SESSION_PROGRAMS } from '../../host/index.ts';
import type { DeclaredTool, JsonSchema, Problem } from '../manifest/manifest.ts';
import { nearest } from '../manifest/nearest.ts';
import type { ProgramSettings } from '../manifest/tool-settings.ts';
import { parseTemplate, type Resolve, type Template } from '../recipe/template.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { Action, Program } from './action.ts';
import { namesOf, parsePromptTemplate, type PromptTemplate } from './prompt-template.ts';
import { interpreterOf, readScript } from './script.ts';

/** Where a tool stands, for what is told of it. */
export interface Spot {
  readonly file: string;
  /** Of the tool, such as `tools[0]`; empty where the manifest is one tool. */
  readonly field: string;
  readonly problems: Problem[];
}

interface Surroundings {
  /** The skill's folder. */
  readonly dir: string;
  readonly recipes: readonly Recipe[];
}

/** What a declared tool comes to. Undefined, and told, when it comes to nothing; a tool of a module is found in there. */
export function resolveAction(tool: DeclaredTool, spot: Spot, { dir, recipes }: Surroundings): Action | undefined {
  const { settings } = tool;
  switch (settings.type) {
    case 'wasm':
      return undefined;
    case 'code_inline':
      return {
        type: settings.type,
        script: undefined,
        ...programOf(settings.command, [], tool, settings, spot),
      };
    case 'code_session':
      if (!SESSION_PROGRAMS.includes(settings.command))
        return tell(
          spot,
          'command',
          'M_SESSION',
          `there are no sessions of ${quote(settings.command)}`,
          `use one of ${SESSION_PROGRAMS.join(', ')}, or the type code_inline`,
        );
      return {
        type: settings.type,
        session: settings.session,
        ...programOf(settings.command, [], tool, settings, spot),
      };
    case 'script': {
      const path = join(dir, settings.script);
      const bytes = readScript(path);
      if (typeof bytes === 'string')
        return tell(spot, 'script', 'M_SCRIPT', `${settings.script}: ${bytes}`, 'check the path');
      const program = settings.interpreter ?? interpreterOf(settings.script, bytes);
      if (program === undefined)
        return tell(
          spot,
          'script',
          'M_SCRIPT',
          `${settings.script} does not say what runs it`,
          'write interpreter = "bash", or begin it with a line such as #!/usr/bin/env bash',
        );
      return { type: settings.type, script: { path, bytes }, ...programOf(program, [[path]], tool, settings, spot) };
    }
    case 'prompt_inline':
      return prompting(tool, spot, { field: 'prompt', text: settings.prompt }, (template) => ({
        type: settings.type,
        template,
        format: settings.outputFormat,
      }));
    case 'conversation': {
      const { contextFiles, model, contextWindow, promptTemplate: text } = settings;
      return prompting(tool, spot, { field: 'prompt_template', text }, (template) => ({
        type: settings.type,
        template,
        contextFiles,
        model,
        contextWindow,
      }));
    }
    case 'recipe': {
      const recipe = recipes.find(({ id }) => id === settings.recipe);
      if (recipe !== undefined) return { type: settings.type, recipe };
      const names = recipes.map(({ id }) => id);
      const fix = names.length === 0 ? 'put it into recipes/' : `it has ${names.slice(0, 20).join(', ')}`;
      return tell(spot, 'recipe', 'M_RECIPE', `the skill has no recipe ${quote(settings.recipe)}`, fix);
    }
  }
}

function prompting(
  { parameters }: DeclaredTool,
  spot: Spot,
  { field, text }: { readonly field: string; readonly text: string },
  make: (template: PromptTemplate) => Action,
): Action | undefined {
  const template = parsePromptTemplate(text);
  if ('wrong' in template) return tell(spot, field, 'M_TEMPLATE', `${field} ${template.wrong}`, template.fix);
  const names = namesOfSchema(parameters);
  // Where none are declared, the names in the text are what there is.
  const unknown = parameters === undefined ? undefined : namesOf(template).find((name) => !names.includes(name));
  if (unknown === undefined) return make(template);
  const fix = names.length === 0 ? 'declare it in its parameters' : `one of ${names.join(', ')}`;
  return tell(spot, field, 'M_UNKNOWN_NAME', `${field} names {${unknown}}, which is no parameter of the tool`, fix);
}

function programOf(
  program: string,
  before: readonly Template[],
  { parameters }: DeclaredTool,
  { args, environment, stdin, exitCodes, limits, sandbox }: ProgramSettings,
  spot: Spot,
): Program {
  const resolve = resolverOf(parameters);
  const template = (text: string, field: string): Template =>
    parseTemplate(text, resolve, ({ code, wrong, fix }) => tell(spot, field, code, `${field} ${wrong}`, fix));
  return {
    program,
    words: [...before, ...args.map((text, i) => template(text, `args[${i}]`))],
    variables: new Map([...environment].map(([name, text]) => [name, template(text, `environment.${name}`)])),
    stdin: stdin === undefined ? undefined : template(stdin, 'stdin'),
    exitCodes,
    limits,
    sandbox,
  };
}

/** The words of a command in a module, where its manifest says them. */
export function wordsOf(
  { settings, parameters }: DeclaredTool,
  guest: GuestTool,
  spot: Spot,
): readonly Template[] | undefined {
  if (settings.type !== 'wasm' || settings.args === undefined) return undefined;
  if (guest.input !== 'command')
    return tell(spot, 'args', 'M_ARGS', 'args are for commands, and this is a function', 'remove it');
  const known = resolverOf(parameters);
  const resolve: Resolve = (name) =>
    name.startsWith('env.') ? { wrong: 'a guest reads variables itself', fix: 'remove it' } : known(name);
  return settings.args.map((text, i) =>
    parseTemplate(text, resolve, ({ code, wrong, fix }) => tell(spot, `args[${i}]`, code, `args[${i}] ${wrong}`, fix)),
  );
}

/** Parameters by their names, and granted variables by `env.NAME`. */
function resolverOf(parameters: JsonSchema | undefined): Resolve {
  const names = namesOfSchema(parameters);
  return (name) => {
    if (name.startsWith('env.')) return { kind: 'env', name: name.slice('env.'.length) };
    if (names.includes(name)) return { kind: 'parameter', name };
    const meant = nearest(name, names);
    return {
      wrong: 'the tool has no parameter of that name',
      fix: meant === undefined ? 'declare it in its parameters' : `write {{${meant}}}`,
    };
  };
}

function namesOfSchema(parameters: JsonSchema | undefined): readonly string[] {
  return Object.keys((parameters?.['properties'] as object | undefined) ?? {});
}

function tell({ file, field, problems }: Spot, key: string, code: string, message: string, fix: string): undefined {
  problems.push({ severity: 'error', code, file, field: field === '' ? key : `${field}.${key}`, message, fix });
}
