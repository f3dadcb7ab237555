import { isPublicAddress, literalAddress, quote, type resolveHost, SkillError } from '../../host/index.ts';

type Address = Awaited<ReturnType<typeof resolveHost>>[number];

/** A URL that may be asked, with the only addresses that may be connected to for it. */
export interface Target {
  readonly url: URL;
  readonly addresses: readonly Address[];
}

export interface TargetRules {
  readonly isListed: (url: URL) => boolean;
  readonly resolve: typeof resolveHost;
}

const LONGEST = 8192;

/**
 * Checks one hop of a download. All addresses of a name must be public: of a mixed answer nobody knows which one is used.
 * @throws SkillError E_DENIED, E_NETWORK for a name without address
 */
export async function checkTarget(raw: string, { isListed, resolve }: TargetRules): Promise<Target> {
  const url = checkUrl(raw, isListed);
  const addresses = await addressesOf(url, resolve);
  const inside = addresses.find(({ address }) => !isPublicAddress(address));
  if (inside === undefined || isListed(url)) return { url, addresses };
  throw deny('private_address', url.origin, `leads to ${inside.address}, which is not a public address`, LIST_IT);
}

/** @throws SkillError E_DENIED */
function checkUrl(raw: string, isListed: TargetRules['isListed']): URL {
  if (raw.length > LONGEST || !URL.canParse(raw)) throw deny('url', raw, 'is no URL');
  const url = new URL(raw);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw deny('scheme', raw, 'is not asked: only https is');
  if (url.username !== '' || url.password !== '')
    throw deny('user_info', `${url.protocol}//…@${url.host}`, 'has credentials in it, which end up in logs');
  if (url.hostname.endsWith('.')) throw deny('url', raw, 'has a host that ends in a dot');
  if (url.protocol === 'http:' && !isListed(url))
    throw deny(
      'not_encrypted',
      url.origin + url.pathname,
      'is not asked without encryption',
      `use https, or ${LIST_IT}`,
    );
  return url;
}

const LIST_IT = 'list the host under [network] private in config.toml if you vouch for it';

async function addressesOf(url: URL, resolve: TargetRules['resolve']): Promise<readonly Address[]> {
  const literal = literalAddress(url.hostname);
  if (literal !== undefined) return [literal];
  const found = await resolve(url.hostname).catch((cause: unknown) => {
    throw nameless(url.hostname, cause);
  });
  if (found.length === 0) throw nameless(url.hostname);
  return found;
}

function nameless(host: string, cause?: unknown): SkillError {
  return new SkillError('E_NETWORK', `${quote(host)} has no address`, {
    hint: 'look at the spelling of the host, and whether this machine is online',
    details: { reason: 'no_address', host },
    cause,
  });
}

function deny(reason: string, what: string, why: string, hint = 'use an https URL of a public host'): SkillError {
  return new SkillError('E_DENIED', `${quote(what, 400)} ${why}`, { hint, details: { reason } });
}
