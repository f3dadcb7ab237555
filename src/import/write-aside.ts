import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { quote, SkillError } from '../../host/index.ts';
import type { RawFile } from '../tree/raw-file.ts';

/** @throws SkillError E_USAGE unless there is nothing at `target`, or an empty folder */
export function requireFree(target: string, shown: string): void {
  const what = whyTaken(target);
  if (what === undefined) return;
  throw new SkillError('E_USAGE', `${quote(shown)} ${what}; nothing is overwritten`, {
    hint: 'name another folder with --to, or remove that one first',
    details: { reason: 'target_taken' },
  });
}

function whyTaken(target: string): string | undefined {
  try {
    const stat = lstatSync(target, { throwIfNoEntry: false });
    if (stat === undefined) return undefined;
    if (!stat.isDirectory()) return 'is there already, and is no folder';
    if (readdirSync(target).length > 0) return 'is a folder with something in it';
  } catch (error) {
    throw asRefusal(error, dirname(target));
  }
  // It is replaced, and whoever stands in it would be left in a folder that is gone.
  return target === process.cwd() ? 'is the folder this runs in' : undefined;
}

/**
 * Writes files into a new folder beside `target`, and moves that to `target` when `isGood` says so: whoever looks there
 * sees all of it or nothing.
 * @returns whether it was good
 */
export async function writeAside(
  target: string,
  files: readonly RawFile[],
  isGood: (folder: string) => Promise<boolean>,
): Promise<boolean> {
  const parent = dirname(target);
  let aside: string | undefined;
  let isDone = false;
  const made = makeParent(parent);
  try {
    aside = mkdtempSync(join(parent, ASIDE));
    for (const file of files) writeFile(aside, file);
    if (!(await isGood(aside))) return false;
    requireFree(target, target);
    chmodSync(aside, 0o755);
    move(aside, target);
    isDone = true;
    return true;
  } catch (error) {
    throw asRefusal(error, parent);
  } finally {
    if (aside !== undefined) rmSync(aside, { recursive: true, force: true });
    if (!isDone) unmakeParent(parent, made);
  }
}

const ASIDE = '.skill-import-';

/** @returns the outermost folder that had to be made */
function makeParent(parent: string): string | undefined {
  try {
    return mkdirSync(parent, { recursive: true });
  } catch (error) {
    throw asRefusal(error, parent);
  }
}

/** Takes away what was made, as long as nobody has put anything there. */
function unmakeParent(parent: string, made: string | undefined): void {
  if (made === undefined) return;
  try {
    for (let folder = parent; folder.length >= made.length; folder = dirname(folder)) rmdirSync(folder);
  } catch {
    // Somebody uses it.
  }
}

/** What the disk does not let us do is for its owner to mend. */
function asRefusal(error: unknown, parent: string): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (error instanceof SkillError || syscall === undefined) return error;
  return new SkillError('E_USAGE', `nothing can be written in ${quote(parent)}: ${code}`, {
    hint: 'name another folder with --to',
    cause: error,
  });
}

function writeFile(folder: string, { path, bytes, executable }: RawFile): void {
  const place = join(folder, path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, bytes, { flag: 'wx', mode: executable ? 0o755 : 0o644 });
}

/** Neither of the two calls removes or replaces what is not empty. */
function move(aside: string, target: string): void {
  if (lstatSync(target, { throwIfNoEntry: false }) !== undefined) rmdirSync(target);
  renameSync(aside, target);
}
