import { statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { quote, SkillError } from '../../host/index.ts';
import { readFolder } from '../tree/read-folder.ts';
import type { Source } from './source.ts';
import { unreadable } from './unreadable.ts';

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
    if (archive !== undefined && isFile(folderOf(archive, cwd)))
      return (await import('./path-archive.ts')).fetchArchive(folderOf(archive, cwd), folder);
    const path = folderOf(request, cwd);
    const { href } = pathToFileURL(path);
    try {
      const resolved = isArchivePath(href) ? `${href}/` : href;
      return { resolved, files: readFolder(path, '.git'), wasExpected: false, signatures: [] };
    } catch (error) {
      if (error instanceof SkillError) throw error;
      throw unreadable(path, error);
    }
  },
};

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
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
