import type { Dropped } from './augmentation.ts';
import type { Tokenizer } from './count-tokens.ts';
import { type LabelledText, labelSkill } from './label.ts';
import type { Piece } from './rank-sections.ts';
import type { Knowledge, KnowledgeFile } from './read-knowledge.ts';

/** A skill that fits the prompt, and what it may take. */
export interface Candidate {
  readonly id: string;
  readonly version: string;
  readonly hash: string;
  readonly description: string;
  /** In tokens. */
  readonly most: number;
  readonly knowledge: Knowledge;
  /** Topics that the prompt means, in the skill's own words. */
  readonly topics: readonly string[];
}

export interface Assembled {
  /** Empty when not even the description fits. */
  readonly text: string;
  readonly tokens: number;
  readonly files: readonly string[];
  readonly dropped: readonly Dropped[];
}

/** A whole costs a little less or more than its parts: the digits of its mark change. */
const GUESS_ERROR = 16;
/** So often the whole is counted to see whether one more section fits after all. */
const MOST_MISSES = 32;
/** So many sections are told by name; of more, their number. */
const MOST_TOLD = 100;

/**
 * The text of one skill, which grows by sections while it stays within its limit. The whole is counted when the limit is
 * near: counting it for each section would take the square of its length.
 */
export class Draft {
  readonly #skill: Candidate;
  readonly #limit: number;
  /** Who sets the limit. */
  readonly #whose: string;
  readonly #tokenizer: Tokenizer;
  readonly #dropped: Dropped[] = [];
  readonly #taken: Piece[] = [];
  readonly #begun = new Set<KnowledgeFile>();
  #references: readonly string[];
  #text = '';
  #tokens = 0;
  /** Whether the text and its tokens are those of what was taken, and no guess. */
  #isCounted = false;
  #misses = 0;
  #untold = 0;

  constructor(skill: Candidate, room: number, tokenizer: Tokenizer) {
    this.#skill = skill;
    this.#limit = Math.min(room, skill.most);
    this.#whose = skill.most <= room ? `the skill's max_context_tokens = ${skill.most}` : 'the budget';
    this.#tokenizer = tokenizer;
    this.#references = skill.knowledge.references;
  }

  /** @returns whether the description fits, without which nothing is taken */
  begin(): boolean {
    this.#count();
    const needed = this.#tokens;
    if (needed > this.#limit && this.#references.length > 0) {
      this.#references = [];
      this.#isCounted = false;
      this.#count();
      if (this.#tokens <= this.#limit) this.#drop('references', needed - this.#tokens);
    }
    if (this.#tokens <= this.#limit) return true;
    const least = this.#tokens;
    [this.#text, this.#tokens] = ['', 0];
    this.#drop('', least);
    return false;
  }

  offer(piece: Piece): void {
    const { file } = piece;
    const header = this.#begun.has(file) ? '' : `[${file.path}]\n`;
    const cost = this.#tokenizer.count(header + textOf(piece)) + 1;
    if (this.#tokens + cost > this.#limit - GUESS_ERROR) this.#count();
    const guess = this.#tokens + cost;
    if (guess <= this.#limit - GUESS_ERROR) {
      this.#take(piece);
      [this.#tokens, this.#isCounted] = [guess, false];
    } else if (guess > this.#limit + GUESS_ERROR || this.#misses >= MOST_MISSES || !this.#takeIfItFits(piece)) {
      this.#drop(nameOf(piece), cost);
    }
  }

  finish(): Assembled {
    this.#count();
    while (this.#tokens > this.#limit && this.#taken.length > 0) this.#giveBack();
    const more = { what: `${this.#skill.id}: ${this.#untold} more sections`, why: `no room is left in ${this.#whose}` };
    return {
      text: this.#text,
      tokens: this.#tokens,
      files: [...new Set(this.#taken.map(({ file }) => file.path))],
      dropped: this.#untold === 0 ? this.#dropped : [...this.#dropped, more],
    };
  }

  #take(piece: Piece): void {
    this.#taken.push(piece);
    this.#begun.add(piece.file);
  }

  #takeIfItFits(piece: Piece): boolean {
    const text = label(this.#skill, [...this.#taken, piece], this.#references);
    const tokens = this.#tokenizer.count(text);
    if (tokens > this.#limit) {
      this.#misses += 1;
      return false;
    }
    this.#take(piece);
    [this.#text, this.#tokens] = [text, tokens];
    return true;
  }

  #count(): void {
    if (this.#isCounted) return;
    this.#text = label(this.#skill, this.#taken, this.#references);
    this.#tokens = this.#tokenizer.count(this.#text);
    this.#isCounted = true;
  }

  /** The whole came to more than its parts. */
  #giveBack(): void {
    const piece = this.#taken.pop();
    const before = this.#tokens;
    this.#isCounted = false;
    this.#count();
    if (piece !== undefined) this.#drop(nameOf(piece), before - this.#tokens);
  }

  #drop(part: string, tokens: number): void {
    if (this.#dropped.length >= MOST_TOLD) {
      this.#untold += 1;
      return;
    }
    const { id } = this.#skill;
    const left = Math.max(this.#limit - this.#tokens, 0);
    const why = `it takes ${tokens} tokens, and ${left} are left of ${this.#whose}`;
    this.#dropped.push({ what: part === '' ? id : `${id} ${part}`, why });
  }
}

function label(skill: Candidate, taken: readonly Piece[], references: readonly string[]): string {
  const { id, version, hash, description, knowledge } = skill;
  const byFile = new Map<KnowledgeFile, Piece[]>();
  for (const piece of taken) {
    const pieces = byFile.get(piece.file);
    if (pieces === undefined) byFile.set(piece.file, [piece]);
    else pieces.push(piece);
  }
  const texts: LabelledText[] = [];
  for (const file of knowledge.files) {
    const sections = (byFile.get(file) ?? []).toSorted((a, b) => a.at - b.at);
    if (sections.length > 0) texts.push({ path: file.path, text: sections.map(textOf).join('\n\n') });
  }
  return labelSkill({ id, version, hash, description, texts, references });
}

/** A section whole, without the empty lines around it. */
function textOf({ section }: Piece): string {
  return section.text.replace(/^(?:[ \t]*\n)+/, '').trimEnd();
}

function nameOf({ file, section }: Piece): string {
  return section.heading === '' ? file.path : `${file.path}, ${JSON.stringify(section.heading)}`;
}
