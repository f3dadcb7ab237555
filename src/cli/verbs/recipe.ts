import { SkillError } from '../../../host/index.ts';
import type { CatalogEntry } from '../../catalog/entry.ts';
import { locateHome } from '../../home/home.ts';
import { findRun, listRuns, type RunListing } from '../../recipe/list-runs.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import { reportOf } from '../../recipe/report.ts';
import { replay } from '../../recipe/replay.ts';
import { describeStep } from '../../recipe/describe-step.ts';
import { readJournal } from '../../journal/journal.ts';
import { join } from 'node:path';
import { type Context, parseFormat } from '../context.ts';
import { printData, printListing } from '../print.ts';
import { findRecipe } from '../recipe/find-recipe.ts';
import { printReport } from '../recipe/print-report.ts';
import { inline, type Terminal, wrap } from '../terminal.ts';

/** `skill recipe list`: all recipes, or those that fit a prompt here. */
export async function recipeList(
  flags: { readonly for?: string; readonly format: string },
  context: Context,
): Promise<number> {
  const format = parseFormat(flags.format, ['table', 'json', 'yaml']);
  const data = flags.for === undefined ? allOf(await context.openCatalog()) : await fitting(flags.for, context);
  const rows = data.map(({ id, skill, name, parameters }) => [id, skill, parameters.join(' '), name]);
  const empty = flags.for === undefined ? 'no recipes' : 'no recipe fits the prompt here';
  await printListing(
    { columns: ['RECIPE', 'SKILL', 'PARAMETERS', 'NAME'], rows, data, empty },
    format,
    context.terminal,
  );
  return 0;
}

interface Listed {
  readonly id: string;
  readonly skill: string;
  readonly name: string;
  readonly description: string;
  readonly parameters: readonly string[];
}

function allOf(entries: readonly CatalogEntry[]): Listed[] {
  return entries
    .filter(({ recipes }) => recipes.length > 0)
    .flatMap((entry) =>
      entry.details().recipes.map(({ id, name, description, parameters }) => ({
        id,
        skill: entry.id,
        name,
        description,
        parameters,
      })),
    );
}

async function fitting(prompt: string, { openRuntime }: Context): Promise<readonly Listed[]> {
  const runtime = await openRuntime({ spare: false });
  try {
    return await runtime.recipesFor(prompt);
  } finally {
    await runtime.close();
  }
}

/** `skill recipe show ID`: what it takes, does, checks and undoes. */
export async function recipeShow(
  id: string,
  flags: { readonly skill?: string; readonly format: string },
  { terminal, openRuntime }: Context,
): Promise<number> {
  const format = parseFormat(flags.format, ['text', 'json', 'yaml']);
  const runtime = await openRuntime({ spare: false });
  try {
    const { recipe, skill } = await findRecipe(runtime, id, flags.skill);
    if (format === 'text') show(recipe, skill.id, terminal);
    else await printData(outlineOf(recipe, skill.id), format, terminal);
    return 0;
  } finally {
    await runtime.close();
  }
}

function outlineOf(
  { id, name, description, version, parameters, steps, verification, rollback }: Recipe,
  skill: string,
): unknown {
  return {
    id,
    skill,
    name,
    description,
    version,
    parameters,
    steps: steps.map((step) => ({ id: step.id, name: step.name, risk: step.risk, does: describeStep(step.action) })),
    verification: verification.map(({ action, message }) => message ?? describeStep(action)),
    rollback: rollback.map((undo) => ({ undoes: undo.undoes ?? null, does: describeStep(undo.action) })),
  };
}

function show(recipe: Recipe, skill: string, terminal: Terminal): void {
  const line = (text: string, indent = ''): void =>
    terminal.out(`${wrap(indent + inline(text), terminal.width, `${indent}  `)}\n`);
  line(`${recipe.id} ${recipe.version} of ${skill}: ${recipe.name}`);
  line(recipe.description);
  if (recipe.parameters.length > 0) terminal.out('\nparameters\n');
  for (const { name, type, required, default: value, description, values } of recipe.parameters) {
    const kind = type === 'enum' ? values.join('|') : type;
    line(
      `${name} (${kind}${required ? '' : `, default ${JSON.stringify(value ?? '')}`}) ${description}`.trimEnd(),
      '  ',
    );
  }
  terminal.out('\nsteps\n');
  for (const [i, step] of recipe.steps.entries()) {
    line(`${i + 1} ${step.name}${step.risk === 'low' ? '' : ` (risk: ${step.risk})`}`, '  ');
    line(describeStep(step.action), '    ');
  }
  if (recipe.verification.length > 0) terminal.out('\nverification\n');
  for (const { action, message } of recipe.verification) line(message ?? describeStep(action), '  ');
  if (recipe.rollback.length > 0) terminal.out('\nrollback\n');
  for (const { undoes, action, description } of recipe.rollback)
    line(`${undoes === undefined ? 'whatever ran' : undoes}: ${description || describeStep(action)}`, '  ');
}

/** `skill recipe runs [RUN]`: every run that has a journal, or all of one. */
export async function recipeRuns(
  wanted: string | undefined,
  flags: { readonly format: string },
  context: Context,
): Promise<number> {
  const format = parseFormat(flags.format, ['table', 'json', 'yaml']);
  const { journal } = locateHome(context.home, process.env);
  if (wanted !== undefined) return showRun(findRun(journal, wanted), format, context);
  const data = listRuns(journal).map(({ run, state, begun }) => ({
    run,
    state,
    skill: begun?.skill ?? null,
    recipe: begun?.recipe ?? null,
    time: begun?.time ?? null,
    directory: begun?.cwd ?? null,
  }));
  const rows = data.map(({ run, state, skill, recipe, time }) => [
    run.slice(0, 8),
    state,
    `${skill ?? '?'}.${recipe ?? '?'}`,
    time ?? '',
  ]);
  await printListing(
    { columns: ['RUN', 'STATE', 'RECIPE', 'BEGUN'], rows, data, empty: 'no runs' },
    format,
    context.terminal,
  );
  if (format === 'table' && data.some(({ state }) => state === 'stopped'))
    context.terminal.say('stopped: skill recipe resume RUN carries it on, skill recipe rollback RUN undoes it\n');
  return 0;
}

async function showRun(
  listing: RunListing & { readonly begun: NonNullable<RunListing['begun']> },
  format: 'table' | 'json' | 'yaml',
  context: Context,
): Promise<number> {
  const { run, state, begun } = listing;
  const runtime = await context.openRuntime({ spare: false });
  try {
    const { recipe } = await findRecipe(runtime, begun.recipe, begun.path);
    if (recipe.digest !== begun.digest)
      throw new SkillError('E_JOURNAL', `the recipe ${recipe.id} was changed since the run began`, {
        hint: 'put the file back as it was',
      });
    const { entries } = readJournal(join(locateHome(context.home, process.env).journal, run));
    const replayed = replay(recipe, entries);
    const report = reportOf(recipe, replayed, replayed.result ?? 'failed');
    if (format !== 'table')
      await printData(
        { ...begun, state, report: { ...report, result: replayed.result ?? null } },
        format,
        context.terminal,
      );
    else {
      context.terminal.say(`${begun.skill}.${begun.recipe} in ${inline(begun.cwd)}, ${begun.time}: ${state}\n`);
      printReport(report, context.terminal);
    }
    return 0;
  } finally {
    await runtime.close();
  }
}
