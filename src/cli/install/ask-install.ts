import { SkillError } from '../../../host/index.ts';
import type { InstallAsker, Proposal } from '../../install/asker.ts';
import { capabilitiesOf, mergeGrants, parseGrant, showGrant } from '../../policy/grant.ts';
import { unaskedIn, withoutCapabilities } from '../../policy/limit-grant.ts';
import { canAsk } from '../recipe/ask.ts';
import { inline, type Terminal } from '../terminal.ts';
import { printDetails, printProposal, printWarnings } from './print-proposal.ts';

/** Answers that were given with the command. */
export interface GrantFlags {
  /** Grant all that is asked for. */
  readonly yes?: boolean;
  /** Grant this much; `false` for `--no-grant`: nothing. */
  readonly grant: readonly string[] | false;
}

/** Asks the person at the terminal what a skill may touch, unless the command said so. @throws SkillError E_USAGE */
export function openInstallAsker({ yes = false, grant }: GrantFlags, terminal: Terminal): InstallAsker {
  const given = mergeGrants((grant === false ? [] : grant).map(parseGrant));
  capabilitiesOf(given);
  const isLess = grant === false || grant.length > 0;
  if (yes && isLess)
    throw new SkillError('E_USAGE', `--yes and --${grant === false ? 'no-' : ''}grant contradict each other`, {
      hint: 'give one of them',
    });
  return {
    async decide(proposal) {
      for (const name of unaskedIn(given, proposal.asks))
        terminal.say(`${proposal.id} does not ask for ${name} by name, and is not granted it\n`);
      if (Object.keys(proposal.fresh).length === 0) {
        printWarnings(proposal, terminal);
        return {};
      }
      const isAnswered = yes || isLess;
      if (!isAnswered && !canAsk()) throw nobodyToAsk(proposal);
      // Nobody can answer what quiet mode does not show.
      const shown: Terminal = isAnswered ? terminal : { ...terminal, say: (text) => terminal.error(text) };
      printProposal(proposal, shown);
      if (yes) return proposal.fresh;
      // Of what the command grants, what one skill asks for: several may be installed at once.
      if (isAnswered) return withoutCapabilities(given, new Set(unaskedIn(given, proposal.asks)));
      printWarnings({ warnings: await proposal.analyze() }, shown);
      return (await askPerson(proposal, shown)) ? proposal.fresh : undefined;
    },
    async pick(folders) {
      if (!canAsk()) return undefined;
      const { isCancel, multiselect } = await import('@clack/prompts');
      const picked = await multiselect({
        message: 'Which of its skills?',
        options: folders.map((value) => ({ value, label: inline(value) })),
        output: process.stderr,
      });
      if (isCancel(picked)) throw new SkillError('E_ABORTED', 'nothing was picked, and nothing installed');
      return picked;
    },
  };
}

async function askPerson(proposal: Proposal, terminal: Terminal): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const stop = new AbortController();
  lines.on('SIGINT', () => stop.abort());
  lines.on('close', () => stop.abort());
  try {
    for (;;) {
      const answer = (await lines.question('Install it and grant this? [y/N/d] ', stop)).trim().toLowerCase();
      if (answer === 'y' || answer === 'yes') return true;
      if (answer !== 'd') return false;
      printDetails(proposal, terminal);
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    throw new SkillError('E_ABORTED', 'the question was not answered, and nothing installed');
  } finally {
    lines.close();
  }
}

function nobodyToAsk({ id, fresh }: Proposal): SkillError {
  const parts = showGrant(fresh)
    .map((one) => `--grant ${one}`)
    .join(' or ');
  return new SkillError('E_CONFIRM', `${id} asks for capabilities, and there is nobody to ask`, {
    hint: `--yes grants all of it; ${parts} a part; --no-grant nothing`,
    details: { asks: fresh },
  });
}
