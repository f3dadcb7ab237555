import { join } from 'node:path';
import { type CallToolResult, Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { onTestFinished } from 'vitest';
import { createMcpServer, type McpOptions, type SkillsMcpServer } from '../../src/mcp/index.ts';
import type { ToolRuntime } from '../../src/mcp/index.ts';
import { MAIN } from '../cli/support.ts';

export type Revision = 'legacy' | 'auto';

/** Where closing is left to; otherwise it is the end of the test. */
export type AtEnd = (close: () => Promise<void>) => void;

function newClient(revision: Revision): Client {
  return new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: revision } });
}

/** What the model reads of a result. */
export function textOf({ content }: CallToolResult): string {
  const [only] = content;
  return only?.type === 'text' ? only.text : JSON.stringify(content);
}

/** Starts the command as an agent does, and speaks to it over its standard input and output. */
export async function overStdio(
  root: string,
  words: readonly string[] = [],
  revision: Revision = 'legacy',
  atEnd: AtEnd = onTestFinished,
): Promise<{ client: Client; said: () => string; pid: number | null }> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [MAIN, '--home', join(root, 'home'), 'mcp', ...words],
    cwd: root,
    stderr: 'pipe',
  });
  let said = '';
  transport.stderr?.on('data', (bytes: Buffer) => (said += bytes.toString()));
  const client = newClient(revision);
  await client.connect(transport);
  atEnd(() => client.close());
  return { client, said: () => said, pid: transport.pid };
}

/** A client of an address, with what it sends in every request. */
export async function overHttp(
  url: string,
  revision: Revision = 'legacy',
  headers: Readonly<Record<string, string>> = {},
  atEnd: AtEnd = onTestFinished,
): Promise<Client> {
  const client = newClient(revision);
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { ...headers } } }));
  atEnd(() => client.close());
  return client;
}

/** A server over HTTP on a free port of this machine. */
export async function serve(
  runtime: ToolRuntime,
  options: McpOptions = {},
  token?: string,
  atEnd: AtEnd = onTestFinished,
): Promise<{ url: string; server: SkillsMcpServer }> {
  const server = await createMcpServer(runtime, options);
  const listening = await server.listen(token === undefined ? {} : { token });
  atEnd(() => listening.close());
  return { url: listening.url, server };
}
