import type { Socket } from 'node:net';

/** Characters of one message: the code of a request, or what it printed, with what JSON adds. */
const LONGEST = 64 * 1024 * 1024;

/** Values in JSON, one a line, as both ends of a keeper's socket speak. Ends with the connection, or with what is no such line. */
export async function* messagesOf(socket: Socket): AsyncGenerator<unknown, void, void> {
  let waiting: string[] = [];
  let length = 0;
  socket.setEncoding('utf8');
  for await (const chunk of socket as AsyncIterable<string>) {
    const lines = chunk.split('\n');
    const rest = lines.pop() ?? '';
    for (const line of lines) {
      const text = [...waiting, line].join('');
      waiting = [];
      length = 0;
      const message = parse(text);
      if (message === undefined) return;
      yield message.value;
    }
    waiting.push(rest);
    length += rest.length;
    if (length > LONGEST) return;
  }
}

function parse(line: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(line) as unknown };
  } catch {
    return undefined;
  }
}

export function say(socket: Socket, message: unknown): void {
  socket.write(`${JSON.stringify(message)}\n`);
}
