import { diagnose } from '../../install/doctor.ts';
import { type Context, parseFormat } from '../context.ts';
import { withUnset } from '../install/with-installation.ts';
import { printData } from '../print.ts';
import { inline, wrap } from '../terminal.ts';

const BROKEN = 7;

/** `skill doctor`: what is wrong with what is installed; what only takes room is removed. Exit code 7 when more is wrong. */
export function doctor(
  flags: { readonly format: string; readonly dryRun?: boolean },
  context: Context,
): Promise<number> {
  const format = parseFormat(flags.format, ['text', 'json']);
  const { terminal } = context;
  return withUnset(context, async ({ installation }) => {
    const found = await diagnose(installation, { repair: flags.dryRun !== true });
    const open = found.filter(({ isMended }) => !isMended);
    if (format === 'json') await printData({ ok: open.length === 0, found }, 'json', terminal);
    else {
      for (const { what, why, isMended, fix } of found) {
        const state = isMended ? terminal.style('green', 'removed') : terminal.style('red', 'wrong:');
        terminal.out(`${wrap(`${state} ${inline(what)}: ${inline(why)}`, terminal.width, '  ')}\n`);
        if (!isMended) terminal.out(`${wrap(`  fix: ${inline(fix)}`, terminal.width, '       ')}\n`);
      }
      if (found.length === 0) terminal.out('nothing is wrong\n');
    }
    return open.length === 0 ? 0 : BROKEN;
  });
}
