import { describe, expect, it } from 'vitest';
import type { Rule } from '../../host/index.ts';
import { printDetails, printProposal } from '../../src/cli/install/print-proposal.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import type { Proposal } from '../../src/install/asker.ts';

const WIDTH = 80;

/** What a terminal of 80 columns shows of a skill with this description. */
function shown(description: string): readonly string[] {
  let said = '';
  const terminal = {
    width: WIDTH,
    style: (_: string, text: string) => text,
    say: (text: string) => void (said += text),
  };
  const proposal = {
    id: 'custom.a',
    version: '1.0.0',
    source: 'file:///a',
    signer: undefined,
    description,
    asks: {},
    fresh: {},
    warnings: [],
    before: undefined,
    isDependency: false,
  };
  printProposal(proposal as unknown as Proposal, terminal as unknown as Terminal);
  // As a terminal breaks what is too long for it.
  return said.split('\n').flatMap((line) => line.match(new RegExp(`.{1,${WIDTH}}`, 'gu')) ?? []);
}

describe('the question of an installation [R-INSTALL-5]', () => {
  const dashes = '-'.repeat(119);
  it.each([
    ['words', 'signed by acme-2026'],
    ['spaces', `Greets.${' '.repeat(76)}  signed by acme-2026`],
    ['long words', `Greets. ${dashes} from registry:main/acme@2.0.0 ${dashes} signed by acme-2026 ${dashes}`],
    ['a word that breaks', `${'x'.repeat(78)}signed by acme-2026`],
    ['spaces that are none', `${'x'.repeat(76)}\u00a0\u00a0signed\u00a0by\u00a0acme-2026`],
  ])('has no line of its author that looks like one of ours: %s', (_, description) => {
    const ours = shown(description).filter((line) => !line.startsWith('  | '));
    expect(ours).toEqual(['custom.a 1.0.0', '  from file:///a', '  signed by nobody known here']);
  });
});

describe('what somebody sees who asks for more [R-INSTALL-5]', () => {
  it('says with which words programs may be started', () => {
    let said = '';
    const terminal = { say: (text: string) => void (said += text) };
    const rule = (text: string): Rule => ({ text, origin: 'manifest' });
    const proposal = {
      asks: { terminal_exec: ['git'], network: ['a.example.org'] },
      programs: {
        commands: [rule('git')],
        blocked: [rule('git push *')],
        args: new Map([['git', [rule('status'), rule('log\u001b[2J *')]]]),
      },
      before: undefined,
    };
    printDetails(proposal as unknown as Proposal, terminal as unknown as Terminal);
    expect(said.split('\n')).toEqual([
      'As its manifest asks for it:',
      '  terminal_exec = ["git"]',
      '  network = ["a.example.org"]',
      String.raw`  terminal_exec.args.git = ["status","log\u001b[2J *"]`,
      '  terminal_exec.blocked = ["git push *"]',
      '',
    ]);
  });
});
