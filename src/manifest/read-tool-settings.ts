import { quote } from '../../host/index.ts';
import { formatField } from './field-path.ts';
import { readResourceLimits } from './format/read-budget.ts';
import { checkRuleText } from './rule-text.ts';
import type { TableReader } from './table-reader.ts';
import { checkInnerPath, checkLabel, type TextCheck } from './text-checks.ts';
import {
  OUTPUT_FORMATS,
  type ContextFiles,
  type ProgramSettings,
  type SessionSettings,
  type ToolSandbox,
  type ToolSettings,
  type ToolType,
} from './tool-settings.ts';

/** Seconds. */
const LONGEST_IDLE = 7 * 24 * 3_600;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** No program can be given one. */
const checkNoNul: TextCheck = (value) =>
  value.includes('\0') ? { code: 'M_INVISIBLE', wrong: 'holds a NUL character', fix: 'remove it' } : undefined;

const checkProgram: TextCheck = (name) => {
  const wrong = checkRuleText('terminal_exec', name) ?? (name === '*' ? 'is no program' : undefined);
  return wrong === undefined ? undefined : { code: 'M_RULE', wrong, fix: 'write its name; arguments go into args' };
};

const checkScript: TextCheck = (path) => {
  const fault = checkInnerPath(path);
  if (fault !== undefined || path.startsWith('scripts/')) return fault;
  return { code: 'M_PATH', wrong: 'lies outside of scripts/', fix: 'put it there, and write "scripts/NAME"' };
};

/** Stars of one part of a path: each more multiplies the steps of a match by the length of a name. */
const MOST_STARS = 3;
const MOST_DEEP = 2;

const checkPattern: TextCheck = (pattern) => {
  const fault = checkLabel(512)(pattern);
  if (fault !== undefined) return fault;
  const parts = pattern.split('/');
  const deep = parts.filter((part) => part === '**').length;
  const stars = Math.max(...parts.map((part) => (part === '**' ? 0 : part.split('*').length - 1)));
  if (deep <= MOST_DEEP && stars <= MOST_STARS) return undefined;
  return {
    code: 'M_PATTERN',
    wrong: `has more than ${MOST_STARS} stars between two slashes, or ** more than ${MOST_DEEP} times`,
    fix: 'write several simpler patterns',
  };
};

/**
 * The fields of a tool that belong to its type.
 * @param isWhole the manifest is this one tool: its limits and its sandbox are those of the skill, and read there
 */
export function readToolSettings(tool: TableReader, type: ToolType, isWhole: boolean): ToolSettings {
  switch (type) {
    case 'wasm':
      return { type, export: tool.text('export', checkLabel(256)), args: tool.texts('args', checkNoNul) };
    case 'code_inline':
      return { type, command: readCommand(tool), ...readProgram(tool, isWhole) };
    case 'code_session':
      return { type, command: readCommand(tool), session: readSession(tool), ...readProgram(tool, isWhole) };
    case 'script':
      return {
        type,
        script: tool.requiredText('script', { check: checkScript, example: 'scripts/run.sh' }),
        interpreter: tool.text('interpreter', checkProgram),
        ...readProgram(tool, isWhole),
      };
    case 'prompt_inline':
      return {
        type,
        prompt: tool.requiredText('prompt', { example: 'Explain {topic}' }),
        outputFormat: tool.oneOf('output_format', OUTPUT_FORMATS) ?? 'text',
      };
    case 'conversation':
      return {
        type,
        promptTemplate: tool.requiredText('prompt_template', { example: 'Explain {topic}' }),
        contextFiles: readContextFiles(tool),
        model: tool.text('model', checkLabel(256)),
        contextWindow: count(tool, 'context_window'),
      };
    case 'recipe':
      return { type, recipe: tool.requiredText('recipe', { check: checkLabel(128), example: 'my-recipe' }) };
  }
}

const count = (table: TableReader, key: string, max = 10_000_000): number | undefined =>
  table.whole(key, { min: 1, max });

const readCommand = (tool: TableReader): string =>
  tool.requiredText('command', { check: checkProgram, example: 'python3' });

function readProgram(tool: TableReader, isWhole: boolean): ProgramSettings {
  return {
    args: tool.texts('args', checkNoNul) ?? [],
    environment: readEnvironment(tool),
    stdin: tool.text('stdin', checkNoNul),
    exitCodes: readExitCodes(tool),
    limits: isWhole ? {} : readResourceLimits(tool),
    sandbox: isWhole ? undefined : readSandbox(tool),
  };
}

function readEnvironment(tool: TableReader): ReadonlyMap<string, string> {
  const section = tool.section('environment');
  const variables = new Map<string, string>();
  for (const name of section.names()) {
    if (!VARIABLE.test(name))
      section.keyFault(name, {
        code: 'M_VARIABLE',
        wrong: 'is no name of a variable: letters, digits and _, and no digit first',
        fix: 'rename it',
      });
    variables.set(name, section.text(name, checkNoNul) ?? '');
  }
  return variables;
}

function readExitCodes(tool: TableReader): readonly number[] {
  const codes = tool.value('exit_codes') ?? [0];
  const isCode = (one: unknown): one is number => Number.isInteger(one) && Number(one) >= 0 && Number(one) <= 255;
  if (Array.isArray(codes) && codes.length > 0 && codes.every(isCode)) return codes;
  const path = tool.at('exit_codes');
  const message = `${formatField(path)} = ${quote(JSON.stringify(codes), 60)} is no list of whole numbers from 0 to 255`;
  const fix = `write ${tool.report.syntax.assign('exit_codes', '[0, 1]')}`;
  tool.report.error({ code: 'M_TYPE', path, message, fix });
  return [0];
}

function readSandbox(tool: TableReader): ToolSandbox | undefined {
  const section = tool.table('sandbox');
  if (section === undefined) return undefined;
  const sandbox = {
    allowNetwork: section.flag('allow_network') ?? false,
    allowFileWrite: section.flag('allow_file_write') ?? false,
    allowedPaths: section.texts('allowed_paths', (text) => {
      const wrong = checkRuleText('filesystem_read', text);
      return wrong === undefined ? undefined : { code: 'M_RULE', wrong, fix: 'write a path such as "./"' };
    }),
  };
  section.finish();
  return sandbox;
}

function readSession(tool: TableReader): SessionSettings {
  const section = tool.section('session_config');
  const seconds = count(section, 'session_timeout', LONGEST_IDLE) ?? 3_600;
  const settings = {
    idleMs: seconds * 1_000,
    maxSessions: count(section, 'max_sessions', 100) ?? 5,
    cleanupOnExit: section.flag('cleanup_on_exit') ?? true,
    statePersistence: section.flag('state_persistence') ?? false,
    share: section.text('share', checkLabel(64)),
  };
  section.finish();
  return settings;
}

function readContextFiles(tool: TableReader): ContextFiles | undefined {
  const section = tool.table('context_files');
  if (section === undefined) return undefined;
  const files = {
    patterns: section.texts('patterns', checkPattern) ?? [],
    excludePatterns: section.texts('exclude_patterns', checkPattern) ?? [],
    maxFiles: count(section, 'max_files', 1_000),
    maxFileSizeKb: count(section, 'max_file_size_kb', 100_000),
  };
  section.finish();
  return files;
}
