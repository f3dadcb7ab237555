import { quote, SkillError, type StateStore } from '../../host/index.ts';
import type { Execution } from '../executor/executor.ts';
import type { StateStores } from '../state/states.ts';
import type { Tool } from '../tool/tool.ts';
import type { Perform } from './resilience.ts';

/**
 * Before a run of a skill whose values are of an older version, its tool `migrate` works on a copy of them, with the rights
 * of that run. They are replaced when it succeeds; when it fails, nothing has changed and nothing runs.
 * @throws SkillError E_DOWNGRADE, E_STORE; what the tool fails with
 */
export async function migrateFirst(
  execution: Execution,
  { states, key }: { readonly states: StateStores; readonly key: string },
  perform: Perform,
): Promise<void> {
  const { skill } = execution;
  const rules = skill.manifest?.state;
  if (rules?.migrate === undefined) return;
  const pending = states.openState(key, rules);
  if (pending === undefined) return;
  const tool = skill.tools.find(({ name }) => name === rules.migrate);
  if (tool === undefined)
    throw new SkillError('E_NOT_FOUND', `${skill.id} has no tool ${quote(rules.migrate)} to migrate its state`, {
      hint: 'its author must name one in [state] migrate',
    });
  await states.migrate(key, rules, pending, async (copy: StateStore) => {
    const { outcome } = await perform({ ...execution, tool, input: inputOf(tool, pending), args: [], state: copy });
    if ('error' in outcome) throw failed(skill.id, outcome.error);
  });
}

/** The versions, where the tool asks for them. */
function inputOf({ input, parameters }: Tool, versions: { readonly from: number; readonly to: number }): unknown {
  if (input !== 'json') return new Uint8Array();
  const names = Object.keys((parameters?.['properties'] as object | undefined) ?? {});
  return Object.fromEntries(Object.entries(versions).filter(([name]) => names.includes(name)));
}

function failed(skill: string, error: SkillError): SkillError {
  return new SkillError(error.code, `the state of ${skill} could not be migrated: ${error.message}`, {
    hint: error.hint ?? 'nothing has changed; its author needs the message',
    details: error.details,
    cause: error,
  });
}
