import { formatField } from '../../manifest/field-path.ts';
import type { TableReader } from '../../manifest/table-reader.ts';
import type { Command, Manner } from '../recipe.ts';
import type { Scope, Use } from '../scope.ts';
import { parseScript } from '../script.ts';
import { isReference } from '../template.ts';
import { splitWords } from '../words.ts';
import { readTemplate, readTemplates, toTemplate } from './read-template.ts';

const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;
/** More is never given to a program. */
const LONGEST = 64 * 1024;
const TOO_LONG = {
  wrong: 'is longer than 64 KiB, which no program is given',
  fix: 'put it into a file, or into several steps',
};
const LONGEST_MS = 300_000;

/** `command` (or `script`, `check`), as words or as one line, and `shell`. Undefined when it is not there, or no command. */
export function readCommand(table: TableReader, key: string, scope: Scope, use: Use): Command | undefined {
  const isShell = table.flag('shell') ?? false;
  const value = table.value(key);
  if (isShell) return readScript(table, key, scope, use);
  const texts = Array.isArray(value) ? readList(table, key) : readLine(table, key);
  if (texts === undefined) return undefined;
  const resolve = scope.resolver(use);
  const words = texts.map((text, i) =>
    toTemplate(text, resolve, {
      path: Array.isArray(value) ? [...table.at(key), i] : table.at(key),
      report: table.report,
    }),
  );
  const [program] = words;
  if (program === undefined || program.length === 0)
    return refuse(table, key, 'names no program', 'write a program and its arguments');
  if (!program.some(isReference)) return { kind: 'command', words };
  return refuse(table, key, 'takes its program from a value', 'name the program: a value chooses no program');
}

function readList(table: TableReader, key: string): readonly string[] | undefined {
  const texts = table.texts(key);
  return texts?.length === (table.value(key) as unknown[]).length ? texts : undefined;
}

function readLine(table: TableReader, key: string): readonly string[] | undefined {
  const text = table.text(key);
  if (text === undefined) return undefined;
  if (text.length > LONGEST) return refuse(table, key, TOO_LONG.wrong, TOO_LONG.fix);
  const split = splitWords(text);
  return 'words' in split ? split.words : refuse(table, key, split.wrong, split.fix);
}

/** A script for `sh`. What it is given of values comes as variables. */
function readScript(table: TableReader, key: string, scope: Scope, use: Use): Command | undefined {
  const text = table.text(key);
  if (text === undefined) return undefined;
  if (text.length > LONGEST) return refuse(table, key, TOO_LONG.wrong, TOO_LONG.fix);
  const template = toTemplate(text, scope.resolver({ ...use, secrets: true }), {
    path: table.at(key),
    report: table.report,
  });
  const parsed = parseScript(text, template);
  return 'wrong' in parsed ? refuse(table, key, parsed.wrong, parsed.fix) : { kind: 'shell', ...parsed };
}

/** `timeout` in seconds, `working_dir` and `env`. */
export function readManner(table: TableReader, scope: Scope, use: Use): Manner {
  const env = readTemplates(table, 'env', scope.resolver({ ...use, secrets: true }));
  for (const name of env.keys()) {
    if (!ENV_NAME.test(name))
      table
        .section('env')
        .keyFault(name, { code: 'M_NAME', wrong: 'is no name of a variable', fix: 'write letters, digits and _' });
  }
  return {
    timeoutMs: readSeconds(table, 'timeout'),
    workingDir: readTemplate(table, 'working_dir', scope.resolver(use)),
    env,
  };
}

/** A number of seconds, or a text such as `500ms`, `30s` or `2m`, in milliseconds. */
export function readSeconds(table: TableReader, key: string): number | undefined {
  const value = table.value(key);
  if (value === undefined) return undefined;
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  const [, amount, unit = 's'] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m)?$/.exec(text) ?? [];
  const ms = Math.round(Number(amount) * { ms: 1, s: 1_000, m: 60_000 }[unit as 'ms' | 's' | 'm']);
  if (amount !== undefined && ms >= 1 && ms <= LONGEST_MS) return ms;
  return refuse(table, key, `is no time from 1ms to ${LONGEST_MS / 60_000}m`, `write ${key}: 30s`);
}

function refuse(table: TableReader, key: string, wrong: string, fix: string): undefined {
  const path = table.at(key);
  table.report.error({ code: 'M_COMMAND', path, message: `${formatField(path)} ${wrong}`, fix });
}
