import { relative } from 'node:path';
import { quote, quoteForShell, SkillError } from '../../../host/index.ts';
import { isTemplate, type TemplateName, TEMPLATES } from '../../template/templates.ts';
import { writeTemplate } from '../../template/write-template.ts';
import { type Context, parseFormat } from '../context.ts';
import { printData } from '../print.ts';
import { canAsk } from '../recipe/ask.ts';
import { inline } from '../terminal.ts';

export interface InitFlags {
  readonly template?: string;
  readonly into: string;
  readonly format: string;
}

/** `skill init NAME`: writes the folder of a new skill. */
export async function init(name: string | undefined, flags: InitFlags, { terminal }: Context): Promise<number> {
  const format = parseFormat(flags.format, ['text', 'json']);
  const isAsked = format === 'text' && canAsk();
  const chosen = flags.template === undefined ? await chooseTemplate(isAsked) : readTemplate(flags.template);
  const made = writeTemplate(chosen, name ?? (await chooseName(isAsked)), flags.into);
  if (format === 'json') {
    await printData({ template: chosen, ...made }, format, terminal);
    return 0;
  }
  const folder = inline(relative(process.cwd(), made.folder) || '.');
  terminal.out(`${inline(made.id)} is in ${folder}\n`);
  for (const file of made.files) terminal.out(`  ${inline(file)}\n`);
  const needsBuild = made.files.some((file) => file.startsWith('guest/') || file.startsWith('assembly/'));
  const verbs = [...(needsBuild ? ['build'] : []), 'validate', 'test'];
  const next = verbs.map((verb) => `skill ${verb} ${quoteForShell(folder)}`);
  terminal.say(`next:\n${next.map((line) => `  ${line}\n`).join('')}`);
  return 0;
}

function readTemplate(name: string): TemplateName {
  if (isTemplate(name)) return name;
  throw new SkillError('E_USAGE', `there is no template ${quote(name)}`, { hint: `one of ${listed()}` });
}

function listed(): string {
  return Object.keys(TEMPLATES).join(', ');
}

async function chooseTemplate(isAsked: boolean): Promise<TemplateName> {
  if (!isAsked)
    throw new SkillError('E_USAGE', 'it is not said what to begin with', { hint: `--template ${listed()}` });
  const { isCancel, select } = await import('@clack/prompts');
  const options = Object.entries(TEMPLATES).map(([value, hint]) => ({ value, label: value, hint }));
  const answer = await select({ message: 'What is it to be?', options, output: process.stderr });
  return readTemplate(isCancel(answer) ? stop() : answer);
}

async function chooseName(isAsked: boolean): Promise<string> {
  if (!isAsked)
    throw new SkillError('E_USAGE', "missing required argument 'name'", { hint: 'such as skill init word-count' });
  const { isCancel, text } = await import('@clack/prompts');
  const answer = await text({ message: 'What is it called?', placeholder: 'word-count', output: process.stderr });
  return isCancel(answer) ? stop() : answer;
}

function stop(): never {
  throw new SkillError('E_ABORTED', 'the question was not answered');
}
