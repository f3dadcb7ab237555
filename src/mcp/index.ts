export type { LeftOut } from '../agent/offered-skills.ts';
export type { ToolRuntime } from '../agent/tool-list.ts';
export type { Listening, ListenOptions } from './http.ts';
export { createMcpServer, type McpOptions, type SkillsMcpServer, type StdioStreams } from './mcp-server.ts';
export { readInstructions, type ReadInstructions } from './read-instructions.ts';
