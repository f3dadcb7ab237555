import { join } from 'node:path';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { readCatalog } from '../../src/catalog/catalog.ts';
import type { CatalogEntry } from '../../src/catalog/entry.ts';
import { augment, type AugmentOptions } from '../../src/knowledge/augment.ts';
import type { ContextAugmentation } from '../../src/knowledge/augmentation.ts';
import { MatchCache } from '../../src/knowledge/match-cache.ts';
import { write } from '../runtime/folders.ts';

export const exactly = (text: string): number => countTokens(text, { disallowedSpecial: new Set() });

/** The entries of a directory in which skills whose ids begin with core. may be. */
export async function entriesOf(directory: string): Promise<readonly CatalogEntry[]> {
  const wanted = { directories: [directory], bundled: directory, cache: undefined, maker: 'test' };
  return (await readCatalog(wanted)).filter(({ ready }) => ready);
}

/** The context of a prompt from the skills of a directory. */
export async function contextOf(
  directory: string,
  prompt: string,
  options: AugmentOptions = {},
): Promise<ContextAugmentation> {
  const entries = await entriesOf(directory);
  return augment(prompt, entries, new MatchCache(undefined, '').open(entries), options);
}

export interface Written {
  readonly id: string;
  readonly topics?: readonly string[];
  readonly knowledge?: string;
  readonly description?: string;
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
}

/** Writes a skill of knowledge alone; `files` are below its folder. */
export function writeKnowledge(directory: string, skill: Written): string {
  const { id, topics = [], knowledge = '', description = `About ${id}`, files = {} } = skill;
  const folder = join(directory, id.slice(id.indexOf('.') + 1));
  const head = `[skill]\nid = "${id}"\nname = "${id}"\ndescription = ${JSON.stringify(description)}\nversion = "1.2.3"\napi_version = "1.0"\n`;
  write(folder, {
    'skill.toml': `${head}\n[knowledge]\ntopics = ${JSON.stringify(topics)}\n${knowledge}\n`,
    ...files,
  });
  return folder;
}

/** What stands between the marks of each skill, and what is left of a context without them and theirs. */
export function splitContext(context: string): { readonly bodies: readonly string[]; readonly outside: string } {
  const bodies: string[] = [];
  const outside = context.replace(
    /<skill id="([a-z0-9.-]+)" version="([0-9][\w.+-]*)" sha256="[0-9a-f]{16}" mark="([0-9a-f]{16})">\n([^]*?)\n<\/skill mark="\3">\n/g,
    (_whole, _id, _version, _mark, text: string) => {
      bodies.push(text);
      return '';
    },
  );
  return { bodies, outside };
}
