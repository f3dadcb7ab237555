import {
  closeSync,
  constants,
  type Dir,
  type Dirent,
  fstatSync,
  openSync,
  opendirSync,
  readSync,
  realpathSync,
} from 'node:fs';
import { join } from 'node:path';
import { isInside } from '../manifest/list-folder.ts';
import type { Finding } from './finding.ts';

/** What is looked at, at most; what is beyond is told. */
export const READING = {
  /** Entries of folders, all together. */
  entries: 10_000,
  depth: 32,
  /** Of one file: its beginning, and an end of `tailBytes`. */
  fileBytes: 2 ** 20,
  tailBytes: 128 * 2 ** 10,
  /** Of a module. */
  moduleBytes: 64 * 2 ** 20,
  /** Of all files. */
  totalBytes: 16 * 2 ** 20,
} as const;

/** A file of a skill, as far as it was read. */
export interface ReadFile {
  /** Relative to the skill's folder, with `/`. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly size: number;
  readonly executable: boolean;
}

export interface ReadSkill {
  readonly files: readonly ReadFile[];
  /** Links, devices, and what was not read. */
  readonly findings: readonly Finding[];
}

interface Walk {
  readonly root: string;
  readonly files: ReadFile[];
  readonly findings: Finding[];
  entries: number;
  bytes: number;
}

/** Reads the files of a skill, each and all of them up to a limit. Links are not followed; nothing is run. */
export function readSkill(dir: string): ReadSkill {
  const walk: Walk = { root: realpathSync(dir), files: [], findings: [], entries: 0, bytes: 0 };
  const waiting = [''];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const entry of entriesOf(walk, folder)) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      walk.entries += 1;
      if (walk.entries > READING.entries) return cut(walk, `more than ${READING.entries} files and folders`, path);
      // The repository of a skill under development is not part of the skill.
      if (path === '.git') continue;
      if (!entry.isDirectory()) take(walk, entry, path);
      else if (path.split('/').length >= READING.depth) cut(walk, `folders below folders, ${READING.depth} deep`, path);
      else waiting.push(path);
    }
  }
  return { files: walk.files.toSorted((a, b) => (a.path < b.path ? -1 : 1)), findings: walk.findings };
}

function* entriesOf(walk: Walk, path: string): Generator<Dirent> {
  const folder = openFolder(walk, path);
  if (folder === undefined) return;
  try {
    for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) yield entry;
  } finally {
    folder.closeSync();
  }
}

/** @throws what the system says of the skill's folder itself, without which there is no skill */
function openFolder(walk: Walk, path: string): Dir | undefined {
  try {
    return opendirSync(join(walk.root, path));
  } catch (error) {
    if (path === '') throw error;
    walk.findings.push(unreadable(path, error));
    return undefined;
  }
}

function take(walk: Walk, entry: Dirent, path: string): void {
  if (entry.isSymbolicLink()) return (walk.findings.push(linkAt(walk.root, path)), undefined);
  if (!entry.isFile()) {
    walk.findings.push({
      rule: 'special_file',
      severity: 'high',
      file: path,
      why: 'it is a device, socket or pipe',
      fix: 'remove it; a skill holds files and folders only',
    });
    return;
  }
  const left = READING.totalBytes - walk.bytes;
  const file = readFile(walk, path, left);
  if (file === undefined) return;
  if (file.size > 0 && left <= 0) return void cut(walk, 'more than is read of one skill', path);
  walk.bytes += isModule(file.bytes) ? 0 : file.bytes.length;
  walk.files.push(file);
  if (file.bytes.length < file.size) cut(walk, `a file of ${file.size} bytes`, path);
}

/** Undefined when it cannot be read, which is a finding. */
function readFile(walk: Walk, path: string, left: number): ReadFile | undefined {
  try {
    return readBeginning(join(walk.root, path), path, left);
  } catch (error) {
    walk.findings.push(unreadable(path, error));
    return undefined;
  }
}

function readBeginning(full: string, path: string, left: number): ReadFile {
  const fd = openSync(full, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    const { size, mode } = fstatSync(fd);
    const head = readPart(fd, 0, Math.min(size, READING.fileBytes, Math.max(left, 8)));
    const executable = (mode & 0o111) !== 0;
    if (head.length >= size) return { path, bytes: head, size, executable };
    if (isModule(head) && size <= READING.moduleBytes) return { path, bytes: readPart(fd, 0, size), size, executable };
    const tail = readPart(
      fd,
      Math.max(head.length, size - READING.tailBytes),
      Math.min(READING.tailBytes, Math.max(left, 0)),
    );
    return { path, bytes: Buffer.concat([head, tail]), size, executable };
  } finally {
    closeSync(fd);
  }
}

function readPart(fd: number, from: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let at = 0;
  while (at < length) {
    const got = readSync(fd, bytes, at, length - at, from + at);
    if (got === 0) break;
    at += got;
  }
  return bytes.subarray(0, at);
}

export function isModule(bytes: Uint8Array): boolean {
  return bytes[0] === 0 && bytes[1] === 0x61 && bytes[2] === 0x73 && bytes[3] === 0x6d;
}

function linkAt(root: string, path: string): Finding {
  let leads = 'leads nowhere';
  try {
    leads = isInside(root, realpathSync(join(root, path))) ? 'stays within it' : "leaves the skill's folder";
  } catch {
    // It leads nowhere, or in circles.
  }
  return {
    rule: 'link',
    severity: leads === 'stays within it' ? 'low' : 'high',
    file: path,
    why: `it is a link that ${leads}`,
    fix: 'replace the link by the file it stands for, or remove it',
  };
}

function unreadable(path: string, error: unknown): Finding {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return {
    rule: 'not_read',
    severity: 'high',
    file: path,
    why: `it cannot be read: ${code}; nobody knows what is in it`,
    fix: 'make it readable, or remove it',
  };
}

function cut(walk: Walk, what: string, path: string): ReadSkill {
  walk.findings.push({
    rule: 'not_read',
    severity: 'medium',
    file: path,
    why: `the skill has ${what}; not all of it was looked at`,
    fix: 'remove what the skill does not need',
  });
  return walk;
}
