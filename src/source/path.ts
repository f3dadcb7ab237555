import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { quote, SkillError } from '../../host/index.ts';
import { readFolder } from '../tree/read-folder.ts';
import type { Source } from './source.ts';

const PATH = /^(?:\.{0,2}[/\\]|\.{1,2}$|file:|[A-Za-z]:[\\/])/;

/** A folder of this machine: `./dir`, `/dir`, `file:///dir`. Its files are copied. */
export const pathSource: Source = {
  kind: 'path',
  takes: (request) => PATH.test(request),
  fetch(request, { cwd }) {
    const path = folderOf(request, cwd);
    try {
      const files = readFolder(path, '.git');
      return Promise.resolve({ resolved: pathToFileURL(path).href, files, wasExpected: false, signatures: [] });
    } catch (error) {
      if (error instanceof SkillError) throw error;
      throw unreadable(path, error);
    }
  },
};

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
    hint: 'give a folder that holds a skill: one with a skill.toml or a SKILL.md',
    cause: error,
  });
}
