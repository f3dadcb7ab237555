import { quote, SkillError } from '../../host/index.ts';
import { checkPath } from '../tree/check-path.ts';

/** What a request for an OCI artifact asks for. */
export interface OciReference {
  /** With its port. */
  readonly host: string;
  readonly name: string;
  /** A tag, or `sha256:…`. */
  readonly reference: string;
  readonly folder: string | undefined;
}

// Distribution specification 1.1, "Pulling manifests".
const HOST = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/;
const NAME = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const MOST_NAME = 255;

export function isOciRequest(request: string): boolean {
  return request.startsWith('oci://');
}

/** `oci://host[:port]/name[:tag|@sha256:…][#sub=folder]`; the tag is `latest` unless told. @throws SkillError E_USAGE */
export function parseOciReference(request: string): OciReference {
  const [, host = '', path = '', digest, fragment] =
    /^oci:\/\/([^/#]+)\/([^#@]+)(?:@([^#]*))?(?:#(.*))?$/s.exec(request) ?? [];
  const [name = '', tag = digest === undefined ? 'latest' : undefined, ...more] = path.split(':');
  const folder = fragment?.replace(/^sub=/, '').split('&sub=').join('/');
  const isFolder = fragment === undefined || (fragment.startsWith('sub=') && checkPath(folder ?? '') === undefined);
  const isWhole = HOST.test(host) && NAME.test(name) && name.length <= MOST_NAME && more.length === 0 && isFolder;
  if (!isWhole || (tag !== undefined && !TAG.test(tag)) || (digest !== undefined && !DIGEST.test(digest)))
    throw new SkillError('E_USAGE', `${quote(request, 400)} names no artifact`, {
      hint: 'such as oci://registry.example.org/team/skill:1.2.0, or with @sha256: and 64 small hexadecimal digits',
    });
  // A digest says more than the tag beside it.
  return { host, name, reference: digest ?? tag ?? 'latest', folder };
}

export function isDigest(reference: string): boolean {
  return DIGEST.test(reference);
}
