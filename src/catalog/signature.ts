import { type Stats, statSync } from 'node:fs';
import type { Watched } from './entry.ts';

interface Signature {
  readonly text: string;
  /** When the youngest change was, in milliseconds since 1970. */
  readonly changed: number;
}

/**
 * Says whether a skill is still what it was when it was loaded: of its folder, its manifest, its module and its recipes, which
 * object each is, when it changed, and how large it is. Undefined when one of them is gone. The times are those of the change, which no
 * program can set back. The folder's tells that a file came or went, such as a manifest that goes before this one; what
 * is written in other files, or below, is not looked at: a skill that is used is loaded anyway. Synchronous: ten thousand of
 * these take a tenth of what promises for them would.
 */
export function signFolder(path: string, { manifest, parts }: Omit<Watched, 'isLive'>): Signature | undefined {
  let text = '';
  let changed = 0;
  for (const part of ['', manifest, ...parts]) {
    const stat = statOf(`${path}/${part}`);
    if (stat === undefined) return undefined;
    text += `${stat.ino}:${stat.ctimeMs}:${stat.size} `;
    changed = Math.max(changed, stat.ctimeMs);
  }
  return { text, changed };
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // Not reachable any more: whoever loads the skill says why.
    return undefined;
  }
}
