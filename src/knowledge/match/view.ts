import { readBlob } from './blob.ts';
import { FACTS, meanLengths, USES } from './encode.ts';
import { areOffsets, asF64, asU16, asU32 } from './numbers.ts';
import type { FieldLengths } from './record.ts';
import { StringTable, TABLE_SECTIONS } from './string-table.ts';

const SECTIONS = 4 * TABLE_SECTIONS + 18;

/**
 * An index where it lies in its blob. The shape of every section was checked; numbers inside may still point nowhere
 * when the blob was forged, so whoever follows one treats nothing found as nothing there.
 */
export interface IndexView {
  readonly count: number;
  readonly terms: StringTable;
  readonly strings: { readonly bytes: Uint8Array; readonly offsets: Uint32Array };
  readonly priorities: Float64Array;
  readonly facts: Uint32Array;
  readonly mean: FieldLengths;
  /** What stands in each document. */
  readonly forward: { readonly offsets: Uint32Array; readonly terms: Uint32Array; readonly counts: Uint16Array };
  readonly sequences: { readonly offsets: Uint32Array; readonly terms: Uint32Array };
  /** Where each term stands. */
  readonly inverted: { readonly offsets: Uint32Array; readonly holders: Uint32Array; readonly impacts: Uint16Array };
  readonly phrases: PhraseView;
}

export interface PhraseView {
  readonly uses: Uint32Array;
  readonly letters: StringTable;
  readonly usesOfLetters: Uint32Array;
  readonly masks: Uint32Array;
  readonly lengths: Uint32Array;
  readonly keys: StringTable;
  readonly keyOffsets: Uint32Array;
  readonly usesOfKeys: Uint32Array;
  readonly texts: StringTable;
}

/** Undefined when the bytes are not a whole index of this version. */
export function viewIndex(bytes: Uint8Array): IndexView | undefined {
  const sections = readBlob(bytes, SECTIONS);
  if (sections === undefined) return undefined;
  const queue = sections.values();
  const next = (): Uint8Array => queue.next().value ?? new Uint8Array();
  const u32 = (): Uint32Array | undefined => asU32(next());
  const table = (): StringTable | undefined => StringTable.open([next(), next(), next()]);

  const terms = table();
  const strings = { bytes: next(), offsets: u32() };
  const priorities = asF64(next());
  const facts = u32();
  const forward = { offsets: u32(), terms: u32(), counts: asU16(next()) };
  const sequences = { offsets: u32(), terms: u32() };
  const inverted = { offsets: u32(), holders: u32(), impacts: asU16(next()) };
  const phrases = readPhraseView(u32, table);
  if (terms === undefined || priorities === undefined || facts === undefined || phrases === undefined) return undefined;
  const count = priorities.length;
  if (facts.length !== count * FACTS) return undefined;
  if (!isParted(strings, count * 2, strings.bytes.length)) return undefined;
  if (!isParted(forward, count, forward.terms?.length) || !isParted(sequences, count, sequences.terms?.length))
    return undefined;
  if (!isParted(inverted, terms.size, inverted.holders?.length)) return undefined;
  if (!hasAll(strings) || !hasAll(forward) || !hasAll(sequences) || !hasAll(inverted)) return undefined;
  if (forward.counts.length !== forward.terms.length || inverted.impacts.length !== inverted.holders.length)
    return undefined;
  const mean = meanLengths(Array.from({ length: count }, (_, i) => lengthsIn(facts, i)));
  return { count, terms, strings, priorities, facts, mean, forward, sequences, inverted, phrases };
}

function readPhraseView(
  u32: () => Uint32Array | undefined,
  table: () => StringTable | undefined,
): PhraseView | undefined {
  const uses = u32();
  const letters = table();
  const [usesOfLetters, masks, lengths] = [u32(), u32(), u32()];
  const keys = table();
  const [keyOffsets, usesOfKeys] = [u32(), u32()];
  const view = { uses, letters, usesOfLetters, masks, lengths, keys, keyOffsets, usesOfKeys, texts: table() };
  if (!hasAll(view) || view.uses.length % USES !== 0) return undefined;
  const useCount = view.uses.length / USES;
  if (!areOffsets(view.usesOfLetters, view.letters.size, useCount)) return undefined;
  if (!areOffsets(view.keyOffsets, view.keys.size, view.usesOfKeys.length)) return undefined;
  return view.masks.length === view.letters.size && view.lengths.length === view.letters.size ? view : undefined;
}

function isParted(
  { offsets }: { readonly offsets: Uint32Array | undefined },
  parts: number,
  length: number | undefined,
): boolean {
  return offsets !== undefined && length !== undefined && areOffsets(offsets, parts, length);
}

type Whole<T> = { readonly [K in keyof T]: Exclude<T[K], undefined> };

function hasAll<T extends object>(parts: T): parts is T & Whole<T> {
  return Object.values(parts).every((part) => part !== undefined);
}

function lengthsIn(facts: Uint32Array, document: number): FieldLengths {
  const at = document * FACTS;
  return { name: facts[at] ?? 0, description: facts[at + 1] ?? 0, body: facts[at + 2] ?? 0 };
}

export function lengthsOf(view: IndexView, document: number): FieldLengths {
  return lengthsIn(view.facts, document);
}

export function isAlwaysOn(view: IndexView, document: number): boolean {
  return view.facts[document * FACTS + 3] === 1;
}

export function idOf(view: IndexView, document: number): string {
  return stringOf(view, document * 2);
}

export function signatureOf(view: IndexView, document: number): string {
  return stringOf(view, document * 2 + 1);
}

function stringOf({ strings: { bytes, offsets } }: IndexView, number: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(
    'utf8',
    offsets[number],
    offsets[number + 1],
  );
}

/** A use of a topic or synonym; undefined when the number is of none. */
export function useOf(
  { uses }: PhraseView,
  number: number,
): { document: number; text: number; topic: number; isSynonym: boolean; key: number } | undefined {
  const at = number * USES;
  const [document, text, topic, synonym, key] = uses.subarray(at, at + USES);
  if (document === undefined || text === undefined || topic === undefined || key === undefined) return undefined;
  return { document, text, topic, isSynonym: synonym === 1, key };
}
