import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, realpathSync } from 'node:fs';
import { basename, join, resolve, sep } from 'node:path';
import { CEILINGS, inspectModule, quote, SkillError } from '../../host/index.ts';
import { checkFolder } from '../manifest/check-folder.ts';
import { withoutMark } from '../manifest/decode-text.ts';
import { MANIFEST_BYTES, MANIFEST_FILES, type ManifestFile } from '../manifest/format.ts';
import { isInside } from '../manifest/list-folder.ts';
import { loadFormat } from '../manifest/load-format.ts';
import { locateField } from '../manifest/locate.ts';
import type { Manifest, Problem } from '../manifest/manifest.ts';
import { parseManifest } from '../manifest/parse-manifest.ts';
import { findRecipeFiles } from '../recipe/find-recipes.ts';
import type { loadRecipes } from '../recipe/load-recipes.ts';
import { compilePattern } from '../recipe/pattern.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { recipeTool, resolveOtherTools, resolveTools, type Tool } from '../tool/tool.ts';
import { readCapped, TooLarge } from './read-capped.ts';
import type { ReadySkill, Skill } from './skill.ts';

/**
 * Loads the skill in a folder. Never throws for what the folder holds: a broken skill is returned as such.
 * @param options `folderName` is what to take for the folder's name, where that says nothing about the skill
 */
export async function loadSkill(
  dir: string,
  { folderName, ...options }: { readonly strict?: boolean; readonly folderName?: string } = {},
): Promise<Skill> {
  const path = resolve(dir);
  const fallbackId = folderName ?? basename(path);
  const file = findManifest(path);
  if (file === undefined) return { ready: false, id: fallbackId, path, problems: [noManifest(path)] };
  let source: Buffer;
  try {
    source = readCapped(insideOf(path, file), MANIFEST_BYTES[file]);
  } catch (error) {
    return { ready: false, id: fallbackId, path, problems: [unreadable(file, error)] };
  }
  const { manifest: written, problems } = await parseManifest(source, { file, folder: fallbackId, ...options });
  const manifest = written === undefined ? undefined : withBuiltModule(path, written);
  if (manifest === undefined) return { ready: false, id: fallbackId, path, problems };
  const all = [...problems, ...(await checkFolder(path, manifest))];
  const found = file === 'manifest.yaml' && manifest.tools.length > 0 && !manifest.executable ? [notBuilt()] : [];
  const loaded = hasErrors(all) ? undefined : await loadModule(path, manifest);
  found.push(...(loaded?.problems ?? []));
  const text = withoutMark(source.toString());
  all.push(...(await place(found, file, text)));
  const { recipes, sources, problems: wrong } = await loadRecipesOf(path, manifest);
  const { tools: others, problems: amiss } = resolveOtherTools(manifest, { dir: path, recipes });
  const tools = [...(loaded?.tools ?? []), ...others];
  amiss.push(...(await checkPatterns(manifest)));
  all.push(...(await place(amiss, file, text)), ...wrong, ...takenNames(recipes, tools));
  if (hasErrors(all) || loaded === undefined) return { ready: false, id: manifest.id, path, problems: all };
  const { id, name, description, version, aliases } = manifest;
  const scripts = tools.flatMap(({ action }) => ('script' in action && action.script ? [action.script.bytes] : []));
  const hash = digest(source, loaded.module?.bytes, ...sources, ...scripts);
  return {
    ready: true,
    id,
    name,
    description,
    version,
    aliases,
    path,
    manifest,
    hash,
    module: loaded.module,
    granted: {},
    fault: () => undefined,
    tools: [...tools, ...undeclared(recipes, tools).map(recipeTool)],
    recipes,
    problems: all,
  };
}

/** Loads a bare module as a skill without a manifest: it declares nothing, so a grant is all that limits it. */
export async function loadBareModule(file: string): Promise<ReadySkill> {
  const path = resolve(file);
  const bytes = readModule(path, file);
  const description = await inspectModule(bytes);
  const { tools } = resolveTools(undefined, description);
  const hash = digest(undefined, bytes);
  const name = basename(path).replace(/\.wasm$/, '');
  return {
    ready: true,
    // Its folders are named after the id: no other skill's, and no `..`. Ids of skills with a manifest have a dot.
    id: /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(name) ? name : `module-${hash.slice('sha256:'.length, 20)}`,
    name,
    description: `${description.kind} module`,
    version: '0.0.0',
    aliases: [],
    path,
    manifest: undefined,
    hash,
    module: { bytes, description },
    granted: {},
    fault: () => undefined,
    tools,
    recipes: [],
    problems: [],
  };
}

/** The skill SDK does not name its module in the manifest: its build puts it here. */
const BUILT_MODULE = 'bin/skill.wasm';

function withBuiltModule(dir: string, manifest: Manifest): Manifest {
  if (manifest.file !== 'manifest.yaml' || manifest.tools.length === 0) return manifest;
  if (!existsSync(join(dir, BUILT_MODULE))) return manifest;
  const executable = { module: BUILT_MODULE, exports: undefined, kind: undefined, reuse: false, config: new Map() };
  return { ...manifest, executable };
}

/** Their reader is loaded for skills that have some, and do not say that they have none. */
async function loadRecipesOf(dir: string, manifest: Manifest): ReturnType<typeof loadRecipes> {
  const { files } = findRecipeFiles(dir, manifest.recipes.files);
  if (files.length === 0 || manifest.provides.recipes === false) return { recipes: [], sources: [], problems: [] };
  return (await import('../recipe/load-recipes.ts')).loadRecipes(dir, files, manifest);
}

/** A recipe is a tool, so its id may be no tool's name: one of the two could never be called. */
function takenNames(recipes: readonly Recipe[], tools: readonly Tool[]): Problem[] {
  return recipes
    .filter((recipe) => tools.some(({ name, action }) => name === recipe.id && !isRecipe(action, recipe)))
    .map(({ id, file }) => ({
      severity: 'error',
      code: 'M_DUPLICATE',
      file,
      field: 'id',
      message: `the id ${quote(id)} is the name of a tool of this skill`,
      fix: 'choose another id',
    }));
}

/** Recipes that no tool of the manifest is. */
function undeclared(recipes: readonly Recipe[], tools: readonly Tool[]): Recipe[] {
  return recipes.filter(({ id }) => !tools.some(({ name }) => name === id));
}

/** Patterns of parameters that are none; RE2 is loaded where there are any. */
async function checkPatterns({ tools, file }: Manifest): Promise<Problem[]> {
  const written = tools.flatMap(({ patterns }, i) => [...patterns].map(([name, pattern]) => ({ i, name, pattern })));
  const problems: Problem[] = [];
  for (const { i, name, pattern } of written) {
    const compiled = await compilePattern(pattern);
    if (typeof compiled === 'function') continue;
    const field = file === 'skill.json' ? 'parameters' : `tools[${i}].parameters`;
    const message = `the pattern of ${quote(name)} ${compiled.wrong}`;
    problems.push({ severity: 'error', code: 'M_PATTERN', file, field, message, fix: 'write one that RE2 can match' });
  }
  return problems;
}

/** A tool may be the recipe of its name, with words of its own. */
function isRecipe(action: Tool['action'], recipe: Recipe): boolean {
  return action.type === 'recipe' && action.recipe === recipe;
}

/** Otherwise the tools of the manifest would not be there, and nothing said. */
function notBuilt(): Problem {
  return {
    severity: 'warning',
    code: 'M_TOOL_NO_MODULE',
    file: 'manifest.yaml',
    field: 'tools',
    message: `the tools have no module: there is no ${BUILT_MODULE}`,
    fix: `build the skill, and put its module at ${BUILT_MODULE}`,
  };
}

async function loadModule(
  dir: string,
  manifest: Manifest,
): Promise<Pick<ReadySkill, 'module' | 'tools'> & { readonly problems: Problem[] }> {
  const { executable, file } = manifest;
  if (executable === undefined) return { module: undefined, tools: [], problems: [] };
  try {
    const path = realpathSync(join(dir, executable.module));
    if (!path.startsWith(realpathSync(dir) + sep))
      throw new SkillError('E_MODULE', 'the module lies outside of the skill');
    const bytes = readModule(path, executable.module);
    const description = await inspectModule(bytes, executable.kind);
    const { tools, problems } = resolveTools(manifest, description);
    if (executable.reuse && description.kind !== 'component') problems.push(cannotKeep(description.kind, file));
    return { module: { bytes, description }, tools, problems };
  } catch (error) {
    const refused = asRefusal(error);
    const problem: Problem = {
      severity: 'error',
      code: refused.code.replace('E_', 'M_'),
      file,
      field: 'executable.module',
      message: `${executable.module}: ${refused.message}`,
      fix: refused.hint ?? 'rebuild the module',
    };
    return { module: undefined, tools: [], problems: [problem] };
  }
}

/** What went since the folder was checked is a fault of the folder. @throws the error that is a defect of ours */
function asRefusal(error: unknown): SkillError {
  if (error instanceof SkillError) return error;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall === undefined) throw error;
  return new SkillError('E_MODULE', `it cannot be read: ${code}`, { hint: 'check the path', cause: error });
}

function cannotKeep(kind: string, file: string): Problem {
  return {
    severity: 'error',
    code: 'M_REUSE',
    file,
    field: 'executable.reuse',
    message: `an instance can be kept of components only; the module is of kind ${kind}`,
    fix: 'remove reuse',
  };
}

function readModule(path: string, shown: string): Buffer {
  // What a run of it may have is known later, and less.
  const most = CEILINGS.module_mb.hard * 1024 * 1024;
  try {
    return readCapped(path, most);
  } catch (error) {
    if (error instanceof TooLarge) {
      throw new SkillError(
        'E_MODULE_LIMIT',
        `the module ${quote(shown)} is larger than module_mb can be, ${CEILINGS.module_mb.hard}`,
        {
          hint: 'strip the module of its debug information (wasm-tools strip, wasm-opt -Oz)',
          details: { limit: 'module_mb' },
        },
      );
    }
    const { code } = error as NodeJS.ErrnoException;
    throw new SkillError('E_NOT_FOUND', `the module ${quote(shown)} cannot be read: ${code ?? String(error)}`, {
      hint: 'check the path',
      cause: error,
    });
  }
}

/**
 * The file with its links followed. A manifest that leads out of its folder is not read: what is wrong with it would quote
 * a file of somebody else.
 */
function insideOf(dir: string, file: string): string {
  const path = realpathSync(join(dir, file));
  if (isInside(realpathSync(dir), path)) return path;
  throw Object.assign(new Error('a link out of the folder'), { code: "it is a link that leaves the skill's folder" });
}

function digest(...parts: readonly (Uint8Array | undefined)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    hash.update(part === undefined ? '-' : `${part.length}:`);
    if (part !== undefined) hash.update(part);
  }
  return `sha256:${hash.digest('hex')}`;
}

/** The manifest of a folder: of the formats it has, the first. Whatever has the name is it, also if it is no file. */
function findManifest(dir: string): ManifestFile | undefined {
  return MANIFEST_FILES.find((file) => {
    try {
      return lstatSync(join(dir, file), { throwIfNoEntry: false }) !== undefined;
    } catch {
      // A folder that may not be entered, or is none.
      return false;
    }
  });
}

function noManifest(dir: string): Problem {
  const names = namesIn(dir);
  const meant = names.find((name) => MANIFEST_FILES.some((file) => file.toLowerCase() === name.toLowerCase()));
  const right = MANIFEST_FILES.find((file) => file.toLowerCase() === meant?.toLowerCase());
  return {
    severity: 'error',
    code: 'M_MISSING',
    file: MANIFEST_FILES[0],
    message: `there is no manifest: none of ${MANIFEST_FILES.join(', ')}`,
    fix:
      right === undefined
        ? 'a skill is a folder with one of them; docs/formats.md shows each'
        : `rename ${quote(meant ?? '')} to ${right}`,
  };
}

function namesIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch {
    // No folder, so there is nothing in it that could be meant.
    return [];
  }
}

function unreadable(file: string, error: unknown): Problem {
  return {
    severity: 'error',
    code: 'M_UNREADABLE',
    file,
    message:
      error instanceof TooLarge
        ? `the manifest is too large: ${error.message}`
        : `it cannot be read: ${String((error as NodeJS.ErrnoException).code ?? error)}`,
    fix: 'a manifest is a regular file of at most 256 KiB, a SKILL.md of at most 1 MiB',
  };
}

function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some(({ severity }) => severity === 'error');
}

/** Adds line and column to problems that know their field alone. */
async function place(problems: readonly Problem[], file: ManifestFile, source: string): Promise<Problem[]> {
  const placed: Problem[] = [];
  for (const problem of problems) {
    const { field } = problem;
    const { loadPlaces } = await loadFormat(file);
    placed.push({ ...problem, ...(field !== undefined && (await locateField(source, field, loadPlaces))) });
  }
  return placed;
}
