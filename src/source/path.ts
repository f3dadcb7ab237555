import { statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { quote, SkillError } from '../../host/index.ts';
import { ARCHIVE_CEILINGS } from '../archive/ceilings.ts';
import { readArchive } from '../archive/read-archive.ts';
import { refuseArchive } from '../archive/refuse-archive.ts';
import { readCapped, TooLarge } from '../skill/read-capped.ts';
import { checkPath } from '../tree/check-path.ts';
import { readFolder } from '../tree/read-folder.ts';
import { filesBelow } from './files-below.ts';
import type { Fetched, Source } from './source.ts';

const PATH = /^(?:\.{0,2}[/\\]|\.{1,2}$|file:|[A-Za-z]:[\\/])/;
const ARCHIVE = /^(.+\.(?:tgz|tar\.gz|tar|zip))(?:#sub=(.+))?$/is;

/** Whether what a path became is an archive; a folder with such a name ends in a slash. */
export function isArchivePath(resolved: string): boolean {
  return resolved.startsWith('file:') && ARCHIVE.test(resolved);
}

/**
 * A folder of this machine: `./dir`, `/dir`, `file:///dir`. Its files are copied. Or an archive of this machine by its ending,
 * `./skill.tgz`, of several skills with `#sub=FOLDER`.
 */
export const pathSource: Source = {
  kind: 'path',
  takes: (request) => PATH.test(request),
  async fetch(request, { cwd }) {
    const [, archive, folder] = ARCHIVE.exec(request) ?? [];
    if (archive !== undefined && isFile(folderOf(archive, cwd))) return fetchArchive(folderOf(archive, cwd), folder);
    const path = folderOf(request, cwd);
    const { href } = pathToFileURL(path);
    try {
      return fetched(isArchivePath(href) ? `${href}/` : href, readFolder(path, '.git'));
    } catch (error) {
      if (error instanceof SkillError) throw error;
      throw unreadable(path, error);
    }
  },
};

async function fetchArchive(path: string, below: string | undefined): Promise<Fetched> {
  const shown = pathToFileURL(path).href;
  const files = await readArchive(readBytes(path, shown), shown);
  if (below === undefined) return fetched(shown, files);
  // A folder in a folder, where a package in a package was chosen.
  const folder = below.split('&sub=').join('/');
  if (checkPath(folder) !== undefined)
    throw new SkillError('E_USAGE', `${quote(folder)} is no folder in ${quote(path, 400)}`, {
      hint: 'leave out #sub= to see which skills it holds',
    });
  return fetched(`${shown}#sub=${folder}`, filesBelow(files, folder, shown));
}

function readBytes(path: string, shown: string): Uint8Array {
  try {
    return readCapped(path, ARCHIVE_CEILINGS.bytes);
  } catch (error) {
    if (!(error instanceof TooLarge)) throw unreadable(path, error);
    throw refuseArchive(shown, 'too_large', `has more than ${ARCHIVE_CEILINGS.bytes / 2 ** 20} MiB`);
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function fetched(resolved: string, files: Fetched['files']): Fetched {
  return { resolved, files, wasExpected: false, signatures: [] };
}

/** The absolute path that a request means. @throws SkillError E_USAGE */
export function folderOf(request: string, cwd: string): string {
  if (!request.startsWith('file:')) return isAbsolute(request) ? join(request) : resolve(cwd, request);
  try {
    if (request.startsWith('file://')) return fileURLToPath(request);
    return resolve(cwd, decodeURIComponent(request.slice('file:'.length)));
  } catch (error) {
    throw new SkillError('E_USAGE', `${quote(request)} is no path of this machine`, {
      hint: 'such as ./my-skill or file:///home/me/my-skill',
      cause: error,
    });
  }
}

/** What to say of a folder that cannot be read. */
export function unreadable(path: string, error: unknown): SkillError {
  const { code } = error as NodeJS.ErrnoException;
  const why = code === 'ENOENT' ? 'there is no such folder' : code === 'ENOTDIR' ? 'it is no folder' : code;
  return new SkillError('E_NOT_FOUND', `${quote(path, 400)} cannot be read: ${why ?? String(error)}`, {
    hint: 'give a folder that holds a skill, one with a skill.toml or a SKILL.md; or an archive: .tgz, .tar.gz, .zip',
    cause: error,
  });
}
