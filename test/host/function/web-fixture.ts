import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { WireValue } from '../../../host/wire/codec.ts';
import { bytesOf } from './scope-fixture.ts';

export interface Answer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

/** The answer of `http.fetch`, by name. */
export function answerOf(value: WireValue): Answer {
  const [status, headers, body] = value as unknown as [number, (readonly [string, string])[], Uint8Array];
  return { status, headers, body: Buffer.from(body).toString('latin1') };
}

/** Arguments of `http.fetch`. */
export function request(
  url: string,
  method = 'GET',
  headers: readonly (readonly [string, string])[] = [],
  body = '',
): WireValue[] {
  return [method, url, headers, bytesOf(body)];
}

export interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Web {
  readonly port: number;
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  readonly received: Received[];
  connections: number;
}

async function listen(server: Server): Promise<Web> {
  const sockets = new Set<Socket>();
  const web: Web = { port: 0, origin: '', received: [], connections: 0 };
  server.on('connection', (socket) => {
    web.connections++;
    sockets.add(socket.on('error', () => undefined));
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  // Every address of the machine, of both families where it has them.
  server.listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return Object.assign(web, { port, origin: `http://127.0.0.1:${port}` });
}

/** An HTTP server that keeps what it was sent. */
export async function serve(
  respond: (response: ServerResponse, request: Received) => void = (response) => void response.end('hello'),
): Promise<Web> {
  const server = createHttpServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method, url, headers } = incoming;
      const one = { method, url, headers, body: Buffer.concat(chunks).toString() };
      web.received.push(one);
      respond(response, one);
    });
  });
  const web = await listen(server);
  return web;
}

/** A server that answers with these bytes, whatever it is asked, and then does as told. */
export function serveRaw(bytes: string, then: 'end' | 'wait' = 'end'): Promise<Web> {
  return listen(
    createTcpServer((socket) => {
      socket.once('data', () => (then === 'end' ? socket.end(bytes, 'latin1') : socket.write(bytes, 'latin1')));
    }),
  );
}
