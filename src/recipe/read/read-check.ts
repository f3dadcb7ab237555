import { formatField } from '../../manifest/field-path.ts';
import type { TableReader } from '../../manifest/table-reader.ts';
import { checkLabel } from '../../manifest/text-checks.ts';
import type { Precondition, Undo, Verification } from '../recipe.ts';
import type { Scope } from '../scope.ts';
import { readCommand, readManner } from './read-command.ts';
import { readExpect } from './read-expect.ts';
import { readTool } from './read-step.ts';
import { toTemplate } from './read-template.ts';

const CHECKS = ['command_exists', 'env_set', 'file_exists', 'custom'] as const;

/** One precondition; of `args`, all must be there. */
export function readPrecondition(table: TableReader, scope: Scope): Precondition | undefined {
  const check = table.oneOf('check', CHECKS);
  const told = {
    message: table.text('message', checkLabel(1_024)),
    fallback: table.text('fallback', checkLabel(1_024)),
  };
  if (check === undefined) {
    if (!table.has('check')) table.missing('check', `write check: ${CHECKS.join(', ')}`);
    return undefined;
  }
  if (check === 'custom') {
    const action = readCommand(table, 'script', scope, {});
    if (!table.has('script')) table.missing('script', 'write script: a command that succeeds when the condition holds');
    const custom = { manner: readManner(table, scope, {}), expect: readExpect(table, scope, {}) };
    table.finish();
    return action && { check, action, ...custom, ...told };
  }
  const args = table.texts('args') ?? [];
  const { length } = (table.value('args') as unknown[] | undefined) ?? [];
  if (length === 0) table.missing('args', `write args: ["…"], what ${check} looks for`);
  table.finish();
  if (check === 'command_exists') return { check, programs: args, ...told };
  if (check === 'env_set') return { check, names: args, ...told };
  const resolve = scope.resolver();
  const paths = args.map((text, i) =>
    toTemplate(text, resolve, { path: [...table.at('args'), i], report: table.report }),
  );
  return { check, paths, ...told };
}

export function readVerification(table: TableReader, scope: Scope): Verification | undefined {
  const action = readCommand(table, 'check', scope, {});
  if (!table.has('check')) table.missing('check', 'write check: a command that succeeds when all is well');
  const rest = {
    manner: readManner(table, scope, {}),
    expect: readExpect(table, scope, {}),
    message: table.text('message', checkLabel(1_024)),
  };
  table.finish();
  return action && { action, ...rest };
}

/** One entry of `rollback`. `repeated` are the steps with a `for_each`, whose undoing has an item, too. */
export function readUndo(
  table: TableReader,
  scope: Scope,
  { ids, repeated }: { readonly ids: readonly string[]; readonly repeated: ReadonlySet<string> },
): Undo | undefined {
  const undoes = table.text('undoes');
  if (undoes !== undefined && !ids.includes(undoes))
    table.fault('undoes', undoes, {
      code: 'M_UNKNOWN_NAME',
      wrong: 'is the id of no step',
      fix: `write one of ${ids.slice(0, 20).join(', ')}`,
    });
  const use = { item: undoes !== undefined && repeated.has(undoes) };
  const isTool = table.has('tool');
  if (isTool === table.has('command')) {
    const message = `${formatField(table.path)} must have one of command and tool`;
    table.report.error({ code: 'M_STEP', path: table.path, message, fix: 'write command: what takes the step back' });
  }
  const action = isTool ? readTool(table, scope, use) : readCommand(table, 'command', scope, use);
  const undo = {
    manner: readManner(table, scope, use),
    description: table.text('description', checkLabel(1_024)) ?? '',
    undoes,
    idempotent: table.flag('idempotent') ?? false,
  };
  for (const key of ['working_dir', 'env', 'timeout'])
    if (isTool && table.has(key)) {
      const path = table.at(key);
      const message = `${formatField(path)} belongs to a command, and this is a tool`;
      table.report.error({ code: 'M_COMBINATION', path, message, fix: 'remove it' });
    }
  table.finish();
  return action && { action, ...undo };
}
