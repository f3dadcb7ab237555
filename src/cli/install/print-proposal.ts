import type { Rule } from '../../../host/index.ts';
import type { Proposal } from '../../install/asker.ts';
import type { FileChanges } from '../../install/compare-files.ts';
import type { GrantableCapability } from '../../policy/grant.ts';
import { asksOf, type Risk } from '../../policy/risk.ts';
import { inline, type Terminal, wrap } from '../terminal.ts';

const WORDS: Readonly<Record<GrantableCapability, string>> = {
  terminal_exec: 'run programs on this machine',
  secrets_access: 'use secrets',
  filesystem_write: 'change files',
  filesystem_read: 'read files',
  network: 'connect to',
  env_read: 'see environment variables',
  messaging: 'send messages to agents',
};
const MARKS: Readonly<Record<Risk, string>> = { high: '!!', medium: '! ', low: '  ' };
const COLORS = { high: 'red', medium: 'yellow', low: 'dim' } as const;
const LEGEND = '!! could do lasting harm   !  could reach things of yours';

/** Says what is to be installed, from whom, and what it wants. */
export function printProposal(proposal: Proposal, terminal: Terminal): void {
  const { id, version, source, signer, description, fresh, asks, before, isDependency } = proposal;
  const from = before === undefined ? '' : ` (${before.version} is installed)`;
  const say = (text: string, indent = ''): void => terminal.say(`${wrap(text, terminal.width, indent)}\n`);
  say(`${terminal.style('bold', `${id} ${version}`)}${from}${isDependency ? ', because another skill needs it' : ''}`);
  if (description !== '') say(`  | ${cutWords(inline(description), terminal.width)}`, '  | ');
  say(`  from ${inline(source)}`, '    ');
  say(`  ${signer === undefined ? 'signed by nobody known here' : `signed by ${inline(signer)}`}`);
  if (before?.files !== undefined) say(`  ${countFiles(before.files)}`);
  printWarnings(proposal, terminal);
  const wanted = asksOf(before === undefined ? asks : fresh);
  if (wanted.length === 0) return;
  say(before === undefined ? '\nIt asks to' : '\nIt newly asks to');
  for (const { capability, scopes, risk } of wanted) {
    const mark = terminal.style(COLORS[risk], MARKS[risk]);
    say(`  ${mark} ${WORDS[capability]}: ${scopes.map(inline).join(', ')}`, '       ');
  }
  if (wanted.some(({ risk }) => risk !== 'low')) say(terminal.style('dim', `  ${LEGEND}`));
  say('');
}

/** No word goes beyond a line, where the rest of it would begin as a line of ours. */
function cutWords(text: string, width: number): string {
  return text.replaceAll(new RegExp(`[^ ]{${Math.max(8, width - 8)}}`, 'gu'), '$& ');
}

export function printWarnings({ warnings }: Pick<Proposal, 'warnings'>, terminal: Terminal): void {
  for (const warning of warnings) {
    const text = `  ${terminal.style('yellow', 'warning:')} ${inline(warning)}`;
    terminal.say(`${wrap(text, terminal.width, '    ')}\n`);
  }
}

/** Everything that somebody may want to know before they agree. */
export function printDetails({ asks, programs, before }: Proposal, terminal: Terminal): void {
  terminal.say('As its manifest asks for it:\n');
  const show = (name: string, texts: readonly string[]): void =>
    terminal.say(`  ${name} = ${inline(JSON.stringify(texts))}\n`);
  for (const { capability, scopes } of asksOf(asks)) show(capability, scopes);
  for (const [program, patterns] of programs.args) show(`terminal_exec.args.${inline(program)}`, patterns.map(textOf));
  if (programs.blocked.length > 0) show('terminal_exec.blocked', programs.blocked.map(textOf));
  const files = before?.files;
  if (files === undefined) return;
  const list = (mark: string, paths: readonly string[]): void => {
    for (const path of paths.slice(0, MOST_SHOWN)) terminal.say(`  ${mark} ${inline(path)}\n`);
    if (paths.length > MOST_SHOWN) terminal.say(`  ${mark} and ${paths.length - MOST_SHOWN} more\n`);
  };
  terminal.say('Its files:\n');
  list('+', files.added);
  list('~', files.changed);
  list('-', files.removed);
}

const MOST_SHOWN = 50;
const textOf = ({ text }: Rule): string => text;

/** Such as `files: 1 added, 2 changed`. */
function countFiles({ added, changed, removed }: FileChanges): string {
  const counts = [
    [added.length, 'added'],
    [changed.length, 'changed'],
    [removed.length, 'removed'],
  ] as const;
  const some = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return some.length === 0 ? 'files: all as before' : `files: ${some.join(', ')}`;
}
