import { SkillError } from '../../host/index.ts';
import type { CatalogEntry } from '../catalog/entry.ts';
import { assembleSkill } from './assemble.ts';
import type { ContextAugmentation, Dropped, OfferedRecipe, SkillUse } from './augmentation.ts';
import { createEstimate, loadTokenizer, type Tokenizer } from './count-tokens.ts';
import type { Assembled, Candidate } from './draft.ts';
import { labelSkill, PREFACE_TEXT } from './label.ts';
import { keyOf } from './match-cache.ts';
import type { MatchIndex, MatchReason } from './match/index.ts';
import { findTopics } from './rank-sections.ts';
import type { TriggerSurroundings } from './match-trigger.ts';
import { describeOffer, type FittingRecipe, fittingRecipes } from './offer-recipes.ts';
import { type Knowledge, readKnowledge } from './read-knowledge.ts';

export interface AugmentOptions {
  /** Tokens that the context may have; 8,000 by default. */
  readonly budget?: number;
  /** `exact` counts with the tokenizer o200k_base, which takes half a second to load; the default is an estimate. */
  readonly tokens?: 'estimate' | 'exact';
  /** Where the prompt is written, for recipes that look for files, variables or a system. Without it none is offered. */
  readonly surroundings?: TriggerSurroundings;
}

/** A skill that stands in the context, and how it got there. */
interface Chosen {
  readonly entry: CatalogEntry;
  readonly score: number;
  readonly why: readonly string[];
}

/** Of a prompt; what one skill takes is bounded by itself. */
const DEFAULT_BUDGET = 8_000;
/** So that however many are always on, few of their files are open. */
const AT_ONCE = 8;

/**
 * Finds what skills know about a prompt and puts it together within a budget. Nothing when no skill fits.
 * @throws SkillError E_USAGE for a budget that is no number of tokens
 */
export async function augment(
  prompt: string,
  entries: readonly CatalogEntry[],
  index: MatchIndex,
  options: AugmentOptions = {},
): Promise<ContextAugmentation> {
  const budget = options.budget ?? DEFAULT_BUDGET;
  if (!Number.isSafeInteger(budget) || budget < 0)
    throw new SkillError('E_USAGE', `a budget is a whole number of tokens, not ${budget}`, {
      hint: `such as ${DEFAULT_BUDGET}`,
    });
  const tokenizer = options.tokens === 'exact' ? await loadTokenizer() : createEstimate();
  const chosen = choose(prompt, entries, index);
  const together = await putTogether(prompt, chosen, budget, tokenizer);
  if (options.surroundings === undefined) return together;
  const preferred = new Set(chosen.map(({ entry }) => entry));
  return offer(together, fittingRecipes(prompt, entries, options.surroundings, preferred), budget, tokenizer);
}

/** What is always on, then what the prompt means, best first. */
function choose(prompt: string, entries: readonly CatalogEntry[], index: MatchIndex): readonly Chosen[] {
  const byKey = new Map(entries.map((entry) => [keyOf(entry), entry]));
  const standing = index.alwaysOn.flatMap((key) => byKey.get(key) ?? []);
  const always = standing.map((entry) => ({ entry, score: 1, why: ['it is always on'] }));
  const isLeft = (key: string): boolean => byKey.has(key) && !standing.some((entry) => keyOf(entry) === key);
  const matches = index.match(prompt, { only: isLeft });
  const matched = matches.flatMap(({ id, score, reasons }) => {
    const entry = byKey.get(id);
    return entry === undefined ? [] : [{ entry, score, why: reasons.map(describeReason) }];
  });
  return [...always, ...matched];
}

/** Which words of a prompt hit what of a skill, in a sentence. */
export function describeReason({ rule, field, word, target, topic }: MatchReason): string {
  const what =
    topic === undefined
      ? `its ${field} ${JSON.stringify(target)}`
      : `${JSON.stringify(target)}, a word for its topic ${JSON.stringify(topic)}`;
  if (rule === 'fuzzy') return `${JSON.stringify(word)} is close to ${what}`;
  return rule === 'text' ? `${JSON.stringify(word)} stands in its ${field}` : `${JSON.stringify(word)} is ${what}`;
}

async function putTogether(
  prompt: string,
  chosen: readonly Chosen[],
  budget: number,
  tokenizer: Tokenizer,
): Promise<ContextAugmentation> {
  const skills: SkillUse[] = [];
  const dropped: Dropped[] = [];
  const warnings: string[] = [];
  let text = '';
  let count = 0;
  for await (const { score, why, candidate } of readAll(chosen, prompt)) {
    const { id, version, hash, knowledge } = candidate;
    warnings.push(...knowledge.warnings.map((warning) => `${id} ${warning}`));
    for (const { path, why: reason } of knowledge.unreadable) dropped.push({ what: `${id} ${path}`, why: reason });
    const before = text === '' ? PREFACE_TEXT : `${text}\n`;
    const assembled = assembleWithin(candidate, prompt, { before, budget, tokenizer });
    dropped.push(...assembled.dropped);
    if (assembled.text === '') continue;
    text = before + assembled.text;
    count = tokenizer.count(text);
    skills.push({ id, version, hash, score, why, files: assembled.files, tokens: assembled.tokens });
  }
  return { systemContext: text, tokens: { count, tokenizer: tokenizer.name }, skills, recipes: [], dropped, warnings };
}

/** Adds the recipes that fit, each where it still has room: what it is, between the marks of its skill. */
function offer(
  together: ContextAugmentation,
  fitting: readonly FittingRecipe[],
  budget: number,
  tokenizer: Tokenizer,
): ContextAugmentation {
  let { systemContext: text } = together;
  const recipes: OfferedRecipe[] = [];
  const dropped = [...together.dropped];
  for (const { entry, why: _why, ...recipe } of fitting) {
    const label = { id: entry.id, version: entry.version, hash: entry.details().hash, texts: [], references: [] };
    const block = labelSkill({ ...label, description: describeOffer(recipe) });
    const grown = `${text === '' ? PREFACE_TEXT : `${text}\n`}${block}`;
    if (tokenizer.count(grown) > budget) {
      dropped.push({ what: `${entry.id} recipe ${recipe.id}`, why: 'it does not fit the budget' });
      continue;
    }
    text = grown;
    recipes.push(recipe);
  }
  const { name } = tokenizer;
  return {
    ...together,
    systemContext: text,
    tokens: { count: tokenizer.count(text), tokenizer: name },
    recipes,
    dropped,
  };
}

/** What stands before a text and the text may cost more together than alone: then it gets so much less. */
function assembleWithin(
  candidate: Candidate,
  prompt: string,
  { before, budget, tokenizer }: { readonly before: string; readonly budget: number; readonly tokenizer: Tokenizer },
): Assembled {
  for (let room = budget - tokenizer.count(before); ;) {
    const assembled = assembleSkill(candidate, prompt, room, tokenizer);
    const excess = assembled.text === '' ? 0 : tokenizer.count(before + assembled.text) - budget;
    if (excess <= 0) return assembled;
    room -= excess;
  }
}

/** What the chosen skills know, in their order. Some are read at once: each takes many steps, and most of those are waits. */
async function* readAll(
  chosen: readonly Chosen[],
  prompt: string,
): AsyncGenerator<Chosen & { readonly candidate: Candidate }> {
  for (let from = 0; from < chosen.length; from += AT_ONCE) {
    const some = chosen.slice(from, from + AT_ONCE);
    const candidates = some.map(async (one) => ({ ...one, candidate: await toCandidate(one.entry, prompt) }));
    yield* await Promise.all(candidates);
  }
}

async function toCandidate(entry: CatalogEntry, prompt: string): Promise<Candidate> {
  const { path, id, version, description, details } = entry;
  const { hash, maxContextTokens: most, manifest, topics, synonyms } = details();
  const fault = entry.installed?.fault();
  const knowledge = fault === undefined ? await readKnowledge(path, manifest) : notRead(manifest, fault);
  return { id, version, hash, description, most, knowledge, topics: findTopics(prompt, topics, synonyms) };
}

/** What a skill knows whose files are not those that were installed: nothing. */
function notRead(path: string, why: string): Knowledge {
  return { files: [], references: [], warnings: [], unreadable: [{ path, why }] };
}
