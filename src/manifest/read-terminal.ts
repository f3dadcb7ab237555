import { type CommandRules, NO_COMMANDS, quote, type Rule } from '../../host/index.ts';
import { formatField } from './field-path.ts';
import { readRuleList } from './read-rules.ts';
import { checkArgsText, checkRuleText } from './rule-text.ts';
import type { TableReader } from './table-reader.ts';
import { isTable } from './values.ts';

const KEY = 'terminal_exec';

/** `terminal_exec`: which programs, and which never. */
export function readTerminal(capabilities: TableReader): CommandRules {
  const value = capabilities.value(KEY);
  if (value === undefined) return NO_COMMANDS;
  if (!isTable(value)) {
    const listed = Array.isArray(value) ? (value as unknown[]).filter((item) => typeof item === 'string') : [];
    const commands = (listed.length === 0 ? ['git'] : listed).map((name) => quote(name)).join(', ');
    capabilities.wrongType(KEY, 'a table', `write ${KEY} = { allowed = true, commands = [${commands}] }`);
    return NO_COMMANDS;
  }
  const terminal = capabilities.section(KEY);
  const allowed = terminal.flag('allowed') ?? false;
  const written = terminal.value('commands');
  const commands = readRuleList(terminal, 'commands', 'terminal_exec');
  const rules = {
    blocked: readRuleList(terminal, 'blocked', 'terminal_exec'),
    args: readArgs(terminal, commands),
  };
  terminal.finish();
  if (allowed && (written === undefined || (Array.isArray(written) && written.length === 0))) reportEvery(terminal);
  if (!allowed && commands.length > 0) reportNotAllowed(terminal);
  return { ...rules, commands: allowed ? commands : [] };
}

/** Elsewhere an empty list has meant every program; here that has to be written out, so nobody grants it unseen. */
function reportEvery(terminal: TableReader): void {
  const message = 'capabilities.terminal_exec is allowed but names no commands';
  const fix = 'write commands = ["*"] if every program is meant; otherwise name them, such as commands = ["git"]';
  terminal.report.error({ code: 'M_COMMANDS_EMPTY', path: terminal.at('commands'), message, fix });
}

function reportNotAllowed(terminal: TableReader): void {
  const message = 'capabilities.terminal_exec names commands but does not say allowed = true: none is requested';
  const fix = 'write allowed = true, or remove the commands';
  terminal.report.warn({ code: 'M_COMMANDS_NOT_ALLOWED', path: terminal.at('commands'), message, fix });
}

function readArgs(terminal: TableReader, commands: readonly Rule[]): CommandRules['args'] {
  const args = terminal.section('args');
  const byProgram = new Map<string, readonly Rule[]>();
  for (const program of args.names()) {
    const wrong = program === '*' ? 'must name one program' : checkRuleText('terminal_exec', program);
    if (wrong !== undefined) args.keyFault(program, { code: 'M_RULE', wrong, fix: 'write the program it is for' });
    else if (!commands.some(({ text }) => text === program || text === '*')) reportUnusedArgs(args, program);
    byProgram.set(program, readPatterns(args, program));
  }
  return byProgram;
}

function readPatterns(args: TableReader, program: string): readonly Rule[] {
  const fix = `write patterns such as ["status", "log **"]`;
  const texts = args.texts(program, (text) => {
    const wrong = checkArgsText(text);
    return wrong === undefined ? undefined : { code: 'M_RULE', wrong, fix };
  });
  if (texts?.length === 0 && (args.value(program) as unknown[]).length === 0) {
    const path = args.at(program);
    const message = `${formatField(path)} is empty, which would let any arguments pass`;
    args.report.error({ code: 'M_ARGS_EMPTY', path, message, fix: `${fix}, or remove the line to allow any` });
  }
  return (texts ?? []).map((text, index) => ({ text, origin: formatField([...args.at(program), index]) }));
}

function reportUnusedArgs(args: TableReader, program: string): void {
  const path = args.at(program);
  const message = `${formatField(path)} has patterns for a program that commands does not name`;
  args.report.warn({ code: 'M_ARGS_UNUSED', path, message, fix: `add ${quote(program)} to commands` });
}
