import { quote, SkillError } from '../../host/index.ts';
import { checkPath } from '../tree/check-path.ts';

/** What an address of an archive asks for. */
export interface ArchiveRequest {
  /** Without what follows `#`. */
  readonly url: string;
  /** For errors: without what follows `?` as well, which may be a password. */
  readonly shown: string;
  /** In small hexadecimal digits. */
  readonly sum: string | undefined;
  readonly folder: string | undefined;
}

/** Whether a request is an address of an archive. */
export function isUrlRequest(request: string): boolean {
  return /^https?:\/\/[^?#]*\.(?:tgz|tar\.gz|tar|zip)(?:[?#]|$)/i.test(request);
}

const FRAGMENT = /^(?:sha256=([0-9a-f]{64}))?(?:(?:^|&)sub=(.+))?$/s;

/** `URL`, `URL#sha256=HEX`, `URL#sub=FOLDER` or `URL#sha256=HEX&sub=FOLDER`. @throws SkillError E_USAGE */
export function parseUrlRequest(request: string): ArchiveRequest {
  const at = request.indexOf('#');
  const url = at === -1 ? request : request.slice(0, at);
  const shown = url.replace(/\?.*$/s, '');
  if (at === -1) return { url, shown, sum: undefined, folder: undefined };
  const [, sum, below] = FRAGMENT.exec(request.slice(at + 1)) ?? [];
  // A folder in a folder, where a package in a package was chosen.
  const folder = below?.split('&sub=').join('/');
  const isFolder = folder === undefined || checkPath(folder) === undefined;
  if ((sum === undefined && folder === undefined) || !isFolder) throw malformed(shown, request.slice(at));
  return { url, shown, sum, folder };
}

function malformed(shown: string, end: string): SkillError {
  return new SkillError('E_USAGE', `${quote(end)} at the end of ${quote(shown, 400)} is not understood`, {
    hint: 'write #sha256= and 64 small hexadecimal digits, #sub= and a folder, or both with & between them',
  });
}
