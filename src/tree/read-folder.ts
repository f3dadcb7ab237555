import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { quote, SkillError } from '../../host/index.ts';
import { MANIFEST_CEILINGS } from '../manifest/ceilings.ts';
import type { RawFile } from './raw-file.ts';

const NO_FOLLOW = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const FOLDER = NO_FOLLOW | (constants.O_DIRECTORY ?? 0);
const IS_LINUX = process.platform === 'linux';

interface Walk {
  readonly skip: string | undefined;
  readonly files: RawFile[];
  bytes: number;
}

/**
 * Reads every file below a folder. Links are refused, wherever they lead: a skill is its own files. Each folder is opened
 * and its files are opened in it, not by their path, so nothing on the way can be swapped for a link in between. (Linux;
 * elsewhere files are compared with what was seen before they were opened.)
 * @param skip a name in the folder that is passed over, such as `.git`
 * @throws SkillError E_PACKAGE for links and devices, and for more than a skill may have; the error of the system
 */
export function readFolder(path: string, skip?: string): readonly RawFile[] {
  const walk: Walk = { skip, files: [], bytes: 0 };
  const root = openSync(realpathSync(path), FOLDER);
  try {
    readInto(walk, IS_LINUX ? `/proc/self/fd/${root}` : realpathSync(path), '');
  } finally {
    closeSync(root);
  }
  return walk.files;
}

function readInto(walk: Walk, folder: string, prefix: string): void {
  for (const name of readdirSync(folder)) {
    const shown = `${prefix}${name}`;
    if (shown === walk.skip) continue;
    const place = join(folder, name);
    const seen = lstatSync(place, { throwIfNoEntry: false });
    // Gone, or its name is not UTF-8.
    if (seen === undefined) throw changed(shown);
    if (seen.isSymbolicLink()) throw refused('link', `${quote(shown)} is a link`);
    if (!seen.isFile() && !seen.isDirectory()) throw refused('special_file', `${quote(shown)} is a device or a pipe`);
    const fd = openSame(place, shown, seen.isDirectory());
    try {
      const stat = fstatSync(fd);
      if (stat.ino !== seen.ino || stat.dev !== seen.dev) throw changed(shown);
      if (seen.isDirectory()) readInto(walk, IS_LINUX ? `/proc/self/fd/${fd}` : place, `${shown}/`);
      else take(walk, { path: shown, bytes: readWhole(fd, stat.size, shown), executable: (stat.mode & 0o100) !== 0 });
    } finally {
      closeSync(fd);
    }
  }
}

function openSame(place: string, shown: string, isFolder: boolean): number {
  try {
    return openSync(place, isFolder ? FOLDER : NO_FOLLOW);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === 'ELOOP' || code === 'ENOTDIR' || code === 'ENOENT' ? changed(shown) : error;
  }
}

function readWhole(fd: number, size: number, shown: string): Buffer {
  if (size > MANIFEST_CEILINGS.folderBytes) throw tooLarge();
  const bytes = readFileSync(fd);
  if (bytes.length !== size) throw changed(shown);
  return bytes;
}

function take(walk: Walk, file: RawFile): void {
  walk.files.push(file);
  walk.bytes += file.bytes.length;
  if (walk.bytes > MANIFEST_CEILINGS.folderBytes) throw tooLarge();
  if (walk.files.length > MANIFEST_CEILINGS.folderFiles)
    throw new SkillError('E_PACKAGE', `the folder has more than ${MANIFEST_CEILINGS.folderFiles} files`, {
      hint: LESS,
      details: { reason: 'too_many_files' },
    });
}

const LESS = 'leave out what the skill does not need, such as node_modules and build output';

function tooLarge(): SkillError {
  const mib = MANIFEST_CEILINGS.folderBytes / 2 ** 20;
  return new SkillError('E_PACKAGE', `the folder has more than ${mib} MiB`, {
    hint: LESS,
    details: { reason: 'too_large' },
  });
}

function changed(shown: string): SkillError {
  return refused(
    'changed',
    `${quote(shown)} was changed while it was read`,
    'try again when nothing writes the folder',
  );
}

function refused(
  reason: string,
  what: string,
  hint = 'a skill holds plain files and folders: put the file there instead',
): SkillError {
  return new SkillError('E_PACKAGE', what, { hint, details: { reason } });
}
