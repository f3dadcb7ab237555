import type { Readable, Writable } from 'node:stream';
import { createMcpHandler, isLegacyRequest, type McpServer } from '@modelcontextprotocol/server';
import { SkillsExtension } from '@modelcontextprotocol/server/ext/skills';
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { type LeftOut, type OfferOptions, offeredSkills } from '../agent/offered-skills.ts';
import { listTools, type ToolRuntime } from '../agent/tool-list.ts';
import { readVersion } from '../home/package.ts';
import { buildServer } from './build-server.ts';
import { listen, type Listening, type ListenOptions } from './http.ts';
import { listPrompts } from './prompts.ts';
import { type ReadInstructions, readInstructions } from './read-instructions.ts';
import { Sessions } from './sessions.ts';
import { skillSource } from './skill-source.ts';

export interface McpOptions extends OfferOptions {
  /** Where the instructions of a skill come from. Default: the body of SKILL.md, otherwise what lies in knowledge/. */
  readonly readInstructions?: ReadInstructions;
  /** Told of every skill that clients do not get, or not as files, and why. */
  readonly onLeftOut?: (left: LeftOut) => void;
}

/** The skills of a runtime for MCP clients, as they were when it was made. The runtime stays its maker's to close. */
export interface SkillsMcpServer {
  /** A server of the SDK, for one connection over a transport of your own. */
  connectable(): McpServer;
  /** Serves one client. `closed` resolves when it has gone, or `close` was called. */
  serveStdio(streams?: StdioStreams): { readonly closed: Promise<void>; close(): Promise<void> };
  /** Serves any number of clients by streamable HTTP. @throws SkillError E_USAGE, E_NETWORK */
  listen(options?: ListenOptions): Promise<Listening>;
}

export interface StdioStreams {
  readonly input: Readable;
  readonly output: Writable;
}

/** @throws SkillError E_USAGE, E_NOT_FOUND for a selection that cannot be meant */
export async function createMcpServer(runtime: ToolRuntime, options: McpOptions = {}): Promise<SkillsMcpServer> {
  const { onLeftOut = () => undefined, readInstructions: read = readInstructions } = options;
  const { skills, leftOut } = await offeredSkills(runtime, options);
  const tools = listTools(runtime, skills, leftOut);
  for (const left of tools.leftOut) onLeftOut(left);
  const offer = {
    version: readVersion(),
    tools,
    prompts: await listPrompts(skills, read, onLeftOut),
    skills: new SkillsExtension({
      source: skillSource({ skills, tools, readInstructions: read, onLeftOut }),
      onWarning: ({ path, message }) => onLeftOut({ skill: path, path, why: message }),
    }),
  };
  const connectable = (): McpServer => buildServer(offer);
  return {
    connectable,
    serveStdio: (streams = { input: process.stdin, output: process.stdout }) => openStdio(connectable, streams),
    async listen(listenOptions = {}) {
      const handler = createMcpHandler(connectable);
      const sessions = new Sessions(connectable);
      const listening = await listen(async (request) => {
        const isOld = await isLegacyRequest(request);
        return (isOld ? await sessions.fetch(request) : undefined) ?? (await handler.fetch(request));
      }, listenOptions);
      return {
        url: listening.url,
        async close() {
          await listening.close();
          await Promise.all([sessions.close(), handler.close()]);
        },
      };
    },
  };
}

function openStdio(
  connectable: () => McpServer,
  { input, output }: StdioStreams,
): ReturnType<SkillsMcpServer['serveStdio']> {
  const ended = new Promise<void>((resolve) => {
    input.once('end', resolve);
    input.once('close', resolve);
    output.once('error', () => resolve());
  });
  const handle = serveStdio(connectable, { transport: new StdioServerTransport(input, output) });
  let end = (): void => undefined;
  const asked = new Promise<void>((resolve) => (end = resolve));
  const closed = Promise.race([ended, asked]).then(() => handle.close());
  return {
    closed,
    close() {
      end();
      return closed;
    },
  };
}
