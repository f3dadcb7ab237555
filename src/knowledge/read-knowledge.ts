import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { splitFrontMatter } from '../manifest/format/front-matter.ts';
import { readWithin } from '../skill/read-within.ts';
import { type Section, splitSections } from './sections.ts';
import { stripInvisible } from './strip-invisible.ts';

/** One file of knowledge, cut at its headings. */
export interface KnowledgeFile {
  /** Relative to the skill's folder. */
  readonly path: string;
  /** In the context whenever the skill is; the others when they fit the prompt. */
  readonly isAlwaysIn: boolean;
  readonly sections: readonly Section[];
}

export interface Knowledge {
  readonly files: readonly KnowledgeFile[];
  /** Files that a model may ask for: `references/` of a `SKILL.md`. */
  readonly references: readonly string[];
  readonly warnings: readonly string[];
  readonly unreadable: readonly { readonly path: string; readonly why: string }[];
}

const CONTEXT = 'knowledge/prompts/context.md';
const OVERVIEW = 'knowledge/overview.md';
const ON_DEMAND = ['knowledge/concepts', 'knowledge/patterns', 'knowledge/prompts/specialized'];
const SKILL_FILE = 'SKILL.md';

/** The largest file of knowledge; a model would not be shown more of it anyhow. */
const MOST_BYTES = 1024 * 1024;
/** Of one skill. */
const MOST_FILES = 256;

/**
 * Reads what a skill knows, hidden characters taken out and told. A file that cannot be read is told, and the others are
 * read.
 * @param manifest the manifest's file: a `SKILL.md` is its own knowledge
 */
export async function readKnowledge(folder: string, manifest: string): Promise<Knowledge> {
  const reading = new Reading(folder);
  if (manifest === SKILL_FILE) {
    await reading.take(SKILL_FILE, true);
    return reading.knowledge(listMarkdown(folder, 'references'));
  }
  const hasContext = await reading.take(CONTEXT, true);
  for (const directory of ON_DEMAND)
    for (const path of listMarkdown(folder, directory)) await reading.take(path, false);
  // Written for people, so it is taken for the model only when nothing was written for that.
  if (!hasContext) await reading.take(OVERVIEW, true);
  return reading.knowledge([]);
}

class Reading {
  readonly #folder: string;
  readonly #files: KnowledgeFile[] = [];
  readonly #warnings: string[] = [];
  readonly #unreadable: { path: string; why: string }[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @returns whether the file is there */
  async take(path: string, isAlwaysIn: boolean): Promise<boolean> {
    if (this.#files.length >= MOST_FILES) return false;
    const source = await this.#read(path);
    if (source === undefined) return false;
    const { text, found, count } = stripInvisible(source);
    const [first] = found;
    if (first !== undefined) {
      const more = count > 1 ? ` and ${count - 1} more` : '';
      this.#warnings.push(`${path}:${first.line}:${first.column}: ${first.codePoint}${more} hidden, taken out`);
    }
    const sections = splitSections(path === SKILL_FILE ? bodyOf(text) : text).filter(
      (section) => section.text.trim() !== '',
    );
    if (sections.length > 0) this.#files.push({ path, isAlwaysIn, sections });
    return sections.length > 0;
  }

  knowledge(references: readonly string[]): Knowledge {
    return { files: this.#files, references, warnings: this.#warnings, unreadable: this.#unreadable };
  }

  async #read(path: string): Promise<string | undefined> {
    try {
      const bytes = await readWithin(this.#folder, path, MOST_BYTES);
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replaceAll('\r\n', '\n');
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT')
        this.#unreadable.push({ path, why: error instanceof TypeError ? 'it is not UTF-8' : message });
      return undefined;
    }
  }
}

/** The instructions of a `SKILL.md`. */
function bodyOf(text: string): string {
  const head = splitFrontMatter(text);
  return 'wrong' in head ? '' : head.body;
}

/** The Markdown files directly in a folder, in order. */
function listMarkdown(folder: string, directory: string): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(join(folder, directory), { withFileTypes: true });
  } catch {
    // A part of the knowledge that the skill does not have.
    return [];
  }
  return entries
    .filter(({ name }) => name.endsWith('.md'))
    .map(({ name }) => `${directory}/${name}`)
    .toSorted()
    .slice(0, MOST_FILES);
}
