import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { writeCache } from '../home/write-cache.ts';
import { checkTree } from './check-tree.ts';

/** Clocks of file systems tick this coarsely: a change so soon after the last one may not show. */
const FRESH_NS = 50_000_000n;

/**
 * As `checkTree`, but files are read only when something about one of them changed since they last were: its number, size,
 * mode or times, of which nobody can set the last back without setting the clock of the machine.
 * @param cache a folder that may be deleted at any time
 */
export function checkQuickly(path: string, hash: string, cache: string): string | undefined {
  const file = join(cache, 'trees', basename(path));
  const before = lookAt(path);
  if (before !== undefined && before.digest === readOld(file)) return undefined;
  const begun = BigInt(Date.now()) * 1_000_000n;
  const wrong = checkTree(path, hash);
  if (wrong === undefined && before !== undefined && before.changed < begun - FRESH_NS)
    writeCache(file, Buffer.from(before.digest));
  return wrong;
}

interface Look {
  readonly digest: string;
  /** The latest change of any of it. */
  readonly changed: bigint;
}

/** Everything about a tree but what is in its files. Undefined when that cannot be told. */
function lookAt(path: string): Look | undefined {
  const hash = createHash('sha256');
  let changed = 0n;
  const visit = (place: string): void => {
    const stat = lstatSync(place, { bigint: true });
    const { dev, ino, mode, size, mtimeNs, ctimeNs } = stat;
    hash.update(`${dev} ${ino} ${mode} ${size} ${mtimeNs} ${ctimeNs} ${place}\0`);
    if (ctimeNs > changed) changed = ctimeNs;
    if (!stat.isDirectory()) return;
    for (const name of readdirSync(place).toSorted()) visit(join(place, name));
  };
  try {
    visit(path);
    return { digest: hash.digest('hex'), changed };
  } catch {
    // Whatever keeps it from being looked at is found, and said, by reading it.
    return undefined;
  }
}

function readOld(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
