import { lstatSync } from 'node:fs';
import { SkillError } from '../../host/index.ts';
import { hashFiles, parseTree } from '../tree/file-tree.ts';
import { readFolder } from '../tree/read-folder.ts';

/** Reads a whole tree and says what is wrong with it; undefined when it is what its hash says. */
export function checkTree(path: string, hash: string): string | undefined {
  try {
    if (!lstatSync(path).isDirectory()) return 'it is no folder';
    const found = hashFiles(parseTree(readFolder(path)).files);
    return found === hash ? undefined : `its files are not those that were installed: they have ${found}`;
  } catch (error) {
    if (error instanceof SkillError) return error.message;
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return code === 'ENOENT' ? 'it is not in the store' : `it cannot be read: ${code}`;
  }
}
