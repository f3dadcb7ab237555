import { judgeSignature } from '../../install/judge-signature.ts';
import { restore } from '../../install/restore.ts';
import type { Context } from '../context.ts';
import { trustRulesOf, withInstallation } from '../install/with-installation.ts';

/** `skill install --frozen`: fetches what the lock file names and is not here, byte for byte. */
export function installFrozen(context: Context): Promise<number> {
  return withInstallation(context, async (open) => {
    const trust = trustRulesOf(open);
    const fetched = await restore(
      {
        supply: open.supply,
        judge: async (skill, incoming) => void (await judgeSignature({ ...skill, ...incoming }, skill, trust)),
      },
      open.installation,
    );
    for (const { id, version } of fetched) context.terminal.say(`installed ${id} ${version}\n`);
    if (fetched.length === 0) context.terminal.say('everything the lock file names is here\n');
    return 0;
  });
}
