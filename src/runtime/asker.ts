import { quote, SkillError } from '../../host/index.ts';
import type { Asker } from '../recipe/ports.ts';
import { ask, type Confirm } from './confirm.ts';
import type { RecipeRun } from '../executor/executor.ts';
import type { ReadySkill } from '../skill/skill.ts';
import type { Tool } from '../tool/tool.ts';

interface Answering {
  readonly confirm: Confirm | undefined;
  readonly asker: Partial<Asker>;
}

/** Who answers what a recipe asks: whoever the host named, its `confirm` for steps, and nobody for the rest. */
export function askerOf(
  { skill, tool }: { readonly skill: ReadySkill; readonly tool: Tool },
  { settle }: RecipeRun,
  { confirm, asker }: Answering,
): Asker {
  return {
    confirm:
      asker.confirm ??
      ((step) => {
        if (confirm === undefined)
          throw nobody(
            `the step ${quote(step.step)} wants a yes`,
            step.level === 'always' ? '--yes does not satisfy it: run it in a terminal' : '--yes agrees',
          );
        const { id, version, hash } = skill;
        return ask(confirm, { skill: id, version, hash, tool: tool.name, asks: {}, step, signal: step.signal });
      }),
    answer:
      asker.answer ??
      (({ step }) => {
        throw nobody(`the step ${quote(step)} asks for a text`, 'run it in a terminal');
      }),
    settle: (question) => {
      if (settle !== undefined) return Promise.resolve(settle);
      if (asker.settle !== undefined) return asker.settle(question);
      throw new SkillError('E_DOUBT', `nobody knows whether this happened: ${quote(question.what, 200)}`, {
        hint: 'look, and say it with --settle done, --settle redo or, in a rollback, --settle left',
      });
    },
  };
}

/** Whether somebody stands behind it, for a yes and for a text. */
export function isAsked({ confirm, asker }: Answering): { readonly confirm: boolean; readonly answer: boolean } {
  return { confirm: confirm !== undefined || asker.confirm !== undefined, answer: asker.answer !== undefined };
}

function nobody(what: string, hint: string): SkillError {
  return new SkillError('E_CONFIRM', `${what}, and there is nobody to ask`, { hint });
}
