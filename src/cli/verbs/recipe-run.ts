import { type Grant, mergeGrants, parseGrant, requestOf, showGrant } from '../../policy/grant.ts';
import { locateHome } from '../../home/home.ts';
import { findRun } from '../../recipe/list-runs.ts';
import type { Plan } from '../../recipe/plan.ts';
import type { Parameter } from '../../recipe/recipe.ts';
import type { Report } from '../../recipe/report.ts';
import type { RecipeRun } from '../../executor/executor.ts';
import type { RunOptions, RunResult } from '../../runtime/run.ts';
import { quoteForShell, SkillError } from '../../../host/index.ts';
import { canAsk, openAsker, type TerminalAsker } from '../recipe/ask.ts';
import { findRecipe, type FoundRecipe } from '../recipe/find-recipe.ts';
import { parseLimits } from '../parse-limits.ts';
import { printPlan } from '../recipe/print-plan.ts';
import { printReport } from '../recipe/print-report.ts';
import { readParameters } from '../recipe/read-parameters.ts';
import { PlainView, type ProgressView } from '../recipe/show-progress.ts';
import { type Context, parseFormat } from '../context.ts';
import { exitCodeOf, printError, toReport } from '../report-error.ts';
import { inert, inline, type Terminal } from '../terminal.ts';

export interface RecipeRunFlags {
  readonly skill?: string;
  readonly param: readonly string[];
  readonly params?: string;
  readonly grant: readonly string[];
  readonly limit: readonly string[];
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly format: string;
}

/** `skill recipe run ID`: answers the exit code. */
export async function recipeRun(id: string, flags: RecipeRunFlags, context: Context): Promise<number> {
  return conduct(flags, context, {}, async (runtime, asker) => {
    const found = await findRecipe(runtime, id, flags.skill);
    const given = {
      pairs: flags.param,
      file: flags.params,
      ask: asker && ((parameter: Parameter) => asker.parameter(parameter)),
    };
    const input = await readParameters(found.recipe, given);
    const recipe: RecipeRun = { yes: flags.yes === true, dryRun: flags.dryRun === true };
    return {
      found,
      options: { input, recipe, limits: parseLimits(flags.limit), grant: mergeGrants(flags.grant.map(parseGrant)) },
    };
  });
}

export interface TakeUpFlags {
  readonly param: readonly string[];
  readonly grant: readonly string[];
  readonly yes?: boolean;
  readonly settle?: string;
  readonly format: string;
}

/** `skill recipe resume` and `skill recipe rollback`: carries on a run that was cut off, from where it is. */
export async function recipeTakeUp(
  how: 'resume' | 'rollback',
  wanted: string | undefined,
  flags: TakeUpFlags,
  context: Context,
): Promise<number> {
  const settle = parseSettlement(flags.settle);
  const { run, begun } = findRun(locateHome(context.home, process.env).journal, wanted);
  return conduct(flags, context, { cwd: begun.cwd }, async (runtime, asker) => {
    const found = await findRecipe(runtime, begun.recipe, begun.path);
    const secrets = found.recipe.parameters.filter(({ name }) => begun.secrets.includes(name));
    const ask = asker && ((parameter: Parameter) => asker.parameter(parameter));
    const input = await readParameters(
      { parameters: secrets.map((one) => ({ ...one, required: true })) },
      { pairs: flags.param, file: undefined, ask },
    );
    const granted = flags.grant.length === 0 ? (begun.grant as Grant) : mergeGrants(flags.grant.map(parseGrant));
    const recipe: RecipeRun = { yes: flags.yes === true, take: { run, how }, ...(settle !== undefined && { settle }) };
    return { found, options: { input, recipe, grant: granted } };
  });
}

function parseSettlement(text: string | undefined): RecipeRun['settle'] {
  if (text === undefined || text === 'done' || text === 'redo' || text === 'left') return text;
  throw new SkillError('E_USAGE', `--settle ${JSON.stringify(text)}: it is none of done, redo and left`, {
    hint: 'done: it has happened; redo: it has not, do it again; left: nobody knows, leave it',
  });
}

type Prepare = (
  runtime: Awaited<ReturnType<Context['openRuntime']>>,
  asker: TerminalAsker | undefined,
) => Promise<{ readonly found: FoundRecipe; readonly options: RunOptions }>;

/** Opens what a run needs, shows what happens, and says how it ended. */
async function conduct(
  flags: { readonly format: string; readonly yes?: boolean; readonly dryRun?: boolean },
  context: Context,
  where: { readonly cwd?: string },
  prepare: Prepare,
): Promise<number> {
  const { terminal } = context;
  const format = parseFormat(flags.format, ['text', 'json']);
  const view = format === 'text' ? await openView(context) : undefined;
  const asker = format === 'text' && canAsk() ? await openAsker(() => view?.pause()) : undefined;
  const runtime = await context.openRuntime({
    spare: false,
    ...where,
    // A plan touches nothing.
    ...(asker !== undefined && { asker, ...(flags.dryRun !== true && { confirm: asker.grant }) }),
  });
  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort();
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  runtime.on((event) => {
    if (event.type !== 'progress') return;
    if (format === 'json') terminal.out(`${JSON.stringify(event.progress)}\n`);
    else view?.show(event.progress);
  });
  try {
    const { found, options } = await prepare(runtime, asker);
    const result = await runtime.call(found, { ...options, signal: interrupt.signal });
    view?.close();
    if (format === 'json') terminal.out(`${JSON.stringify(toJson(result))}\n`);
    else await print(result, found, { isPlan: flags.dryRun === true, context });
    return result.ok ? 0 : exitCodeOf(result.error);
  } finally {
    view?.close();
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
    await runtime.close();
  }
}

/** All that the skill would ever ask for, to be copied: a recipe wants several things, and is refused one at a time. */
function printWanted({ id, manifest }: FoundRecipe['skill'], terminal: Terminal): void {
  const wanted = manifest === undefined ? [] : showGrant(requestOf(manifest.capabilities));
  const options = wanted.map((one) => `--grant ${quoteForShell(one)}`);
  terminal.say(`${terminal.style('green', 'grant:')} all that ${inline(id)} asks for, for one run:\n`);
  for (const option of options) terminal.say(`  ${inline(option)}\n`);
}

async function openView({ terminal }: Context): Promise<ProgressView> {
  if (!process.stderr.isTTY) return new PlainView(terminal);
  const { LiveView } = await import('../recipe/live-view.ts');
  return new LiveView(terminal);
}

/** The last line of the events: how it ended. */
function toJson(result: RunResult): unknown {
  return result.ok ? { ok: true, result: result.result } : { ok: false, error: toReport(result.error) };
}

async function print(
  result: RunResult,
  { skill }: FoundRecipe,
  { isPlan, context: { terminal } }: { readonly isPlan: boolean; readonly context: Context },
): Promise<void> {
  if (!result.ok) {
    const report = result.error.details?.['report'] as Report | undefined;
    if (report !== undefined) printReport(report, terminal);
    await printError(result.error, terminal);
    if (result.denials.some(({ layer }) => layer === 'grant')) printWanted(skill, terminal);
    return;
  }
  if (isPlan) return printPlan(result.result as Plan, terminal);
  const report = result.result as Report;
  for (const [name, text] of Object.entries(report.outputs))
    terminal.out(`${name}: ${terminal.isTerminal ? inert(text) : text}\n`);
  if (report.result !== 'success') printReport(report, terminal);
}
