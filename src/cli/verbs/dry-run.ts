import { quote, SkillError } from '../../../host/index.ts';
import { type DryRun, dryRun } from '../../trial/dry-run.ts';
import { type Context, parseFormat } from '../context.ts';
import { printData } from '../print.ts';
import { inline, type Terminal, wrap } from '../terminal.ts';

const UNDECLARED = 5;

/** `skill analyze SKILL --dry-run TOOL`: what a tool reaches for, beside what its skill declares. */
export async function analyzeRun(
  reference: string,
  {
    tool,
    input,
    format: asked,
  }: { readonly tool: string; readonly input: string | undefined; readonly format: string },
  { terminal, openRuntime }: Context,
): Promise<number> {
  const format = parseFormat(asked, ['text', 'json']);
  const runtime = await openRuntime({ spare: false });
  try {
    const found = await runtime.find(reference, tool);
    const report = await dryRun(found.skill, found.tool.name, input === undefined ? undefined : parseInput(input));
    if (format === 'json') await printData(report, format, terminal);
    else print(report, terminal);
    return report.undeclared.length > 0 ? UNDECLARED : 0;
  } finally {
    await runtime.close();
  }
}

function parseInput(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new SkillError('E_INPUT', `--input ${quote(text)} is no JSON`, {
      hint: `write it such as '{"name": "value"}'`,
    });
  }
}

function print({ tool, trials, declared, undeclared, unused, least }: DryRun, terminal: Terminal): void {
  const ended = trials.map(({ name, code }) => `${inline(name)}${code === undefined ? '' : ` (${code})`}`).join(', ');
  terminal.out(`${wrap(`tried ${inline(tool)}: ${ended}`, terminal.width, '  ')}\n`);
  list('used, and declared', declared, terminal);
  list('used, and not declared', undeclared, terminal);
  list('declared, and not used', unused, terminal);
  terminal.out('the least that would do\n');
  for (const line of least.trim().split('\n')) terminal.out(`  ${inline(line)}\n`);
}

function list(what: string, wants: readonly string[], terminal: Terminal): void {
  terminal.out(`${what}: ${wants.length === 0 ? 'nothing' : ''}`.trimEnd());
  terminal.out('\n');
  for (const want of wants) terminal.out(`${wrap(`  ${inline(want.replace('=', ' '))}`, terminal.width, '    ')}\n`);
}
