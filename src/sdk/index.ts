export {
  type CommandOutput,
  type FileEntry,
  type FileStat,
  HostError,
  type HttpRequest,
  type HttpResponse,
  type ToolContext,
} from './context.ts';
export {
  createToolHandler,
  defineSkill,
  defineTool,
  type SkillDefinition,
  type ToolDefinition,
  type ToolHandler,
} from './define.ts';
export type { HostModules } from './host-modules.ts';
export type { InputOf, JsonSchema, OutputOf, Schema, StandardSchema } from './schema.ts';
export { type DescribedTool, describeTools, serve } from './serve.ts';
export { callTool, createTestContext, type TestContext, type TestResponse, type TestWorld } from './testing.ts';
