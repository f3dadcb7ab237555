import { splitFrontMatter } from '../manifest/format/front-matter.ts';
import type { ReadySkill } from '../skill/skill.ts';
import { readWithin } from '../skill/read-within.ts';

/** What a skill tells the model, as markdown; empty for a skill that has nothing to say. */
export type ReadInstructions = (skill: ReadySkill) => Promise<string>;

const MAX_BYTES = 1024 * 1024;
const KNOWLEDGE = ['knowledge/prompts/context.md', 'knowledge/overview.md'];

/** The body of SKILL.md, otherwise what lies in knowledge/. */
export const readInstructions: ReadInstructions = async ({ manifest, path, fault }) => {
  if (manifest === undefined) return '';
  const text = await readAll(path);
  const wrong = fault();
  if (wrong !== undefined) throw new Error(wrong);
  return text;
};

async function readAll(path: string): Promise<string> {
  const skillFile = await readText(path, 'SKILL.md');
  if (skillFile !== undefined) {
    const head = splitFrontMatter(skillFile);
    return ('wrong' in head ? skillFile : head.body).trim();
  }
  const texts = await Promise.all(KNOWLEDGE.map((name) => readText(path, name)));
  return texts
    .flatMap((text) => text?.trim() ?? [])
    .filter((text) => text !== '')
    .join('\n\n');
}

/** Undefined for a file that is not there, or cannot be shown. */
async function readText(root: string, name: string): Promise<string | undefined> {
  try {
    return (await readWithin(root, name, MAX_BYTES))
      .toString()
      .replaceAll('\r\n', '\n')
      .replace(/^\ufeff/, '');
  } catch {
    return undefined;
  }
}
