import { randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PROOF = /^\.[0-9a-f]{32}$/;

/** The name of a file that nobody has made yet. */
export function newProof(): string {
  return `.${randomBytes(16).toString('hex')}`;
}

/** Makes the file that was asked for. @returns what takes it away; undefined for no such name */
export function giveProof(folder: string, proof: unknown): (() => void) | undefined {
  if (typeof proof !== 'string' || !PROOF.test(proof)) return undefined;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, proof);
  writeFileSync(path, '', { flag: 'wx', mode: 0o600 });
  return () => rmSync(path, { force: true });
}

/** Whether the file was made, which is taken away. */
export function takeProof(folder: string, proof: string): boolean {
  const path = join(folder, proof);
  const isThere = lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
  if (isThere) rmSync(path, { force: true });
  return isThere;
}
