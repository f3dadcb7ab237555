import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Files } from './files.ts';

/** Removes a file, or a folder with all that is in it. Links are removed, never followed. What is missing is removed. */
export function removeTree(path: string, files: Files): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (!stat.isDirectory()) return files.remove(path);
  files.chmod(path, 0o700);
  for (const name of readdirSync(path)) removeTree(join(path, name), files);
  files.removeDirectory(path);
}
