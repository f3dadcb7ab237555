import { isIPv4, isIPv6 } from 'node:net';
import { PROGRAM_NETWORK } from '../../host/index.ts';

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
const PORT = /^[1-9][0-9]{0,4}$/;

/**
 * What is wrong with a network rule; undefined for `host`, `*.host`, `host:port` and `scheme://host[:port]`, each with
 * optional methods before it (`GET,POST api.example.org`), and for `programs:*`, the network as a whole for programs.
 */
export function checkNetworkText(text: string): string | undefined {
  if (text === PROGRAM_NETWORK) return undefined;
  const space = text.indexOf(' ');
  const methods = space === -1 ? [] : text.slice(0, space).split(',');
  const unknown = methods.find((method) => !METHODS.has(method));
  if (unknown !== undefined) return `must start with methods of ${[...METHODS].join(', ')}, or with the host`;
  return checkTarget(text.slice(space + 1));
}

function checkTarget(target: string): string | undefined {
  if (target === '*') return 'is a lone *, which would open every address; name the hosts, or write *.host';
  const [, scheme, rest = ''] = /^(?:([^:/]*):\/\/)?(.*)$/.exec(target) ?? [];
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') return 'must have the scheme http or https';
  if (/[/?#]/.test(rest)) return 'holds a path or query; a rule covers a whole host';
  if (rest.includes('@')) return 'holds a user name';
  const { host, port } = splitPort(rest);
  if (port !== undefined && !(PORT.test(port) && Number(port) <= 65_535))
    return 'has a port that is not from 1 to 65535';
  return checkHost(host);
}

function splitPort(authority: string): { host: string; port: string | undefined } {
  const colon = authority.lastIndexOf(':');
  // Inside brackets a colon belongs to the IPv6 address.
  if (colon === -1 || colon < authority.lastIndexOf(']')) return { host: authority, port: undefined };
  return { host: authority.slice(0, colon), port: authority.slice(colon + 1) };
}

function checkHost(host: string): string | undefined {
  if (host.startsWith('[')) return checkIpv6(host);
  if (host.includes(':')) return 'must have an IPv6 address in brackets, such as [2001:db8::1]:443';
  if (host !== host.toLowerCase()) return 'must be in lower case';
  const labels = (host.startsWith('*.') ? host.slice(2) : host).split('.');
  if (host.length > 253 || !labels.every((label) => LABEL.test(label))) return checkLabels(host);
  // URL parsers read a host whose last label is a number as an IPv4 address, in octal and hexadecimal too.
  const last = labels.at(-1) ?? '';
  if (/^(?:[0-9]+|0x[0-9a-f]*)$/.test(last) && !isIPv4(host))
    return 'must write an IPv4 address as four decimal numbers';
  return undefined;
}

function checkLabels(host: string): string {
  if (host.includes('*')) return 'may hold * only as its first label, as in *.example.org';
  if (/[^\u0020-\u007e]/.test(host)) return 'must be written in its ASCII form (xn--…)';
  return 'is not a host name';
}

function checkIpv6(host: string): string | undefined {
  const address = host.endsWith(']') ? host.slice(1, -1) : '';
  if (address.includes('%')) return 'holds a zone; an address with a zone is refused';
  return isIPv6(address) ? undefined : 'is not an IPv6 address in brackets';
}
