import { type CallToolResult, McpServer, ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import type { SkillsExtension } from '@modelcontextprotocol/server/ext/skills';
import type { ToolAnswer } from '../agent/answer.ts';
import { oneLine } from '../agent/readable.ts';
import type { ToolList } from '../agent/tool-list.ts';
import type { SkillPrompt } from './prompts.ts';

/** What every connection is offered. */
export interface Offer {
  readonly version: string;
  readonly tools: ToolList;
  readonly prompts: readonly SkillPrompt[];
  readonly skills: SkillsExtension;
}

/** A server of the SDK for one connection, or one request. */
export function buildServer({ version, tools, prompts, skills }: Offer): McpServer {
  // What is offered stays as it was when the server was made, so that nothing is ever said to have changed.
  const fixed = { listChanged: false };
  const mcp = new McpServer(
    { name: 'skillhost', version },
    { capabilities: { tools: fixed, prompts: fixed, resources: fixed } },
  );
  // Not `registerTool`: it would compile the schemas of strangers to code, and the runtime checks input already.
  mcp.server.setRequestHandler('tools/list', () => ({
    tools: tools.tools.map(({ name, description, parameters }) => {
      const { skill, tool } = tools.target(name) ?? { skill: '', tool: '' };
      const inputSchema = { ...parameters, type: 'object' as const };
      return { name, title: oneLine(`${skill}.${tool}`), description, inputSchema };
    }),
  }));
  mcp.server.setRequestHandler('tools/call', async ({ params: { name, arguments: input = {} } }, { mcpReq }) => {
    if (tools.target(name) === undefined)
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, (await tools.call(name, input)).text);
    return toResult(await tools.call(name, input, { signal: mcpReq.signal }));
  });
  for (const { name, title, description, text } of prompts) {
    mcp.registerPrompt(name, { title, description }, () => ({
      description,
      messages: [{ role: 'user', content: { type: 'text', text } }],
    }));
  }
  skills.attach(mcp);
  return mcp;
}

/**
 * A failed run is a result as well, for the model to read; errors of the protocol are for faults of the client. No
 * output schema is declared: clients would hold the error to it.
 */
function toResult(answer: ToolAnswer): CallToolResult {
  const content: CallToolResult['content'] = [{ type: 'text', text: answer.text }];
  if (!answer.ok) return { isError: true, content, structuredContent: { ...answer.error } };
  const { value } = answer;
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return { content, ...(isObject && { structuredContent: { ...value } }) };
}
