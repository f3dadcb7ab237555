import type { ModuleDescription } from '../../host/index.ts';
import type { Manifest, Problem } from '../manifest/manifest.ts';
import type { Grant } from '../policy/grant.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { Tool } from '../tool/tool.ts';

/** A skill as it was found: one that can run, or one that cannot and why. */
export type Skill = ReadySkill | BrokenSkill;

export interface ReadySkill {
  readonly ready: true;
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly version: string;
  readonly aliases: readonly string[];
  /** The folder, or the file of a bare module. */
  readonly path: string;
  /** Undefined for a bare module. */
  readonly manifest: Manifest | undefined;
  /** `sha256:…` over the manifest, the module and the recipes: what runs, and nothing else. */
  readonly hash: string;
  readonly module: { readonly bytes: Uint8Array; readonly description: ModuleDescription } | undefined;
  /** What a person granted when it was installed, or later; nothing to a skill that is not installed. */
  readonly granted: Grant;
  /** What is wrong with its files now; undefined while they are those that were installed, and of any other skill. */
  readonly fault: () => string | undefined;
  readonly tools: readonly Tool[];
  readonly recipes: readonly Recipe[];
  /** Warnings. */
  readonly problems: readonly Problem[];
}

export interface BrokenSkill {
  readonly ready: false;
  /** The id, where the manifest could be read so far; otherwise the folder's name. */
  readonly id: string;
  readonly path: string;
  readonly problems: readonly Problem[];
}
