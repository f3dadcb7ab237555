import { verifyInstalled } from '../../install/verify.ts';
import { type Context, parseFormat } from '../context.ts';
import { trustRulesOf, withInstallation } from '../install/with-installation.ts';
import { printData } from '../print.ts';
import { inline, wrap } from '../terminal.ts';

const BROKEN = 7;
const MARKS: Readonly<Record<string, string>> = { passed: 'yes', noted: '-  ', refused: 'NO ' };

/** `skill verify [ID…]`: whether everything is as it was installed. Exit code 7 when something is not. */
export function verify(
  ids: readonly string[],
  flags: { readonly format: string; readonly explain?: boolean },
  context: Context,
): Promise<number> {
  const format = parseFormat(flags.format, ['text', 'json']);
  const { terminal } = context;
  return withInstallation(context, async (open) => {
    const verified = await verifyInstalled(ids, trustRulesOf(open), open.installation);
    const ok = verified.every(({ fault }) => fault === undefined);
    if (format === 'json') {
      const skills = verified.map(({ skill, fault, steps }) => ({
        id: skill.id,
        version: skill.version,
        ok: fault === undefined,
        fault,
        steps,
      }));
      await printData({ ok, skills }, 'json', terminal);
      return ok ? 0 : BROKEN;
    }
    for (const { skill, fault, steps } of verified) {
      const { id, version, signature } = skill;
      const by = signature === undefined ? '' : `, signed by ${inline(signature.signer)} when it was installed`;
      const state = fault === undefined ? terminal.style('green', 'intact') : terminal.style('red', 'NOT intact');
      const line = `${id} ${version} is ${state}${fault === undefined ? by : `: ${inline(fault)}`}`;
      terminal.out(`${wrap(line, terminal.width, '  ')}\n`);
      if (flags.explain !== true) continue;
      for (const { result, says } of steps)
        terminal.out(`${wrap(`  ${MARKS[result] ?? result} ${inline(says)}`, terminal.width, '      ')}\n`);
    }
    if (verified.length === 0) terminal.say('nothing is installed\n');
    else if (!ok)
      terminal.say('skill install --frozen fetches again what is not intact; find out first who changed it\n');
    return ok ? 0 : BROKEN;
  });
}
