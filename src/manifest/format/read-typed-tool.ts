import type { DeclaredTool } from '../manifest.ts';
import { checkRuleText } from '../rule-text.ts';
import type { TableReader } from '../table-reader.ts';
import { checkLabel, type TextCheck } from '../text-checks.ts';
import { emptyTable, type Table } from '../values.ts';
import { readParameterList } from './read-parameter-list.ts';

const TYPES = ['code_inline', 'code_session', 'conversation', 'prompt_inline'] as const;
type Type = (typeof TYPES)[number];

/** Reads one field and says nothing when it is not there. */
type FieldReader = (root: TableReader, key: string) => unknown;

const text =
  (check?: TextCheck): FieldReader =>
  (root, key) =>
    root.text(key, check);
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const BAD_VARIABLE = {
  code: 'M_VARIABLE',
  wrong: 'is no name of a variable: letters, digits and _, and no digit first',
  fix: 'rename it',
};
/** No program can be given one. */
const checkNoNul: TextCheck = (value) =>
  value.includes('\0') ? { code: 'M_INVISIBLE', wrong: 'holds a NUL character', fix: 'remove it' } : undefined;
const PROGRAM: TextCheck = (name) => {
  const wrong = checkRuleText('terminal_exec', name);
  return wrong === undefined ? undefined : { code: 'M_RULE', wrong, fix: 'write its name; arguments go into args' };
};
const command: FieldReader = (root, key) => root.requiredText(key, { check: PROGRAM, example: 'python3' });
const prompt: FieldReader = (root, key) => root.requiredText(key, { example: 'Explain {topic}' });
const texts: FieldReader = (root, key) => root.texts(key);
const args: FieldReader = (root, key) => root.texts(key, checkNoNul);
const count: FieldReader = (root, key) => root.whole(key, { min: 1, max: 10_000_000 });
const flag: FieldReader = (root, key) => root.flag(key);
const known: FieldReader = (root, key) => root.value(key);
const table =
  (fields: Readonly<Record<string, FieldReader>>): FieldReader =>
  (root, key) => {
    if (!root.has(key)) return undefined;
    const section = root.section(key);
    const read = readFields(section, fields);
    section.finish();
    return read;
  };
const environment: FieldReader = (root, key) => {
  const section = root.table(key);
  if (section === undefined) return undefined;
  const variables = emptyTable();
  for (const name of section.names()) {
    if (!VARIABLE.test(name)) section.keyFault(name, BAD_VARIABLE);
    variables[name] = section.text(name, checkNoNul) ?? '';
  }
  return variables;
};

/** Read where they are enforced: as limits and as capabilities. */
const CODE = { args, environment, timeout: known, resource_limits: known, sandbox: known };

const SETTINGS: Readonly<Record<Type, Readonly<Record<string, FieldReader>>>> = {
  code_inline: { command, ...CODE },
  code_session: {
    command,
    ...CODE,
    session_config: table({
      session_timeout: count,
      max_sessions: count,
      cleanup_on_exit: flag,
      state_persistence: flag,
    }),
  },
  conversation: {
    prompt_template: prompt,
    context_files: table({ patterns: texts, exclude_patterns: texts, max_files: count, max_file_size_kb: count }),
    model: text(checkLabel(256)),
    context_window: count,
  },
  prompt_inline: { prompt, output_format: text(checkLabel(64)) },
};

/** The one tool that a `skill.json` is; undefined, and reported, when its type is missing or unknown. */
export function readTypedTool(
  root: TableReader,
  { name, description }: Pick<DeclaredTool, 'name' | 'description'>,
): DeclaredTool | undefined {
  if (!root.has('type')) root.missing('type', `write "type": "${TYPES[0]}", or one of ${TYPES.slice(1).join(', ')}`);
  const type = root.oneOf('type', TYPES);
  const parameters = readParameterList(root);
  if (type === undefined) {
    // Without a type nobody can say which of these do not belong to it.
    for (const key of Object.values(SETTINGS).flatMap(Object.keys)) root.value(key);
    return undefined;
  }
  const toolName = /^[a-z]/.test(name) ? name : 'run';
  return {
    name: toolName,
    description,
    type,
    parameters,
    returns: undefined,
    settings: readFields(root, SETTINGS[type]),
  };
}

function readFields(root: TableReader, fields: Readonly<Record<string, FieldReader>>): Table {
  const settings = emptyTable();
  for (const [key, read] of Object.entries(fields)) {
    const value = read(root, key);
    if (value !== undefined) settings[key] = value;
  }
  return settings;
}
