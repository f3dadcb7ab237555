import { removeSkills, switchSkills } from '../../install/remove.ts';
import type { Context } from '../context.ts';
import { withInstallation } from '../install/with-installation.ts';
import { closeKeptOf } from '../session-keeper.ts';

export interface RemoveFlags {
  readonly keepState?: boolean;
}

const STATE = { none: '', removed: ', and its state', kept: '; its state is kept' } as const;

/** `skill remove ID…`: also what was here only because of them, and what they kept unless `--keep-state`. */
export function remove(ids: readonly string[], flags: RemoveFlags, context: Context): Promise<number> {
  return withInstallation(context, async ({ installation }) => {
    const removed = await removeSkills(ids, installation, flags);
    await closeKeptOf(
      installation.home,
      removed.map(({ id }) => id),
    );
    for (const { id, version, state } of removed) context.terminal.say(`removed ${id} ${version}${STATE[state]}\n`);
    return 0;
  });
}

/** `skill enable ID…` and `skill disable ID…`. */
export function switchTo(enabled: boolean, ids: readonly string[], context: Context): Promise<number> {
  return withInstallation(context, async ({ installation }) => {
    const changed = new Set((await switchSkills(ids, enabled, installation)).map(({ id }) => id));
    if (!enabled) await closeKeptOf(installation.home, ids);
    const what = enabled ? 'enabled' : 'disabled';
    for (const id of ids) context.terminal.say(changed.has(id) ? `${what} ${id}\n` : `${id} is ${what} already\n`);
    return 0;
  });
}
