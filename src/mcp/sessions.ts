import { randomUUID } from 'node:crypto';
import {
  isInitializeRequest,
  type McpServer,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';

// A client that went without a word leaves its session; the one that was used the longest time ago makes room.
const MOST = 256;

type Transport = WebStandardStreamableHTTPServerTransport;

/**
 * Clients of revisions before 2026-07-28 over HTTP. They cancel a call by a request of its own, in which nothing but
 * their session says whose call it is: without one, a client could not cancel, or could cancel the calls of others.
 */
export class Sessions {
  readonly #open = new Map<string, Transport>();
  readonly #connectable: () => McpServer;

  constructor(connectable: () => McpServer) {
    this.#connectable = connectable;
  }

  /** Undefined for a request that neither belongs to a session nor begins one. */
  async fetch(request: Request): Promise<Response | undefined> {
    const id = request.headers.get('mcp-session-id');
    const body = await readJson(request);
    if (id === null && !isInitializeRequest(body)) return undefined;
    const transport = id === null ? await this.#begin() : this.#use(id);
    if (transport === undefined) return gone();
    request.signal.addEventListener('abort', () => cancel(transport, body), { once: true });
    return transport.handleRequest(request, { ...(body !== undefined && { parsedBody: body }) });
  }

  /** Ends every session and the runs it began. */
  async close(): Promise<void> {
    const all = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(all.map((transport) => transport.close()));
  }

  #use(id: string): Transport | undefined {
    const transport = this.#open.get(id);
    if (transport === undefined) return undefined;
    this.#open.delete(id);
    this.#open.set(id, transport);
    return transport;
  }

  async #begin(): Promise<Transport> {
    const transport: Transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => this.#keep(id, transport),
      onsessionclosed: (id) => void this.#open.delete(id),
    });
    await this.#connectable().connect(transport);
    return transport;
  }

  async #keep(id: string, transport: Transport): Promise<void> {
    const [oldest] = this.#open;
    this.#open.set(id, transport);
    if (oldest === undefined || this.#open.size <= MOST) return;
    this.#open.delete(oldest[0]);
    await oldest[1].close();
  }
}

/** A client that no longer waits for an answer has cancelled what it asked. */
function cancel(transport: Transport, body: unknown): void {
  for (const message of [body].flat()) {
    const requestId = (message as { readonly id?: unknown } | undefined)?.id;
    if (typeof requestId === 'string' || typeof requestId === 'number')
      transport.onmessage?.({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } });
  }
}

/** Undefined for what is no JSON, which whoever answers says best. */
async function readJson(request: Request): Promise<unknown> {
  try {
    return await request.clone().json();
  } catch {
    return undefined;
  }
}

function gone(): Response {
  const error = { code: -32_001, message: 'there is no such session; begin a new one' };
  return Response.json({ jsonrpc: '2.0', error, id: null }, { status: 404 });
}
