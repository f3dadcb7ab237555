import { SkillError } from '../../host/index.ts';
import { type Outcome, tellFailure } from '../recipe/perform.ts';
import type { Report } from '../recipe/report.ts';
import type { Execution } from './executor.ts';

const NOTHING = { stdout: '', stderr: '', exitCode: 0 };

/** What a recipe is as a step of another one: its outputs as JSON, or why it ended otherwise. */
export function outcomeOf(report: Report): Outcome {
  const isDone = report.result === 'success' || report.result === 'partial';
  const { failure, problems } = report;
  const why = failure === undefined ? problems.join('; ') : `${failure.at}: ${tellFailure(failure)}`;
  const error = isDone
    ? undefined
    : { code: 'E_RECIPE', message: `the recipe ${report.recipe} ended as ${report.result}: ${why}` };
  return { error, output: { ...NOTHING, stdout: JSON.stringify(report.outputs) }, mayRetry: false };
}

/** The report of a run that did what it should. @throws SkillError E_RECIPE, E_DECLINED, E_PRECONDITION for any other */
export function succeeded(report: Report, run: string): Report {
  const { result, failure, problems, recipe, rollbackErrors } = report;
  const details = { report, journal: run };
  switch (result) {
    case 'success':
    case 'partial':
      return report;
    case 'rolled_back':
      if (rollbackErrors.length === 0) return report;
      throw new SkillError('E_RECIPE', `not everything that the recipe ${recipe} did could be undone`, {
        hint: `skill recipe runs ${run} tells what is left`,
        details,
      });
    case 'precondition_failed':
      throw new SkillError('E_PRECONDITION', `the recipe ${recipe} cannot run here: ${problems.join('; ')}`, {
        hint: 'nothing was done; see to these, and run it again',
        details,
      });
    case 'declined':
      throw new SkillError('E_DECLINED', `the recipe ${recipe} was not confirmed at ${failure?.at ?? 'a step'}`, {
        hint: hintOf(report),
        details,
      });
    case 'failed':
      throw new SkillError(
        'E_RECIPE',
        `the recipe ${recipe} failed at ${failure?.at ?? ''}: ${failure?.message ?? ''}`,
        { hint: [failure?.hint, afterwards(report, run)].filter((one) => one !== undefined).join('; '), details },
      );
  }
}

function afterwards(report: Report, run: string): string {
  const { length } = report.rollbackErrors;
  return length > 0 ? `not everything was undone: skill recipe runs ${run}` : hintOf(report);
}

function hintOf({ steps }: Report): string {
  const left = steps.filter((step) => step.left === true).map(({ step }) => step);
  if (steps.every(({ status }) => status === 'not reached' || status === 'skipped')) return 'nothing was done';
  return left.length === 0
    ? 'everything was undone'
    : `still there, for nothing undoes it: ${[...new Set(left)].join(', ')}`;
}

/** What ends a run and leaves something to be carried on. */
const REMAINING: ReadonlySet<string> = new Set(['E_ABORTED', 'E_DOUBT', 'E_CONFIRM', 'E_LEDGER']);

/** What ended a run from outside; the journal remains, and the error says how to go on. */
export function asRunError(error: unknown, { run, recipe }: Execution): SkillError {
  if (!(error instanceof SkillError))
    return new SkillError('E_INTERNAL', error instanceof Error ? error.message : String(error), { cause: error });
  const id = recipe.take?.run ?? run;
  // Whoever asked too early began nothing that could be carried on.
  if (!REMAINING.has(error.code) || error.details?.['step'] !== undefined) return error;
  const goOn = `skill recipe resume ${id}, or skill recipe rollback ${id}`;
  return new SkillError(error.code, error.message, {
    hint: error.hint === undefined ? goOn : `${error.hint}; ${goOn}`,
    details: { ...error.details, journal: id },
    cause: error,
  });
}
