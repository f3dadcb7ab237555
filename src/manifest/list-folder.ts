import { type Dir, type Dirent, lstatSync, opendirSync, realpathSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { escapeInvisible, quote } from '../../host/index.ts';
import { MANIFEST_CEILINGS } from './ceilings.ts';
import type { Report } from './report.ts';

/** What a skill's folder holds; paths are relative to it, with `/`. */
export interface FolderListing {
  /** With every link in it followed. */
  readonly root: string;
  readonly files: ReadonlySet<string>;
  readonly folders: ReadonlySet<string>;
}

interface Walk {
  readonly root: string;
  readonly report: Report;
  readonly files: Set<string>;
  readonly folders: Set<string>;
  bytes: number;
}

/**
 * Lists every file of the folder and reports what may not be in it: too much, links that lead out, devices. Stops at the
 * ceilings, so the listing of a folder over them is partial. Synchronous: thousands of skills are listed in a row, and
 * promises would take three times as long.
 * @throws the file system's error when the folder cannot be read.
 */
export function listFolder(dir: string, report: Report): FolderListing {
  const walk: Walk = { root: realpathSync(dir), report, files: new Set(), folders: new Set(), bytes: 0 };
  const waiting = [''];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const entry of entriesOf(join(walk.root, folder))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      // The repository of a skill under development is not part of the skill.
      if (path === '.git' && !entry.isSymbolicLink()) continue;
      if (entry.isDirectory()) {
        walk.folders.add(path);
        waiting.push(path);
      } else {
        takeFile(entry, path, walk);
      }
      if (isOverCeiling(walk)) return walk;
    }
  }
  return walk;
}

/** One by one: a folder may hold more than fits in memory. */
function* entriesOf(path: string): Generator<Dirent> {
  const folder: Dir = opendirSync(path);
  try {
    for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) yield entry;
  } finally {
    folder.closeSync();
  }
}

function takeFile(entry: Dirent, path: string, walk: Walk): void {
  walk.files.add(path);
  if (entry.isSymbolicLink()) return checkLink(path, walk);
  if (entry.isFile()) {
    walk.bytes += lstatSync(join(walk.root, path)).size;
    return;
  }
  const message = `${quote(path)} is a device, socket or pipe`;
  reportFile(walk, path, { code: 'M_SPECIAL_FILE', message, fix: 'remove it; a skill holds files and folders only' });
}

function checkLink(path: string, walk: Walk): void {
  const full = join(walk.root, path);
  const target = followLink(full);
  if (target !== undefined && isInside(walk.root, target)) return;
  const message = `${quote(path)} is a link that ${target === undefined ? 'leads nowhere' : "leaves the skill's folder"}`;
  reportFile(walk, path, {
    code: 'M_LINK_OUT',
    message,
    fix: 'replace the link by the file it stands for, or remove it',
  });
}

/** Where a link ends; undefined when its target is missing or it goes in circles. */
function followLink(full: string): string | undefined {
  try {
    return realpathSync(full);
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ELOOP') return undefined;
    throw error;
  }
}

/** Whether `path`, both without links, is `root` or below it. */
export function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

export function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function isOverCeiling(walk: Walk): boolean {
  const { folderFiles, folderBytes } = MANIFEST_CEILINGS;
  const fix = 'remove what the skill does not need, such as build output and node_modules';
  if (walk.files.size > folderFiles || walk.folders.size > folderFiles) {
    const message = `the skill has more than ${folderFiles} files or folders`;
    walk.report.error({ code: 'M_TOO_MANY_FILES', path: [], message, fix });
    return true;
  }
  if (walk.bytes <= folderBytes) return false;
  const message = `the skill is larger than ${folderBytes / 2 ** 20} MiB`;
  walk.report.error({ code: 'M_SKILL_TOO_LARGE', path: [], message, fix });
  return true;
}

function reportFile(walk: Walk, path: string, found: { code: string; message: string; fix: string }): void {
  walk.report.error({ ...found, path: [], file: escapeInvisible(path) });
}
