import type { Manifest, Problem } from '../manifest/manifest.ts';
import { findRecipeFiles } from '../recipe/find-recipes.ts';
import type { Recipe, Trigger } from '../recipe/recipe.ts';
import type { Grant } from '../policy/grant.ts';
import type { ReadySkill, Skill } from '../skill/skill.ts';
import type { Tool } from '../tool/tool.ts';

/** A tool as agents see it. */
export type ListedTool = Pick<Tool, 'name' | 'description' | 'input' | 'parameters' | 'returns'>;

/** A recipe as listings and contexts offer it. */
export type ListedRecipe = Pick<Recipe, 'id' | 'name' | 'description' | 'file'> & {
  readonly parameters: readonly string[];
  readonly triggers: readonly ListedTrigger[];
};

/** As in a recipe; a trigger without an intent has an empty one. */
export type ListedTrigger = Omit<Trigger, 'intent'> & { readonly intent: string };

/** One skill, as a listing shows it: read from an index, not from its folder. */
export interface CatalogEntry {
  /** The folder. */
  readonly path: string;
  /** The id; of a skill whose manifest cannot be read, the folder's name. */
  readonly id: string;
  readonly ready: boolean;
  /** Empty for a skill that is not ready, as all that follows. */
  readonly version: string;
  readonly description: string;
  readonly aliases: readonly string[];
  readonly tools: readonly string[];
  /** Ids of its recipes, which are among its tools as well. */
  readonly recipes: readonly string[];
  /** Changes whenever something changes that the entry was made of. */
  readonly signature: string;
  /** The rest; parsed when it is asked for. */
  readonly details: () => EntryDetails;
  /** Of a skill that was installed. */
  readonly installed?: InstalledEntry;
}

export interface InstalledEntry {
  /** What a person granted it. */
  readonly granted: Grant;
  /** What is wrong with its files, looked at now; undefined while they are those that were installed. */
  readonly fault: () => string | undefined;
}

export interface EntryDetails {
  readonly name: string;
  /** The manifest's file, which is its format. */
  readonly manifest: string;
  /** `sha256:…` of the manifest, the module and the recipes. */
  readonly hash: string;
  readonly keywords: readonly string[];
  readonly topics: readonly string[];
  readonly synonyms: readonly (readonly [topic: string, words: readonly string[]])[];
  readonly priority: number;
  readonly maxContextTokens: number;
  readonly alwaysOn: boolean;
  readonly tools: readonly ListedTool[];
  readonly recipes: readonly ListedRecipe[];
  readonly problems: readonly Problem[];
}

/** What the signature of a folder is made of. */
export interface Watched {
  /** The manifest's file. */
  readonly manifest: string;
  /** Paths in the folder of what else it was made of: the module, the recipes, the folders these lie in. */
  readonly parts: readonly string[];
  /** Depends on more than these, and so is read anew each time: what is broken, not built, or needs programs of the machine. */
  readonly isLive: boolean;
}

/** A skill as an index keeps it. */
export interface IndexedEntry extends CatalogEntry, Watched {
  /** The folder's name in its directory. */
  readonly folder: string;
}

type Described = Omit<IndexedEntry, 'path' | 'folder' | 'signature' | 'installed'>;

/** What an index holds of a skill that was loaded. */
export function describeSkill(skill: Skill): Described {
  if (!skill.ready) return { id: skill.id, ...NOTHING, details: () => ({ ...NO_DETAILS, problems: skill.problems }) };
  const { id, version, description, aliases, manifest } = skill;
  return {
    id,
    ready: true,
    version,
    description,
    aliases,
    tools: skill.tools.map(({ name }) => name),
    recipes: skill.recipes.map(({ id: recipe }) => recipe),
    manifest: manifest?.file ?? '',
    parts: partsOf(skill),
    isLive: needsPrograms(manifest) || isToBeBuilt(skill),
    details: () => ({
      name: skill.name,
      manifest: manifest?.file ?? '',
      hash: skill.hash,
      keywords: manifest?.keywords ?? [],
      topics: manifest?.knowledge.topics ?? [],
      synonyms: [...(manifest?.knowledge.synonyms ?? [])],
      priority: manifest?.knowledge.priority ?? 0,
      maxContextTokens: manifest?.knowledge.maxContextTokens ?? 0,
      alwaysOn: manifest?.knowledge.alwaysOn ?? false,
      tools: skill.tools.map(listTool),
      recipes: skill.recipes.map(listRecipe),
      problems: skill.problems,
    }),
  };
}

/** What a caller needs to know of a tool. */
export function listTool({ name, description, input, parameters, returns }: Tool): ListedTool {
  return { name, description, input, parameters, returns };
}

function listRecipe({ id, name, description, file, parameters, triggers }: Recipe): ListedRecipe {
  return {
    id,
    name,
    description,
    file,
    parameters: parameters.map((one) => one.name),
    triggers: triggers.map((trigger) => ({ ...trigger, intent: trigger.intent ?? '' })),
  };
}

function partsOf({ manifest, path }: ReadySkill): readonly string[] {
  if (manifest === undefined) return [];
  const { executable, recipes } = manifest;
  const found = findRecipeFiles(path, recipes.files);
  return [...(executable === undefined ? [] : [executable.module]), ...found.folders, ...found.files];
}

/** Tools without a module: the build of the skill SDK puts it where no manifest says. */
function isToBeBuilt({ manifest, module }: ReadySkill): boolean {
  return module === undefined && (manifest?.tools.length ?? 0) > 0;
}

/** As a skill that is not ready is listed. */
export function toBroken({ path, id, signature }: CatalogEntry): Omit<CatalogEntry, 'details'> {
  return { path, id, ready: false, version: '', description: '', aliases: [], tools: [], recipes: [], signature };
}

function needsPrograms(manifest: Manifest | undefined): boolean {
  const { requiredTools = [], optionalTools = [] } = manifest?.platform ?? {};
  return requiredTools.length + optionalTools.length > 0;
}

const NOTHING = {
  ready: false,
  version: '',
  description: '',
  aliases: [],
  tools: [],
  recipes: [],
  manifest: '',
  parts: [],
  isLive: true,
} as const;

/** Of a skill that is not ready. */
export const NO_DETAILS: EntryDetails = {
  name: '',
  manifest: '',
  hash: '',
  keywords: [],
  topics: [],
  synonyms: [],
  priority: 0,
  maxContextTokens: 0,
  alwaysOn: false,
  tools: [],
  recipes: [],
  problems: [],
};
