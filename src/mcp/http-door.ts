import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export const MCP_PATH = '/mcp';

/** A name or an address, and a port. */
const HOST = /^(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d+)?$/;

/** Who may come in over HTTP. */
export interface Door {
  /** Names in `Host` that mean us; undefined when any does, which only a token makes safe. */
  readonly hosts: readonly string[] | undefined;
  readonly token: string | undefined;
}

export interface TurnedAway {
  readonly status: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Why a request is turned away, before its body is read. A page in a browser reaches a server on the same machine, also
 * under a name of its own that it lets point here: `Host` must be a name of ours, and `Origin` ourselves.
 */
export function turnAway(url: string, headers: IncomingHttpHeaders, { hosts, token }: Door): TurnedAway | undefined {
  const own = HOST.test(headers.host ?? '') ? parseUrl(`http://${headers.host}`) : undefined;
  if (own === undefined || (hosts !== undefined && !hosts.includes(own.hostname)))
    return { status: 403, message: 'the Host header names another host' };
  if (headers.origin !== undefined && parseUrl(headers.origin)?.host !== own.host)
    return { status: 403, message: 'pages of other origins have no access' };
  if (token !== undefined && !isToken(headers.authorization, token))
    return { status: 401, message: 'the bearer token is missing or wrong', headers: { 'www-authenticate': 'Bearer' } };
  if (parseUrl(`http://localhost${url}`)?.pathname !== MCP_PATH)
    return { status: 404, message: `there is nothing here; MCP is at ${MCP_PATH}` };
  return undefined;
}

function isToken(authorization: string | undefined, token: string): boolean {
  const [, given] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
