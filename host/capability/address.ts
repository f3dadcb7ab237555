import { lookup } from 'node:dns/promises';
import ipaddr from 'ipaddr.js';

export interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

/** True for an address anybody may be asked to connect to: not this machine, not a private network, not a gateway to them. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  // `process` unwraps IPv4-mapped addresses; NAT64, 6to4 and Teredo have ranges of their own and are refused with the rest.
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast' || METADATA.has(parsed.toString())) return false;
  // Of IPv6 only 2000::/3 was ever given out; the rest holds IPv4 in disguise, and ranges still to be named.
  return parsed.kind() === 'ipv4' || parsed.match(ipaddr.parseCIDR('2000::/3'));
}

/** Public by their range, yet answered by the machine's own cloud: the Azure host. */
const METADATA = new Set(['168.63.129.16']);

/** The literal address a URL's host is, if it is one. */
export function literalAddress(host: string): Address | undefined {
  const bare = host.startsWith('[') ? host.slice(1, -1) : host;
  if (!ipaddr.isValid(bare) || (!host.startsWith('[') && bare.includes(':'))) return undefined;
  return { address: bare, family: ipaddr.parse(bare).kind() === 'ipv4' ? 4 : 6 };
}

/** Every address of a host name. @throws when it has none. */
export async function resolveHost(host: string): Promise<Address[]> {
  const found = await lookup(host, { all: true, verbatim: true });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
}
