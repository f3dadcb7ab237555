import { formatField } from '../../manifest/field-path.ts';
import type { TableReader } from '../../manifest/table-reader.ts';
import { checkInnerPath, checkLabel } from '../../manifest/text-checks.ts';
import type { Trigger } from '../recipe.ts';

const SYSTEMS = ['linux', 'darwin', 'win32'] as const;

export function readTrigger(table: TableReader): Trigger {
  const context = table.section('context');
  const systems = context.texts('os') ?? [];
  const trigger: Trigger = {
    keywords: table.texts('keywords', checkLabel(64)) ?? [],
    intent: table.text('intent', checkLabel(256)),
    hasFiles: context.texts('has_files', checkInnerPath) ?? [],
    envSet: context.texts('env_set', checkLabel(128)) ?? [],
    os: systems.map((name) => ALIASES.get(name) ?? name),
  };
  for (const name of trigger.os)
    if (!SYSTEMS.some((known) => known === name))
      context.fault('os', name, { code: 'M_CHOICE', wrong: 'is no system', fix: `write ${SYSTEMS.join(', ')}` });
  if (trigger.keywords.length === 0 && trigger.intent === undefined) {
    const message = `${formatField(table.path)} has neither keywords nor an intent, so any prompt would fit`;
    table.report.error({ code: 'M_TRIGGER', path: table.path, message, fix: 'write keywords: ["squash commits"]' });
  }
  context.finish();
  table.finish();
  return trigger;
}

const ALIASES: ReadonlyMap<string, string> = new Map([
  ['macos', 'darwin'],
  ['windows', 'win32'],
]);
