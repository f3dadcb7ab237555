import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export const IMAGE = 'application/vnd.oci.image.manifest.v1+json';
export const sha256 = (bytes: Uint8Array | string): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

export interface FakeRegistry {
  /** With its port. */
  readonly host: string;
  readonly blobs: Map<string, Buffer>;
  /** By tag and by digest. */
  readonly manifests: Map<string, { readonly type: string; readonly bytes: Buffer }>;
  /** Method and path of every request. */
  readonly asked: string[];
  /** Headers of the requests that had credentials. */
  readonly authorized: string[];
  /** Answers in its place; true when it did. */
  answer: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
  blob(bytes: Uint8Array | string): { digest: string; size: number };
  manifest(tag: string, value: object, type?: string): string;
}

/** A registry in this process that keeps to the protocol, until it is told to lie. */
export async function fakeRegistry(): Promise<FakeRegistry> {
  const registry: FakeRegistry = {
    host: '',
    blobs: new Map(),
    manifests: new Map(),
    asked: [],
    authorized: [],
    answer: undefined,
    blob(bytes) {
      const digest = sha256(bytes);
      registry.blobs.set(digest, Buffer.from(bytes));
      return { digest, size: Buffer.byteLength(bytes) };
    },
    manifest(tag, value, type = IMAGE) {
      const bytes = Buffer.from(JSON.stringify(value));
      for (const name of [tag, sha256(bytes)]) registry.manifests.set(name, { type, bytes });
      return sha256(bytes);
    },
  };
  const server = createServer((request, response) => {
    registry.asked.push(`${request.method} ${request.url}`);
    const { authorization } = request.headers;
    if (authorization !== undefined) registry.authorized.push(authorization);
    if (registry.answer?.(request, response) === true) return;
    void serve(registry, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return Object.assign(registry, { host: `127.0.0.1:${(server.address() as AddressInfo).port}` });
}

async function serve(
  { blobs, manifests }: FakeRegistry,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://registry');
  const [, kind = '', reference = ''] = /^\/v2\/.+\/(manifests|blobs|referrers)\/(.*)$/.exec(pathname) ?? [];
  const body = await collect(request);
  const end = (status: number, headers: Record<string, string> = {}, bytes?: Buffer): void => {
    response.writeHead(status, headers);
    response.end(request.method === 'HEAD' ? undefined : bytes);
  };
  if (pathname === '/v2/') return end(200);
  if (kind === 'manifests' && request.method === 'PUT') {
    for (const name of [reference, sha256(body)])
      manifests.set(name, { type: request.headers['content-type'] ?? '', bytes: body });
    return end(201);
  }
  if (kind === 'blobs' && request.method === 'POST') return end(202, { location: `${pathname}one` });
  if (kind === 'blobs' && request.method === 'PUT') {
    const digest = searchParams.get('digest') ?? '';
    if (digest !== sha256(body)) return end(400);
    blobs.set(digest, body);
    return end(201);
  }
  const manifest = kind === 'manifests' ? manifests.get(reference) : undefined;
  if (manifest !== undefined)
    return end(200, { 'content-type': manifest.type, 'docker-content-digest': sha256(manifest.bytes) }, manifest.bytes);
  const blob = kind === 'blobs' ? blobs.get(reference) : undefined;
  return blob === undefined ? end(404) : end(200, {}, blob);
}

async function collect(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
