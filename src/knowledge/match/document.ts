/** What a skill is found by. Read once, when it is new or its signature changed. */
export interface MatchDocument {
  /** Unique in an index. */
  readonly id: string;
  /** Changes whenever anything else in here does: a content hash, say. */
  readonly signature: string;
  readonly name: string;
  readonly description: string;
  readonly keywords: readonly string[];
  readonly topics: readonly string[];
  /** Other words for a topic. The topic itself need not be among `topics`. */
  readonly synonyms: ReadonlyMap<string, readonly string[]>;
  /** Higher goes first among matches of one rule. */
  readonly priority: number;
  readonly alwaysOn: boolean;
  /** The body of a SKILL.md, or nothing. */
  readonly body: string;
}

/**
 * What of a document counts; the rest of it is not read. A skill may be as long as it likes, but it may not make the
 * index slow for the others.
 */
export const CEILING = {
  documents: 100_000,
  nameChars: 256,
  descriptionChars: 4096,
  bodyChars: 65_536,
  keywords: 64,
  /** Topics and synonyms together. */
  phrases: 256,
  phraseChars: 80,
  wordChars: 64,
} as const;
