import { quote, SkillError } from '../../host/index.ts';
import type { Journal } from '../journal/journal.ts';
import type { Entry } from '../recipe/entry.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { RunState } from '../recipe/run-state.ts';
import type { Execution } from './executor.ts';

const RUN_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:\.\d{1,7})*$/;

/** It becomes the name of a folder. @throws SkillError E_NOT_FOUND for what is no id of a run */
export function checkRunId(id: string): string {
  if (RUN_ID.test(id)) return id;
  throw new SkillError('E_NOT_FOUND', `there is no run ${quote(id, 60)}`, { hint: 'skill recipe runs lists them' });
}

/**
 * A run goes on with the values it began with; its secrets are in no journal.
 * @throws SkillError E_INPUT when anything else is given, or a secret is not
 */
export function checkGiven(
  { secrets, run }: Entry & { readonly type: 'begun' },
  given: Readonly<Record<string, unknown>>,
): void {
  const more = Object.keys(given).filter((name) => !secrets.includes(name));
  if (more.length > 0)
    throw new SkillError(
      'E_INPUT',
      `the run goes on with the values it began with, not with another ${quote(more.join(', '), 200)}`,
      {
        hint: 'leave it out, or begin another run',
      },
    );
  const missing = secrets.filter((name) => !Object.hasOwn(given, name));
  if (missing.length > 0)
    throw new SkillError('E_INPUT', `the run ${run} was given secrets, which no journal keeps: ${missing.join(', ')}`, {
      hint: `give them again: ${missing.map((name) => `-p ${name}=…`).join(' ')}`,
    });
}

/** What a run began with. @throws SkillError E_JOURNAL when it was of another recipe, E_USAGE from another directory */
export function readBegun(
  entries: readonly { readonly type: string }[],
  { id, digest }: Recipe,
  { cwd, skill }: Execution,
): Entry & { readonly type: 'begun' } {
  const begun = entries[0] as Entry | undefined;
  if (begun?.type !== 'begun' || begun.recipe !== id || begun.skill !== skill.id)
    throw new SkillError('E_JOURNAL', `the journal is not of a run of ${skill.id}.${id}`, {
      hint: 'skill recipe runs says of which recipe each run is',
    });
  if (begun.digest !== digest)
    throw new SkillError('E_JOURNAL', `the recipe ${id} was changed since the run began`, {
      hint: 'put the file back as it was, or look by hand what was done',
    });
  if (begun.cwd !== cwd)
    throw new SkillError('E_USAGE', `the run began in ${quote(begun.cwd)}`, { hint: `cd ${begun.cwd}` });
  return begun;
}

/** From here on the run is undone, also one that ended well. @throws SkillError E_USAGE for one that was undone */
export function recall(state: RunState, id: string, journal: Journal): void {
  if (state.isUndoing) return;
  if (state.isEnded && state.result !== 'success' && state.result !== 'partial')
    throw new SkillError('E_USAGE', 'the run has been rolled back, as far as that could be done', {
      hint: `skill recipe runs ${id}`,
    });
  const entry: Entry = { type: 'recalled' };
  journal.append(entry, { flush: true });
  state.apply(entry);
}
