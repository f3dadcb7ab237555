import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { hasInvisible } from '../../host/index.ts';
import { splitFrontMatter } from '../manifest/format/front-matter.ts';
import { NotReadable, readWithin } from '../skill/read-within.ts';
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
/** Of one skill, since all of it is looked through for every prompt it fits. */
const MOST_FILES = 256;
const MOST_TOTAL_BYTES = 4 * 1024 * 1024;
const MOST_SECTIONS = 4_096;

/**
 * Reads what a skill knows, hidden characters taken out and told. A file that cannot be read, or is too much, is told, and
 * the others are read.
 * @param manifest the manifest's file: a `SKILL.md` is its own knowledge
 */
export async function readKnowledge(folder: string, manifest: string): Promise<Knowledge> {
  const reading = new Reading(folder);
  if (manifest === SKILL_FILE) {
    await reading.take(SKILL_FILE, true);
    return reading.knowledge(reading.list('references'));
  }
  // The overview is written for people, so it is taken only when nothing was written for the model.
  if (!(await reading.take(CONTEXT, true))) await reading.take(OVERVIEW, true);
  for (const directory of ON_DEMAND) for (const path of reading.list(directory)) await reading.take(path, false);
  return reading.knowledge([]);
}

class Reading {
  readonly #folder: string;
  readonly #files: KnowledgeFile[] = [];
  readonly #warnings: string[] = [];
  readonly #unreadable: { path: string; why: string }[] = [];
  #bytes = 0;
  #sections = 0;
  /** Files for which there was no room. */
  #leftOut = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The Markdown files directly in a folder, in order. */
  list(directory: string): readonly string[] {
    const names = namesIn(join(this.#folder, directory)).filter((name) => name.endsWith('.md'));
    const paths = names.map((name) => `${directory}/${name}`);
    const [hidden, ...others] = paths.filter(hasInvisible);
    const more = others.length > 0 ? `, as do ${others.length} more` : '';
    if (hidden !== undefined) this.#unreadable.push({ path: hidden, why: `its name holds hidden characters${more}` });
    return paths.filter((path) => !hasInvisible(path)).toSorted();
  }

  /** @returns whether the file is there, with a text in it */
  async take(path: string, isAlwaysIn: boolean): Promise<boolean> {
    if (this.#files.length >= MOST_FILES || this.#sections >= MOST_SECTIONS || this.#bytes >= MOST_TOTAL_BYTES) {
      if (isThere(join(this.#folder, path))) this.#leftOut += 1;
      return false;
    }
    const source = await this.#read(path);
    if (source === undefined) return false;
    this.#bytes += source.length;
    const { text, found, count } = stripInvisible(source);
    const [first] = found;
    if (first !== undefined) {
      const more = count > 1 ? ` and ${count - 1} more` : '';
      this.#warnings.push(`${path}:${first.line}:${first.column}: ${first.codePoint}${more} hidden, taken out`);
    }
    const sections = splitSections(path === SKILL_FILE ? bodyOf(text) : text).filter(
      (section) => section.text.trim() !== '',
    );
    const room = MOST_SECTIONS - this.#sections;
    if (sections.length > room)
      this.#unreadable.push({ path, why: `it has ${sections.length} sections, of which the first ${room} are read` });
    this.#sections += sections.length;
    if (sections.length > 0) this.#files.push({ path, isAlwaysIn, sections: sections.slice(0, room) });
    return sections.length > 0;
  }

  knowledge(references: readonly string[]): Knowledge {
    this.#leftOut += Math.max(references.length - MOST_FILES, 0);
    const most = `${MOST_FILES} files, ${MOST_SECTIONS} sections or ${MOST_TOTAL_BYTES / 2 ** 20} MiB`;
    const rest = { path: `${this.#leftOut} more files`, why: `a skill has more knowledge than ${most}` };
    const unreadable = this.#leftOut === 0 ? this.#unreadable : [...this.#unreadable, rest];
    return { files: this.#files, references: references.slice(0, MOST_FILES), warnings: this.#warnings, unreadable };
  }

  async #read(path: string): Promise<string | undefined> {
    try {
      const bytes = await readWithin(this.#folder, path, MOST_BYTES);
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replaceAll('\r\n', '\n');
    } catch (error) {
      const why = this.#reasonOf(error, path);
      if (why !== undefined) this.#unreadable.push({ path, why });
      return undefined;
    }
  }

  /** Undefined for a file that is not there. */
  #reasonOf(error: unknown, path: string): string | undefined {
    if (error instanceof NotReadable) return error.message;
    if (error instanceof TypeError) return 'it is not UTF-8';
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') return `it cannot be read: ${code ?? String(error)}`;
    return isThere(join(this.#folder, path)) ? 'it is a link that leads nowhere' : undefined;
  }
}

/** The instructions of a `SKILL.md`. */
function bodyOf(text: string): string {
  const head = splitFrontMatter(text);
  return 'wrong' in head ? '' : head.body;
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    // A part of the knowledge that the skill does not have.
    return [];
  }
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // Gone with the folder it was in.
    return false;
  }
}
