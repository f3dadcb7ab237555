import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** A request as the server got it. */
export interface Asked {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: {
    readonly model: string;
    readonly stream: boolean;
    readonly messages: readonly { content: unknown }[];
  };
}

export interface ModelServer {
  readonly url: string;
  readonly asked: Asked[];
  /** Connections that the other side closed before the answer was over. */
  readonly cut: () => number;
}

type Answer = (response: ServerResponse, request: IncomingMessage) => void | Promise<void>;

/** A server that speaks the chat completions of OpenAI, streaming, on loopback. */
export async function modelServer(answer: Answer): Promise<ModelServer> {
  const asked: Asked[] = [];
  let cut = 0;
  const server = createServer((request, response) => {
    response.on('close', () => {
      if (!response.writableEnded) cut++;
    });
    void text(request).then(async (body) => {
      asked.push({
        path: request.url ?? '',
        authorization: request.headers.authorization,
        body: JSON.parse(body) as Asked['body'],
      });
      await answer(response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1`, asked, cut: () => cut };
}

const chunk = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;

/** What a model says, part by part, as server-sent events. */
export function saying(...parts: readonly string[]): Answer {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(chunk({ role: 'assistant', content: '' }));
    for (const part of parts) response.write(chunk({ content: part }));
    response.end(`${chunk({}, 'stop')}data: [DONE]\n\n`);
  };
}

/** The same, cut into pieces of a few bytes: also within a character. */
export function inPieces(size: number, ...parts: readonly string[]): Answer {
  return async (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const bytes = Buffer.from(
      `${parts.map((part) => chunk({ content: part })).join('')}${chunk({}, 'stop')}data: [DONE]\n\n`,
    );
    for (let at = 0; at < bytes.length; at += size) {
      response.write(bytes.subarray(at, at + size));
      if (at % (size * 50) === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    response.end();
  };
}

/** Says one part, and then nothing for as long as anybody listens. */
export const hanging: Answer = (response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(chunk({ content: 'so far' }));
};
