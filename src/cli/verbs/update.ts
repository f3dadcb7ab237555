import { type Update, updateSkills } from '../../install/update.ts';
import { type Context, parseFormat } from '../context.ts';
import type { GrantFlags } from '../install/ask-install.ts';
import { addOptionsOf, type AllowFlags, withInstallation } from '../install/with-installation.ts';
import { printData, printListing } from '../print.ts';
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
  older: 'older than what is installed: --allow-downgrade takes it',
  linked: 'linked: always as its folder is',
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
    if (flags.check === true) {
      await printListing(
        {
          columns: ['SKILL', 'INSTALLED', 'THERE IS', ''],
          rows: updates.map(({ skill, version, state }) => [skill.id, skill.version, version, SAYS[state]]),
          data: updates.map(({ skill, version, state }) => ({
            id: skill.id,
            installed: skill.version,
            version,
            state,
          })),
          empty: 'nothing is installed',
        },
        format,
        terminal,
      );
      return 0;
    }
    if (format !== 'table') await printData({ ok: true, updated: added.map(toData) }, format, terminal);
    for (const { skill, version, state } of updates) {
      if (state === 'held' || state === 'older')
        terminal.say(`${skill.id} stays ${skill.version}: ${version} is ${SAYS[state]}\n`);
    }
    if (format === 'table') for (const one of added) printAdded(one, terminal);
    if (added.length === 0) terminal.say('nothing new\n');
    return 0;
  });
}
