/** Stands between the parts of a sequence. */
export const BREAK = 0xffff_ffff;

/** A topic or a synonym of one. */
export interface Phrase {
  /** As written. */
  readonly text: string;
  /** The topic it stands for; itself, when it is one. */
  readonly topic: string;
  readonly isSynonym: boolean;
  /** Its words by their stems, for finding it exactly. */
  readonly key: string;
  /** Its words as they are, for finding it nearly. */
  readonly letters: string;
}

/** A document after it was read: all the index keeps of it. Terms are numbers of a vocabulary. */
export interface DocumentRecord {
  readonly id: string;
  readonly signature: string;
  readonly priority: number;
  readonly alwaysOn: boolean;
  readonly lengths: FieldLengths;
  /** The terms of all fields, each once, in the order of the text. */
  readonly terms: Uint32Array;
  /** How often each of them stands where; see `packCounts`. */
  readonly counts: Uint16Array;
  /** The terms of name, purpose and exclusions in their order, with breaks between. */
  readonly sequence: Uint32Array;
  readonly phrases: readonly Phrase[];
}

/** Words per field. */
export interface FieldLengths {
  readonly name: number;
  readonly description: number;
  readonly body: number;
}

/**
 * How often a term stands in the name (with keywords and topics), the description and the body, in 16 bits; more than
 * fit count as what fits.
 */
export function packCounts(name: number, description: number, body: number): number {
  return (Math.min(name, 7) << 13) | (Math.min(description, 31) << 8) | Math.min(body, 255);
}

export function countInName(packed: number): number {
  return packed >>> 13;
}

export function countInDescription(packed: number): number {
  return (packed >>> 8) & 31;
}

export function countInBody(packed: number): number {
  return packed & 255;
}
