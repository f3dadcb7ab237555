import type { DeclaredTool, JsonSchema } from '../manifest/manifest.ts';
import type { ContextFiles, ProgramSettings, SessionSettings, ToolSettings } from '../manifest/tool-settings.ts';
import { emptyTable, isTable, type Table } from '../manifest/values.ts';
import { listed, written, writeResilience } from './write-rules.ts';

const SHORT_KEYS = ['type', 'properties', 'required', 'additionalProperties'];
/** The longest name of a parameter that the short form takes. */
const LONGEST_NAME = 128;

/** One of `[[tools]]`. */
export function writeTool(tool: DeclaredTool): Table {
  return {
    name: tool.name,
    description: tool.description,
    type: tool.settings.type,
    ...writeSettings(tool.settings),
    cacheable: tool.cacheable ? true : undefined,
    parameters: tool.parameters && writeParameters(tool.parameters),
    returns: tool.returns,
    resilience: tool.resilience && writeResilience(tool.resilience),
  };
}

function writeSettings(settings: ToolSettings): Table {
  switch (settings.type) {
    case 'wasm':
      return { export: settings.export, args: settings.args };
    case 'code_inline':
      return { command: settings.command, ...writeProgram(settings) };
    case 'code_session':
      return {
        command: settings.command,
        ...writeProgram(settings),
        session_config: written(writeSession(settings.session)),
      };
    case 'script':
      return { script: settings.script, interpreter: settings.interpreter, ...writeProgram(settings) };
    case 'prompt_inline':
      return {
        prompt: settings.prompt,
        output_format: settings.outputFormat === 'text' ? undefined : settings.outputFormat,
      };
    case 'conversation':
      return {
        prompt_template: settings.promptTemplate,
        model: settings.model,
        context_window: settings.contextWindow,
        context_files: settings.contextFiles && writeContextFiles(settings.contextFiles),
      };
    case 'recipe':
      return { recipe: settings.recipe };
  }
}

function writeProgram({ args, environment, stdin, exitCodes, limits, sandbox }: ProgramSettings): Table {
  const { timeout_ms: timeout } = limits;
  return {
    args: listed(args),
    stdin,
    exit_codes: exitCodes.length === 1 && exitCodes[0] === 0 ? undefined : exitCodes,
    timeout: timeout === undefined ? undefined : timeout / 1_000,
    environment: written(Object.fromEntries(environment)),
    resource_limits: written({
      max_memory_mb: limits.memory_mb,
      max_cpu_percent: limits.cpu_percent,
      max_file_size_mb: limits.file_size_mb,
      max_processes: limits.processes,
    }),
    sandbox: sandbox && {
      allow_network: sandbox.allowNetwork,
      allow_file_write: sandbox.allowFileWrite,
      allowed_paths: sandbox.allowedPaths,
    },
  };
}

function writeSession({ idleMs, maxSessions, cleanupOnExit, statePersistence, share }: SessionSettings): Table {
  return {
    session_timeout: idleMs === 3_600_000 ? undefined : idleMs / 1_000,
    max_sessions: maxSessions === 5 ? undefined : maxSessions,
    cleanup_on_exit: cleanupOnExit ? undefined : false,
    state_persistence: statePersistence ? true : undefined,
    share,
  };
}

function writeContextFiles({ patterns, excludePatterns, maxFiles, maxFileSizeKb }: ContextFiles): Table {
  return {
    patterns: listed(patterns),
    exclude_patterns: listed(excludePatterns),
    max_files: maxFiles,
    max_file_size_kb: maxFileSizeKb,
  };
}

/** One table for each parameter where that says all there is; otherwise the schema. */
function writeParameters(schema: JsonSchema): Table {
  const { properties, required } = schema;
  if (!isShort(schema) || !isTable(properties)) return schema;
  const names = required as readonly unknown[];
  const short = emptyTable();
  for (const [name, parameter] of Object.entries(properties))
    short[name] = { ...(parameter as Table), required: names.includes(name) ? true : undefined };
  return short;
}

function isShort(schema: JsonSchema): boolean {
  const { properties, required } = schema;
  if (schema['additionalProperties'] !== false || !isTable(properties) || !Array.isArray(required)) return false;
  const names = Object.keys(properties);
  const inOrder = names.filter((name) => required.includes(name));
  return (
    Object.keys(schema).every((key) => SHORT_KEYS.includes(key)) &&
    JSON.stringify(inOrder) === JSON.stringify(required) &&
    names.every((name) => name !== '' && name.length <= LONGEST_NAME && isShortParameter(properties[name]))
  );
}

function isShortParameter(parameter: unknown): boolean {
  return isTable(parameter) && typeof parameter['type'] === 'string' && parameter['required'] === undefined;
}
