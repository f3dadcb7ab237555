import { createHash } from 'node:crypto';
import { quote, SkillError } from '../../host/index.ts';
import { MANIFEST_CEILINGS } from '../manifest/ceilings.ts';
import { checkPath } from './check-path.ts';
import { isSignaturePath } from '../trust/statement.ts';
import type { RawFile } from './raw-file.ts';

/** The files of one skill, checked: their paths are plain, none stands in the way of another, and they are not too much. */
export interface FileTree {
  /** In the order of the bytes of their paths, signatures among them. */
  readonly files: readonly RawFile[];
  /** `sha256:…` over paths, contents and which are executable, without signatures. The same on every system. */
  readonly hash: string;
  readonly bytes: number;
}

/** @throws SkillError E_PACKAGE for the first file that may not be in a package, or too much of them */
export function parseTree(raw: readonly RawFile[]): FileTree {
  const { folderFiles, folderBytes } = MANIFEST_CEILINGS;
  if (raw.length > folderFiles)
    throw tooMuch('too_many_files', `the package has ${raw.length} files; a skill has at most ${folderFiles}`);
  const bytes = raw.reduce((sum, file) => sum + file.bytes.length, 0);
  if (bytes > folderBytes)
    throw tooMuch('too_large', `the package has ${bytes} bytes; a skill has at most ${folderBytes / 2 ** 20} MiB`);
  for (const { path } of raw) {
    const wrong = checkPath(path);
    if (wrong !== undefined) throw refused('path', `the path ${quote(path)} in the package ${wrong}`);
  }
  requireDistinct(raw);
  const files = raw.toSorted((a, b) => compareBytes(a.path, b.path));
  return { files, hash: hashFiles(files), bytes };
}

/** The hash of files in order: one line for each, so that nothing of one can be taken for another. */
export function hashFiles(files: readonly RawFile[]): string {
  const hash = createHash('sha256').update('skillhost tree v1\n');
  for (const { path, bytes, executable } of files) {
    if (isSignaturePath(path)) continue;
    const sum = createHash('sha256').update(bytes).digest('hex');
    hash.update(`${executable ? 'x' : '-'} ${bytes.length} ${sum} ${path}\n`);
  }
  return `sha256:${hash.digest('hex')}`;
}

/** Two paths that some system takes for one, or a file that is a folder as well. */
function requireDistinct(files: readonly RawFile[]): void {
  const seen = new Map<string, string>();
  const folders = new Map<string, string>();
  for (const { path } of files) {
    const folded = fold(path);
    const other = seen.get(folded);
    if (other !== undefined)
      throw refused('same_name', `${quote(path)} and ${quote(other)} in the package are one file on some systems`);
    seen.set(folded, path);
    for (let end = path.lastIndexOf('/'); end !== -1; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end);
      const known = folders.get(fold(folder));
      if (known !== undefined && known !== folder)
        throw refused('same_name', `the folders ${quote(folder)} and ${quote(known)} are one on some systems`);
      if (known !== undefined) break;
      folders.set(fold(folder), folder);
    }
  }
  for (const [folded, folder] of folders) {
    if (seen.has(folded)) throw refused('file_and_folder', `${quote(folder)} in the package is a file and a folder`);
  }
}

/** As file systems compare that are not exact: macOS by normal form, both it and Windows without case. */
function fold(path: string): string {
  return path.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function refused(reason: string, message: string): SkillError {
  return new SkillError('E_PACKAGE', message, { hint: 'rename it where the package is made', details: { reason } });
}

function tooMuch(reason: string, message: string): SkillError {
  const hint = 'leave out what the skill does not need, or name the folder of the skill in it';
  return new SkillError('E_PACKAGE', message, { hint, details: { reason } });
}
