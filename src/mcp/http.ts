import { lookup } from 'node:dns/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { quote, SkillError } from '../../host/index.ts';
import { type Door, MCP_PATH, turnAway, type TurnedAway } from './http-door.ts';

export interface ListenOptions {
  /** Default: 127.0.0.1. Any other than this machine's own needs a token. */
  readonly host?: string;
  /** Default: 0, a free one. */
  readonly port?: number;
  /** What clients must send as `Authorization: Bearer …`. */
  readonly token?: string;
}

export interface Listening {
  /** Where clients connect. */
  readonly url: string;
  /** Ends every connection and every run it began. */
  close(): Promise<void>;
}

/** Serves one request. */
export type Fetch = (request: Request) => Promise<Response>;

const MAX_BODY = 4 * 1024 * 1024;
const TOO_LARGE: TurnedAway = { status: 413, message: `a body has ${MAX_BODY} bytes at most` };
const REQUEST_MS = 30_000;
const TOKEN = /^[A-Za-z0-9._~+/-]{16,512}=*$/;

/** @throws SkillError E_USAGE for a token that is none, or a public address without one; E_NETWORK when it cannot listen */
export async function listen(fetch: Fetch, options: ListenOptions): Promise<Listening> {
  const { host = '127.0.0.1', port = 0, token } = options;
  const address = await resolveHost(host);
  const door: Door = { hosts: hostsOf(host, address), token };
  requireToken(host, address, token);
  const server = createServer((request, response) => void answer(request, response, { door, fetch }));
  // Headers and body; an answer may take as long as its run.
  server.requestTimeout = REQUEST_MS;
  server.headersTimeout = REQUEST_MS;
  await start(server, address, port);
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://${address.includes(':') ? `[${address}]` : address}:${bound}${MCP_PATH}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { door, fetch }: { readonly door: Door; readonly fetch: Fetch },
): Promise<void> {
  // A client that goes away takes its run along.
  const gone = new AbortController();
  response.on('close', () => void (response.writableFinished || gone.abort()));
  try {
    const refused = turnAway(request.url ?? '/', request.headers, door);
    if (refused !== undefined) return refuse(request, response, refused);
    const body = await readBody(request);
    if (body === undefined) return refuse(request, response, TOO_LARGE);
    const answered = await fetch(toRequest(request, body, gone.signal));
    response.writeHead(answered.status, Object.fromEntries(answered.headers));
    if (answered.body === null) response.end();
    else await pipeline(Readable.fromWeb(answered.body), response);
  } catch (error) {
    if (gone.signal.aborted || request.errored !== null) return;
    process.emitWarning(error instanceof Error ? error : String(error));
    if (response.headersSent) response.destroy();
    else refuse(request, response, { status: 500, message: 'a defect of skillhost' });
  }
}

/** Undefined for more than is read. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY) return undefined;
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MAX_BODY) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function toRequest({ method = 'GET', url, headers }: IncomingMessage, body: Buffer, signal: AbortSignal): Request {
  const list = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as [string, string]],
  );
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return new Request(`http://${headers.host ?? 'localhost'}${url ?? '/'}`, {
    method,
    headers: list,
    signal,
    ...(hasBody && { body: new Uint8Array(body) }),
  });
}

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  { status, message, headers = {} }: TurnedAway,
): void {
  const body = JSON.stringify({ jsonrpc: '2.0', error: { code: -32_000, message }, id: null });
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close', ...headers }).end(body);
  // What is still being sent is thrown away, so that the client gets to read the answer.
  request.resume();
}

async function resolveHost(host: string): Promise<string> {
  try {
    return (await lookup(host)).address;
  } catch (error) {
    throw cannotListen(host, error);
  }
}

function requireToken(host: string, address: string, token: string | undefined): void {
  if (token !== undefined && !TOKEN.test(token))
    throw new SkillError('E_USAGE', 'the token is not 16 to 512 letters, digits or any of . _ ~ + / -', {
      hint: 'make one with: openssl rand -hex 32',
    });
  if (token === undefined && !isLoopback(address))
    throw new SkillError('E_USAGE', `${quote(host)} can be reached by others, so that clients need a token`, {
      hint: 'add --token, or listen on 127.0.0.1',
    });
}

/** Names that mean us; any, where we listen on all addresses. */
function hostsOf(host: string, address: string): readonly string[] | undefined {
  if (address === '0.0.0.0' || address === '::') return undefined;
  const own = [host, address].map((name) => (name.includes(':') ? `[${name}]` : name.toLowerCase()));
  return isLoopback(address) ? ['localhost', '127.0.0.1', '[::1]', ...own] : own;
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}

async function start(server: Server, host: string, port: number): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => {
        server.off('error', reject);
        resolve();
      });
    });
  } catch (error) {
    throw cannotListen(`${host}:${port}`, error);
  }
}

function cannotListen(where: string, error: unknown): SkillError {
  const { code } = error as NodeJS.ErrnoException;
  return new SkillError('E_NETWORK', `cannot listen on ${quote(where)}: ${code ?? String(error)}`, {
    hint: 'choose another port, or 0 for a free one',
    cause: error,
  });
}
