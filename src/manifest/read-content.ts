import type { Manifest } from './manifest.ts';
import { nearest } from './nearest.ts';
import type { TableReader } from './table-reader.ts';
import { checkInnerPath, checkLabel, checkPackageName, checkVersion } from './text-checks.ts';

const U32_MAX = 2 ** 32 - 1;
const PARTS = ['knowledge', 'recipes', 'executable'] as const;

/** `[provides]`: parts of the skill, and virtual packages by every other name. */
export function readProvides(root: TableReader): Manifest['provides'] {
  const provides = root.section('provides');
  const virtual = new Map<string, string>();
  for (const name of provides.names()) {
    if (PARTS.some((part) => part === name)) continue;
    if (hintPart(name, provides) || reportName(name, provides)) continue;
    const version = provides.text(name, checkVersion);
    if (version !== undefined) virtual.set(name, version);
  }
  return {
    knowledge: provides.flag('knowledge'),
    recipes: provides.flag('recipes'),
    executable: provides.flag('executable'),
    virtual,
  };
}

/** A boolean under an unknown name is a misspelt part, not a virtual package. */
function hintPart(name: string, provides: TableReader): boolean {
  if (typeof provides.value(name) !== 'boolean') return false;
  const meant = nearest(name, PARTS);
  const fix = meant === undefined ? 'give a virtual package a version, such as "1.2.0"' : `write ${meant} instead`;
  provides.wrongType(name, `a version, since only ${PARTS.join(', ')} are true or false`, fix);
  return true;
}

/** Reports a key that is no package name. */
export function reportName(name: string, reader: TableReader): boolean {
  const fault = checkPackageName(name);
  if (fault !== undefined) reader.keyFault(name, fault);
  return fault !== undefined;
}

/** `[knowledge]`: what the skill knows about. */
export function readKnowledge(root: TableReader, ownId: string): Manifest['knowledge'] {
  const knowledge = root.section('knowledge');
  const fields = {
    topics: knowledge.texts('topics', checkLabel(64)) ?? [],
    synonyms: readSynonyms(knowledge.section('synonyms')),
    priority: knowledge.whole('priority', { min: 0, max: U32_MAX }) ?? 50,
    maxContextTokens: knowledge.whole('max_context_tokens', { min: 0, max: U32_MAX }) ?? 1_000,
    alwaysOn: knowledge.flag('always_on') ?? false,
  };
  if (fields.alwaysOn && !ownId.startsWith('core.')) reportAlwaysOn(knowledge);
  knowledge.finish();
  return fields;
}

/** A stranger's skill must not be able to stand in every prompt. */
function reportAlwaysOn(knowledge: TableReader): void {
  const message = 'knowledge.always_on is for bundled skills, whose ids start with core.';
  const fix = 'remove it, and name the topics at which the skill should be there';
  knowledge.report.error({ code: 'M_ALWAYS_ON', path: knowledge.at('always_on'), message, fix });
}

function readSynonyms(synonyms: TableReader): ReadonlyMap<string, readonly string[]> {
  const byTopic = new Map<string, readonly string[]>();
  const checkTopic = checkLabel(64);
  for (const topic of synonyms.names()) {
    const fault = checkTopic(topic);
    if (fault !== undefined) synonyms.keyFault(topic, fault);
    byTopic.set(topic, synonyms.texts(topic, checkTopic) ?? []);
  }
  return byTopic;
}

/** `[recipes]`: which files are recipes, and how often their steps ask. */
export function readRecipes(root: TableReader): Manifest['recipes'] {
  const recipes = root.section('recipes');
  const fields = {
    files: recipes.texts('files', checkInnerPath) ?? ['recipes/*.yaml'],
    defaultConfirmation: recipes.oneOf('default_confirmation', ['auto', 'prompt', 'always']) ?? ('prompt' as const),
  };
  recipes.finish();
  return fields;
}
