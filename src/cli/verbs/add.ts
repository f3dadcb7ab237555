import { SkillError } from '../../../host/index.ts';
import { type Added, addSkills } from '../../install/add.ts';
import { linkSkill } from '../../install/link.ts';
import { showGrant } from '../../policy/grant.ts';
import { type Context, parseFormat } from '../context.ts';
import type { GrantFlags } from '../install/ask-install.ts';
import { addOptionsOf, type AllowFlags, withInstallation } from '../install/with-installation.ts';
import { printData } from '../print.ts';
import { inline, type Terminal } from '../terminal.ts';

export interface AddFlags extends AllowFlags, GrantFlags {
  readonly format: string;
  readonly link?: boolean;
  readonly all?: boolean;
  readonly pick: readonly string[];
}

/** `skill add REQUEST…`: installs skills, all or none. */
export async function add(requests: readonly string[], flags: AddFlags, context: Context): Promise<number> {
  const format = parseFormat(flags.format, ['text', 'json']);
  const { terminal } = context;
  if (flags.all === true && flags.pick.length > 0)
    throw new SkillError('E_USAGE', '--all and --pick contradict each other', { hint: 'give one of them' });
  return withInstallation(context, async (open) => {
    const options = addOptionsOf(open, flags, context);
    if (flags.link === true) {
      for (const request of requests) {
        const { id, version, source } = await linkSkill(request, options, open.installation);
        terminal.say(`linked ${id} ${version} to ${inline(source)}\n`);
      }
      return 0;
    }
    const pick = flags.all === true ? ('all' as const) : flags.pick;
    const added = await addSkills(requests, { ...options, ...(pick.length > 0 && { pick }) }, open.installation);
    if (format === 'json') await printData({ ok: true, added: added.map(toData) }, 'json', terminal);
    else for (const one of added) printAdded(one, terminal);
    return 0;
  });
}

export function printAdded({ skill, before }: Added, terminal: Terminal): void {
  const { id, version, granted, signature } = skill;
  if (before === skill) return terminal.say(`${id} ${version} is installed already\n`);
  const from = before === undefined ? '' : before.version === version ? ' anew' : ` instead of ${before.version}`;
  const by = signature === undefined ? '' : `, signed by ${inline(signature.signer)}`;
  terminal.say(`${terminal.style('green', 'installed')} ${id} ${version}${from}${by}\n`);
  for (const grant of showGrant(granted)) terminal.say(`  granted ${inline(grant)}\n`);
}

export function toData({ skill, before, warnings }: Added): unknown {
  const { id, version, source, integrity, signature, granted } = skill;
  return { id, version, before: before?.version, source, integrity, signature, granted, warnings };
}
