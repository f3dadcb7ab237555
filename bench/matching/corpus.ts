import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MatchDocument } from '../../src/knowledge/match/index.ts';
import { PACKAGE } from '../kit/places.ts';

/** A skill to be found. */
export interface CatalogueLine {
  readonly name: string;
  readonly description: string;
  readonly body: string;
}

/** A prompt, and the skill it means; null when it means none. */
export interface PromptLine {
  readonly prompt: string;
  readonly expected: string | null;
}

export interface Corpus {
  readonly catalogue: readonly CatalogueLine[];
  readonly prompts: readonly PromptLine[];
}

const FOLDER = join(PACKAGE, 'test/corpus/skill-matching');
export const OWN_CATALOGUE = join(FOLDER, 'catalogue.jsonl');
export const OWN_PROMPTS = join(FOLDER, 'prompts.jsonl');

/** Reads two files of JSON lines. Of skills with one name the first counts. */
export function readCorpus(catalogue: string, prompts: string): Corpus {
  const byName = new Map<string, CatalogueLine>();
  for (const line of readLines(catalogue)) {
    const skill = { name: toText(line['name']), description: toText(line['description']), body: toText(line['body']) };
    if (!byName.has(skill.name)) byName.set(skill.name, skill);
  }
  return {
    catalogue: [...byName.values()],
    prompts: readLines(prompts).map((line) => ({
      prompt: toText(line['prompt']),
      expected: line['negative'] === true || typeof line['expected'] !== 'string' ? null : line['expected'],
    })),
  };
}

function readLines(path: string): Record<string, unknown>[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line.trim() !== '').map((line) => JSON.parse(line) as Record<string, unknown>);
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A skill as the index takes it: one without topics, as all with only a SKILL.md are. */
export function toDocument({ name, description, body }: CatalogueLine): MatchDocument {
  return {
    id: name,
    signature: '',
    name,
    description,
    body,
    keywords: [],
    topics: [],
    synonyms: new Map(),
    priority: 0,
    alwaysOn: false,
  };
}
