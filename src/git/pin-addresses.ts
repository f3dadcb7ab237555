import { isPublicAddress, literalAddress, quote, type resolveHost, SkillError } from '../../host/index.ts';
import { parsePrivateHosts } from '../download/private-hosts.ts';
import type { Remote } from './remote.ts';

export type Resolve = typeof resolveHost;

/**
 * The addresses a remote has now, each of which may be connected to. Git is told to use them, and asks nobody again.
 * @throws SkillError E_NETWORK for a name without address, E_DENIED for one that is not public or for plain HTTP
 */
export async function pinAddresses(
  { transport, host, port }: Remote,
  {
    privateHosts,
    resolve,
    signal,
  }: { readonly privateHosts: readonly string[]; readonly resolve: Resolve; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const isListed = parsePrivateHosts(privateHosts)(new URL(`https://${host}:${port}`));
  if (transport === 'http' && !isListed)
    throw denied('plain_http', `plain HTTP to ${quote(host)} is not used: anybody on the way could change the skill`, {
      hint: `ask with git+https://, or list "${host}" as private in [network] of config.toml`,
    });
  const addresses = await addressesOf(host, resolve, signal);
  const inner = addresses.find((address) => !isPublicAddress(address));
  if (inner !== undefined && !isListed)
    throw denied('private_address', `${quote(host)} has the address ${inner}, which is not public`, {
      hint: `if that is meant, list "${host}" as private in [network] of config.toml`,
    });
  return addresses;
}

async function addressesOf(host: string, resolve: Resolve, signal: AbortSignal): Promise<readonly string[]> {
  const literal = literalAddress(host);
  if (literal !== undefined) return [literal.address];
  try {
    const found = await Promise.race([resolve(host), rejectedBy(signal)]);
    if (found.length > 0) return found.map(({ address }) => address);
  } catch (error) {
    signal.throwIfAborted();
    throw unresolved(host, error);
  }
  throw unresolved(host, undefined);
}

/** A look-up cannot be ended; nobody waits for it any longer. */
function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

function unresolved(host: string, cause: unknown): SkillError {
  return new SkillError('E_NETWORK', `the name ${quote(host)} has no address`, {
    hint: 'check the name, and whether this machine has a network',
    details: { reason: 'no_address' },
    cause,
  });
}

function denied(reason: string, message: string, { hint }: { readonly hint: string }): SkillError {
  return new SkillError('E_DENIED', message, { hint, details: { reason } });
}
