import type { ContextAugmentation } from '../../knowledge/augmentation.ts';
import type { Found } from '../../knowledge/search.ts';
import { type Context, parseFormat } from '../context.ts';
import { printData } from '../print.ts';
import { inert, inline, type Terminal, wrap } from '../terminal.ts';
import { parseCount } from './search.ts';

export interface ContextFlags {
  readonly budget: string;
  readonly explain?: boolean;
  readonly format: string;
}

/** `skill context PROMPT`: what would stand in front of the prompt; with `--explain`, why. */
export async function context(
  prompt: string,
  flags: ContextFlags,
  { terminal, openRuntime }: Context,
): Promise<number> {
  const format = parseFormat(flags.format, ['text', 'json', 'yaml']);
  const budget = parseCount('--budget', flags.budget, 8_000);
  const runtime = await openRuntime({ spare: false });
  try {
    const augmentation = await runtime.augment(prompt, { budget, tokens: 'exact' });
    if (format !== 'text') await printData(augmentation, format, terminal);
    else if (flags.explain === true) explain(augmentation, await runtime.search(prompt, 5), terminal);
    else print(augmentation, terminal);
    return 0;
  } finally {
    await runtime.close();
  }
}

function print({ systemContext, tokens, skills, warnings }: ContextAugmentation, terminal: Terminal): void {
  terminal.out(inert(systemContext));
  for (const warning of warnings) terminal.say(`warning: ${inline(warning)}\n`);
  const names = skills.map(({ id }) => id).join(', ');
  terminal.say(
    skills.length === 0
      ? 'no skill fits the prompt; --explain shows those that come close\n'
      : `${tokens.count} tokens (${tokens.tokenizer}) of ${names}; --explain shows why\n`,
  );
}

function explain(augmentation: ContextAugmentation, close: readonly Found[], terminal: Terminal): void {
  const { skills, recipes, dropped, warnings, tokens } = augmentation;
  const line = (text: string, indent: string): void =>
    terminal.out(`${wrap(indent + inline(text), terminal.width, `${indent}  `)}\n`);
  line(`${tokens.count} tokens, counted by ${tokens.tokenizer}`, '');
  for (const { id, version, score, why, files, tokens: count } of skills) {
    terminal.out(`\n${inline(id)} ${inline(version)}  score ${score.toFixed(2)}  ${count} tokens\n`);
    for (const reason of why) line(reason, '  because ');
    for (const file of files) line(file, '  from ');
  }
  if (recipes.length > 0) terminal.out('\nrecipes on offer\n');
  for (const { id, skill, name } of recipes) line(`${skill}.${id}: ${name}`, '  ');
  const others = close.filter(({ id }) => !skills.some((skill) => skill.id === id));
  if (others.length > 0) terminal.out('\nclose, and not taken\n');
  for (const { id, score, why } of others)
    line(`${id}  score ${score.toFixed(2)}: ${why.slice(0, 3).join('; ')}`, '  ');
  if (dropped.length > 0) terminal.out('\nfits, and left out\n');
  for (const { what, why } of dropped) line(`${what}: ${why}`, '  ');
  if (warnings.length > 0) terminal.out('\nchanged\n');
  for (const warning of warnings) line(warning, '  ');
}
