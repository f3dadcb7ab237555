import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { NotAFile, NotReadable, readWithin } from '../skill/read-within.ts';

/** What the extension asks servers not to go beyond, for one skill. */
const MOST_FILES = 512;
export const MOST_BYTES = 16 * 1024 * 1024;
const MOST_FOLDERS = 512;

/**
 * The files of a skill's folder by their paths below it, without hidden ones. A link to a file counts as that file when
 * it stays in the folder; one to a folder is passed over, for it could lead round in a circle.
 * @throws NotReadable for more than a skill may have, or a file that leads out
 */
export async function readSkillFiles(root: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const folders = [''];
  let bytes = 0;
  for (let i = 0; i < folders.length; i++) {
    const folder = folders[i] ?? '';
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile() || entry.isSymbolicLink()) {
        const file = await readFile(root, path, MOST_BYTES - bytes);
        if (file === undefined) continue;
        bytes += file.length;
        files.set(path, file);
      }
      if (files.size > MOST_FILES) throw new NotReadable(`it has more than ${MOST_FILES} files`);
      if (folders.length > MOST_FOLDERS) throw new NotReadable(`it has more than ${MOST_FOLDERS} folders`);
    }
  }
  return files;
}

/** Undefined for a link to a folder. */
async function readFile(root: string, path: string, left: number): Promise<Buffer | undefined> {
  try {
    return await readWithin(root, path, left);
  } catch (error) {
    if (error instanceof NotAFile) return undefined;
    const { code, message } = error as NodeJS.ErrnoException;
    const why = error instanceof NotReadable ? message : `it cannot be read: ${code}`;
    throw new NotReadable(`${path}: ${why}`);
  }
}
