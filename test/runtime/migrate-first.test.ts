import { describe, expect, it } from 'vitest';
import { GuestError, type SandboxResult, type StateStore } from '../../host/index.ts';
import type { Execution } from '../../src/executor/executor.ts';
import { migrateFirst } from '../../src/runtime/migrate-first.ts';
import { StateDatabase } from '../../src/state/database.ts';
import { StateStores } from '../../src/state/states.ts';
import { NO_STATE_RULES, type StateRules } from '../../src/manifest/manifest.ts';
import { commandTool } from '../../src/tool/command-tool.ts';

const ID = 'custom.kept';
const rules = (version: number, migrate?: string): StateRules => ({ ...NO_STATE_RULES, version, migrate });

interface Given {
  readonly tool: string;
  readonly input: unknown;
  readonly state: StateStore;
}

/** A skill at a version, over values that its first version wrote. */
function setUp(now: StateRules) {
  const states = new StateStores(new StateDatabase(':memory:'));
  states.of(ID, rules(1)).set('name', Buffer.from('Ada'));
  const versions = { from: { type: 'integer' }, to: { type: 'integer' } };
  const upgrade = { ...commandTool(['sh']), name: 'upgrade', parameters: { type: 'object', properties: versions } };
  const skill = { id: ID, manifest: { state: now }, tools: [commandTool(['cat']), upgrade] };
  const execution = {
    skill,
    tool: skill.tools[0],
    input: { own: true },
    args: ['a'],
    state: states.of(ID, now),
  } as unknown as Execution;
  const given: Given[] = [];
  const run = (act: (state: StateStore) => void): Promise<void> =>
    migrateFirst(execution, { states, key: ID }, (one) => {
      given.push({ tool: one.tool.name, input: one.input, state: one.state });
      let outcome: SandboxResult['outcome'] = { value: null };
      try {
        act(one.state);
      } catch (error) {
        outcome = { error: error as GuestError };
      }
      return Promise.resolve({
        outcome,
        usage: { durationMs: 0, fuel: 0, memoryBytes: 0, hostCalls: 0 },
        stderr: new Uint8Array(),
        denials: [],
      });
    });
  const read = (key: string): string | undefined => {
    const value = states.of(ID, { ...now, version: states.stateVersion(ID) ?? 0 }).get(key);
    return value === undefined ? undefined : Buffer.from(value).toString();
  };
  return { states, given, run, read };
}

describe('values of an older version of a skill [R-STATE-11]', () => {
  it('are made into those of this one by its tool, before anything else runs', async () => {
    const { states, given, run, read } = setUp(rules(3, 'upgrade'));
    await run((state) => {
      state.set('full-name', Buffer.from(`${Buffer.from(state.get('name') ?? []).toString()} Lovelace`));
      state.delete('name');
    });
    expect(given.map(({ tool, input }) => [tool, input])).toEqual([['upgrade', { from: 1, to: 3 }]]);
    expect([read('name'), read('full-name'), states.stateVersion(ID)]).toEqual([undefined, 'Ada Lovelace', 3]);
    await run(() => undefined);
    expect(given).toHaveLength(1);
  });

  it('are as they were when that fails', async () => {
    const { states, run, read } = setUp(rules(2, 'upgrade'));
    const failing = run((state) => {
      state.delete('name');
      throw new GuestError('E_GUEST', 'no');
    });
    await expect(failing).rejects.toMatchObject({
      code: 'E_GUEST',
      message: expect.stringContaining('could not be migrated: no'),
    });
    expect([read('name'), states.stateVersion(ID)]).toEqual(['Ada', 1]);
  });

  it('of a later version stop every run', async () => {
    await expect(setUp(rules(0, 'upgrade')).run(() => undefined)).rejects.toMatchObject({ code: 'E_DOWNGRADE' });
  });

  it('are taken as they are where no tool is named; one that is not there is told', async () => {
    const { given, run } = setUp(rules(2));
    await run(() => undefined);
    expect(given).toEqual([]);
    await expect(setUp(rules(2, 'gone')).run(() => undefined)).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  });
});
