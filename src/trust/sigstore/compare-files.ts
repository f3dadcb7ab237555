import { createHash } from 'node:crypto';
import { quote } from '../../../host/index.ts';
import type { RawFile } from '../../tree/raw-file.ts';
import { refusal, type TrustReason } from '../reasons.ts';
import { SIGNATURE_FILES } from '../statement.ts';

/**
 * Compares a signed list with the files there are: each must be in it with its digest, and it may name no other, except
 * signature files and what git keeps, which are no part of a tree. @throws SkillError E_SIGNATURE
 */
export function compareFiles(where: string, list: ReadonlyMap<string, string>, files: readonly RawFile[]): void {
  for (const { path, bytes } of files) {
    const digest = list.get(path);
    if (digest === undefined) throw differs('file_unlisted', `${where} does not list the file ${quote(path)}.`);
    if (digest !== createHash('sha256').update(bytes).digest('hex')) {
      throw differs('file_changed', `${where} names another digest for ${quote(path)}.`);
    }
  }
  const there = new Set(files.map(({ path }) => path));
  for (const path of list.keys()) {
    if (there.has(path) || isOutsideTree(path)) continue;
    throw differs('file_missing', `${where} lists the file ${quote(path)}, which is not there.`);
  }
}

function isOutsideTree(path: string): boolean {
  return path.startsWith('.git/') || SIGNATURE_FILES.some((name) => name === path);
}

function differs(reason: TrustReason, message: string): Error {
  return refusal(reason, message, 'do not use this package; fetch it again, or ask its publisher to sign it again');
}
