import { quote, SkillError } from '../../../host/index.ts';
import { capabilitiesBefore } from '../../install/decide-grant.ts';
import { grantMore, revoke } from '../../install/grant.ts';
import { type Grant, isGrantable, mergeGrants, parseGrant, requestOf, showGrant } from '../../policy/grant.ts';
import { unaskedIn } from '../../policy/limit-grant.ts';
import type { Context } from '../context.ts';
import { withInstallation } from '../install/with-installation.ts';
import { closeKeptOf } from '../session-keeper.ts';
import { inline } from '../terminal.ts';

/** `skill capabilities ID grant|revoke CAP=SCOPE…`: what a skill that is installed may touch at each run. */
export async function changeCapabilities(
  id: string,
  action: string,
  scopes: readonly string[],
  context: Context,
): Promise<number> {
  if (action !== 'grant' && action !== 'revoke')
    throw new SkillError('E_USAGE', `unknown action ${quote(action)}`, { hint: 'one of grant, revoke' });
  if (scopes.length === 0)
    throw new SkillError('E_USAGE', `it says nothing of what to ${action}`, {
      hint: `such as skill capabilities ${id} ${action} filesystem_read=./data`,
    });
  const { terminal } = context;
  return withInstallation(context, async ({ installation, config }) => {
    const skill =
      action === 'grant'
        ? await grantMore(id, mergeGrants(scopes.map(parseGrant)), config, installation)
        : await revoke(id, mergeGrants(scopes.map(parseRevoked)), installation);
    if (action === 'revoke') await closeKeptOf(installation.home, [id]);
    const now = showGrant(skill.granted);
    terminal.say(now.length === 0 ? `${id} is granted nothing\n` : `${id} is granted\n`);
    for (const one of now) terminal.say(`  ${inline(one)}\n`);
    const asks = await capabilitiesBefore(skill, installation);
    // Of secrets a manifest may ask for all, which is no name.
    const asked = asks && { ...requestOf(asks), ...(asks.secretsAccess.length > 0 && { secrets_access: ['*'] }) };
    for (const name of asked === undefined ? [] : unaskedIn(skill.granted, asked))
      terminal.say(`${id} does not ask for ${name}, and may not use it\n`);
    return 0;
  });
}

/** A capability alone means all of it. */
function parseRevoked(text: string): Grant {
  return isGrantable(text) ? { [text]: [] } : parseGrant(text);
}
