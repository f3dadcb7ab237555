import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { onTestFinished } from 'vitest';

export interface Loopback {
  readonly port: number;
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  /** The heads of the requests it was sent. */
  readonly heads: string[];
  readonly sockets: Socket[];
  connections: number;
}

/** Answers a request, of which it gets the head. */
export type Answer = (socket: Socket, head: string, nth: number) => void;

export const say =
  (...lines: readonly string[]): Answer =>
  (socket) =>
    void socket.end(lines.join('\r\n'), 'latin1');

export const redirect = (to: string, status = 302): Answer =>
  say(`HTTP/1.1 ${status} Found`, `location: ${to}`, 'content-length: 0', 'connection: close', '', '');

export const hello = say('HTTP/1.1 200 OK', 'content-length: 5', '', 'hello');

/** A server on this machine that speaks bytes, not HTTP, so that it can say what no library would. */
export function serve(answer: Answer, host = '127.0.0.1'): Promise<Loopback> {
  return listen(createServer(), { answer, host, ready: 'connection' });
}

export function serveTls(answer: Answer, identity: { readonly key: string; readonly cert: string }): Promise<Loopback> {
  return listen(createTlsServer(identity), { answer, host: '127.0.0.1', ready: 'secureConnection' });
}

/** Writes again and again until nobody listens. */
export function drip(socket: Socket, text: string, ms: number): void {
  const timer = setInterval(() => (socket.writable ? socket.write(text) : clearInterval(timer)), ms);
  socket.on('close', () => clearInterval(timer));
}

/** Writes as fast as it is read. */
export function pour(socket: Socket, text: string): void {
  const more = (): void => {
    while (socket.writable && socket.write(text));
  };
  socket.on('drain', more);
  more();
}

async function listen(
  server: Server,
  { answer, host, ready }: { readonly answer: Answer; readonly host: string; readonly ready: string },
): Promise<Loopback> {
  const sockets: Socket[] = [];
  const loopback: Loopback = { port: 0, origin: '', heads: [], sockets, connections: 0 };
  server.on('tlsClientError', () => undefined);
  server.on('connection', (socket: Socket) => {
    loopback.connections++;
    sockets.push(socket.on('error', () => undefined));
  });
  server.on(ready, (socket: Socket) => {
    let head = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      if (head.includes('\r\n\r\n')) return;
      head += chunk.toString('latin1');
      // A greeting of TLS is answered as well, by whoever does not speak it.
      if (head.includes('\r\n\r\n') || head.startsWith('\x16')) answer(socket, head, loopback.heads.push(head));
    });
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  server.listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return Object.assign(loopback, { port, origin: `http://${host}:${port}` });
}
