import { type Update, updateSkills } from '../../install/update.ts';
import { type Context, parseFormat } from '../context.ts';
import type { GrantFlags } from '../install/ask-install.ts';
import { addOptionsOf, type AllowFlags, withInstallation } from '../install/with-installation.ts';
import { printData, printListing } from '../print.ts';
import { exitCodeOf, printError, toReport } from '../report-error.ts';
import { inline } from '../terminal.ts';
import { printAdded, toData } from './add.ts';

export interface UpdateFlags extends AllowFlags, GrantFlags {
  readonly format: string;
  readonly check?: boolean;
  readonly major?: boolean;
}

const SAYS: Readonly<Record<Update['state'], string>> = {
  current: 'up to date',
  newer: 'skill update takes it',
  held: 'may break what relies on it: --major takes it',
  older: 'is older than what is installed: --allow-downgrade takes it',
  linked: 'linked: always as its folder is',
  failed: 'cannot be told',
};

/** `skill update [ID…]`: with `--check` only what there is. */
export function update(ids: readonly string[], flags: UpdateFlags, context: Context): Promise<number> {
  const format = parseFormat(flags.format, ['table', 'json', 'yaml']);
  const { terminal } = context;
  return withInstallation(context, async (open) => {
    const options = addOptionsOf(open, flags, context);
    const { updates, added } = await updateSkills(
      ids,
      { ...options, check: flags.check === true, major: flags.major === true },
      open.installation,
    );
    const failed = updates.filter(({ error }) => error !== undefined);
    const [first] = failed;
    if (first?.error !== undefined && updates.length === 1) throw first.error;
    const code = first?.error === undefined ? 0 : exitCodeOf(first.error);
    if (flags.check === true) {
      await printListing(
        {
          columns: ['SKILL', 'INSTALLED', 'THERE IS', ''],
          rows: updates.map(({ skill, version, state, error }) =>
            error === undefined
              ? [skill.id, skill.version, version, SAYS[state]]
              : [skill.id, skill.version, '', `${SAYS[state]}: ${inline(error.message)}`],
          ),
          data: updates.map(toCheckData),
          empty: 'nothing is installed',
        },
        format,
        terminal,
      );
      return code;
    }
    if (format !== 'table')
      await printData(
        { ok: code === 0, updated: added.map(toData), failed: failed.map(toCheckData) },
        format,
        terminal,
      );
    for (const { skill, version, state } of updates) {
      if (state === 'held' || state === 'older')
        terminal.say(`${skill.id} stays ${skill.version}: ${version} ${SAYS[state]}\n`);
    }
    if (format === 'table') for (const one of added) printAdded(one, terminal);
    for (const { skill, error } of failed) {
      terminal.error(`${skill.id} stays ${skill.version}:\n`);
      if (error !== undefined) await printError(error, terminal);
    }
    if (added.length === 0 && failed.length === 0) terminal.say('nothing new\n');
    return code;
  });
}

function toCheckData({ skill, version, state, error }: Update): unknown {
  const about = { id: skill.id, installed: skill.version, state };
  return error === undefined ? { ...about, version } : { ...about, error: toReport(error) };
}
