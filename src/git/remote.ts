import { hasInvisible, SkillError } from '../../host/index.ts';

/** Where a repository is. */
export interface Remote {
  readonly transport: 'https' | 'http' | 'ssh';
  /** Of ssh. */
  readonly user: string | undefined;
  /** In lower case, an IPv6 address in brackets, an IPv4 address with its four decimal numbers. */
  readonly host: string;
  readonly port: number;
  /** Begins with `/`. */
  readonly path: string;
}

const PORTS = { https: 443, http: 80, ssh: 22 } as const;
const ADDRESS = /^(https|http|ssh):\/\/(?:([^/]*)@)?([^/:@[\]]+|\[[0-9A-Fa-f:.]+\])(?::([0-9]{1,5}))?(\/[^?]+)$/;
const NAME = /^(?!-)[A-Za-z0-9-]+(?<!-)(?:\.(?!-)[A-Za-z0-9-]+(?<!-))*$/;

/** @throws SkillError E_USAGE, without the address in the message: it may hold a password */
export function parseRemote(url: string): Remote {
  if (/^file:/i.test(url))
    throw malformed('a repository of this machine is not fetched over git', 'give its folder, such as ./my-skill');
  const [, scheme, user, name = '', port, path = ''] = ADDRESS.exec(url) ?? [];
  if (scheme === undefined || !isTransport(scheme))
    throw malformed('this is no address of a git repository', 'git+https://host/path or git+ssh://git@host/path');
  refuseSecrets(scheme, user);
  const host = hostOf(name);
  const number = port === undefined ? PORTS[scheme] : Number(port);
  if (host === undefined || number < 1 || number > 65_535)
    throw malformed(
      'the address of the git repository has no plain host',
      'such as example.org, or example.org:8443; names of other scripts as xn--…',
    );
  if (!isPlainPath(path))
    throw malformed('the path of the git repository is no plain path', 'such as /owner/repo.git; a ref comes after #');
  return { transport: scheme, user, host, port: number, path };
}

/** The address as git takes it. */
export function urlOf({ transport, user, host, port, path }: Remote): string {
  const own = port === PORTS[transport] ? '' : `:${port}`;
  return `${transport}://${user === undefined ? '' : `${user}@`}${host}${own}${path}`;
}

/** Addresses are kept in the lock file and shown, where no password may be. */
function refuseSecrets(scheme: Remote['transport'], user: string | undefined): void {
  if (user === undefined) return;
  if (scheme !== 'ssh')
    throw malformed(
      'the address of a git repository has a user or password in it, which would be kept in skills.lock',
      'take it out; git+ssh://git@host/path uses the key of your ssh agent',
    );
  if (!/^[A-Za-z0-9_.][A-Za-z0-9_.-]*$/.test(user))
    throw malformed('an address with ssh has a user name and no password', 'such as git+ssh://git@host/path');
}

/** As browsers write it, so that an address in disguise is seen to be one. */
function hostOf(name: string): string | undefined {
  if (!name.startsWith('[') && !NAME.test(name)) return undefined;
  return URL.canParse(`https://${name}/`) ? new URL(`https://${name}/`).hostname : undefined;
}

function isPlainPath(path: string): boolean {
  if (!/^(?:\/[A-Za-z0-9._~+%-]+)+$/.test(path)) return false;
  try {
    const parts = decodeURIComponent(path).slice(1).split('/');
    return parts.every((part) => !/^-|^\.{0,2}$|[\\'"`$]/.test(part) && !hasInvisible(part));
  } catch {
    // Percent signs that stand for no text.
    return false;
  }
}

function isTransport(scheme: string): scheme is Remote['transport'] {
  return Object.hasOwn(PORTS, scheme);
}

function malformed(message: string, hint: string): SkillError {
  return new SkillError('E_USAGE', message, { hint });
}
