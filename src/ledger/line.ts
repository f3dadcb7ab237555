import { hash } from 'node:crypto';
import { hasInvisible } from '../../host/index.ts';

/** Longer than any line written here: 2 KiB of resource and fourteen short texts with every character escaped. */
export const MAX_LINE = 64 * 1024;

/** What the first link of a chain names as the one before. */
export const GENESIS = '0'.repeat(64);

/** The end of every line. The quotes cannot stand unescaped inside a JSON string, so no text can imitate it. */
const SUM = /^,"sum":"([0-9a-f]{64})"\}$/;
const SUM_LENGTH = 74;

export interface LineFields {
  readonly seq: number;
  /** The sum of the line before. */
  readonly prev: string;
  readonly [name: string]: unknown;
}

/** One line whose `sum` fits its bytes. */
export interface IntactLine {
  readonly fields: LineFields;
  readonly sum: string;
}

/**
 * Writes `seq`, `prev` and the fields as one line of JSON that ends in the SHA-256 of all before it. A line thus proves
 * itself, also while no later line names it.
 */
export function writeLine(fields: LineFields): { readonly bytes: Buffer; readonly sum: string } {
  const body = escapeInvisibleJson(JSON.stringify(fields)).slice(0, -1);
  const sum = hash('sha256', body);
  return { bytes: Buffer.from(`${body},"sum":"${sum}"}\n`), sum };
}

/** Reads one line without its line end; undefined when it is not, byte for byte, what `writeLine` wrote. */
export function parseLine(bytes: Buffer): IntactLine | undefined {
  const sum = SUM.exec(bytes.toString('latin1', Math.max(0, bytes.length - SUM_LENGTH)))?.[1];
  if (sum === undefined || hash('sha256', bytes.subarray(0, -SUM_LENGTH)) !== sum) return undefined;
  const fields = parseObject(bytes.toString('utf8'));
  if (fields === undefined) return undefined;
  const { seq, prev } = fields;
  return isCount(seq) && typeof prev === 'string' ? { fields: { ...fields, seq, prev }, sum } : undefined;
}

/** True for a whole number from 0 that JSON keeps exact. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Invisible characters occur in JSON only inside strings, where `\uXXXX` means the same. */
function escapeInvisibleJson(json: string): string {
  if (!hasInvisible(json)) return json;
  return Array.from(json, (c) => (hasInvisible(c) ? escapeUnits(c) : c)).join('');
}

function escapeUnits(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
