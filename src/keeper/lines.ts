import type { Socket } from 'node:net';

/** Characters of one message: the code of a request, or what it printed, with what JSON adds. */
const LONGEST = 64 * 1024 * 1024;

/** Values in JSON, one a line, as both ends of a keeper's socket speak. Ends with the connection, or with what is no such line. */
export async function* messagesOf(socket: Socket): AsyncGenerator<unknown, void, void> {
  let waiting = '';
  socket.setEncoding('utf8');
  for await (const chunk of socket as AsyncIterable<string>) {
    const lines = (waiting + chunk).split('\n');
    waiting = lines.pop() ?? '';
    if (waiting.length > LONGEST) return;
    for (const line of lines) {
      try {
        yield JSON.parse(line) as unknown;
      } catch {
        return;
      }
    }
  }
}

export function say(socket: Socket, message: unknown): void {
  socket.write(`${JSON.stringify(message)}\n`);
}
