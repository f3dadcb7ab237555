import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { quote, Sandbox, SkillError } from '../../host/index.ts';
import type { Home } from '../home/home.ts';
import { type LedgerEvent, openLedger } from '../ledger/index.ts';
import { mergeGrants } from '../policy/grant.ts';
import type { EventHub } from './events.ts';
import type { RuntimeOptions } from './options.ts';
import type { Callable } from './callable.ts';
import { type RunOptions, type RunParts, type RunResult, runTool } from './run.ts';
import { secretsFromEnvironment, StateStores } from './sources.ts';
import type { Execution } from './executor.ts';
import { WasmExecutor } from './wasm-executor.ts';

/** What runs need; made when the first one comes, for most programs that start never run anything. */
export interface Engine {
  readonly sandbox: Sandbox;
  readonly run: (find: () => Promise<Callable>, options: RunOptions) => Promise<RunResult>;
  /** Ends every run and process, and seals the ledger. */
  readonly close: () => Promise<void>;
}

interface Shared {
  readonly home: Home;
  readonly events: EventHub;
  /** One that was started before. */
  readonly sandbox: Sandbox | undefined;
  readonly find: (reference: string) => Promise<Callable>;
}

export function startEngine(options: RuntimeOptions, { home, events, sandbox: started, find }: Shared): Engine {
  const env = options.env ?? process.env;
  const ledger = options.record === undefined ? openLedger(home.ledger) : undefined;
  const sandbox = started ?? new Sandbox({ keepSpare: options.spare ?? true });
  const parts: RunParts = {
    home,
    cwd: resolve(options.cwd ?? process.cwd()),
    env,
    executor: byKind(new WasmExecutor(sandbox), home.journal),
    find,
    events,
    append: options.record === undefined ? (event: LedgerEvent) => ledger?.append(event) : typed(options.record),
    secrets: options.secrets ?? secretsFromEnvironment(env),
    states: new StateStores(),
    actor: options.actor ?? userInfo().username,
    confirm: options.confirm,
    asker: options.asker ?? {},
    limits: options.limits ?? {},
    caps: options.caps ?? {},
  };
  const close = async (): Promise<void> => {
    await sandbox.close();
    ledger?.close();
  };
  return {
    sandbox,
    run: (wanted, run) =>
      runTool(wanted, { ...run, grant: mergeGrants([options.grant ?? {}, run.grant ?? {}]) }, parts),
    close,
  };
}

/** One executor for each kind of tool; that of recipes is loaded when the first one runs. */
function byKind(wasm: WasmExecutor, journals: string): RunParts['executor'] {
  return {
    async execute(execution: Execution) {
      if (execution.tool.recipe === undefined) return wasm.execute(execution);
      const { RecipeExecutor } = await import('./recipe-executor.ts');
      return new RecipeExecutor(journals).execute(execution);
    },
  };
}

/** Whatever a record hook throws ends the run as a failed ledger does. */
function typed(record: (event: LedgerEvent) => void): (event: LedgerEvent) => void {
  return (event) => {
    try {
      record(event);
    } catch (error) {
      if (error instanceof SkillError) throw error;
      const reason = quote(error instanceof Error ? error.message : String(error));
      throw new SkillError('E_LEDGER', `the record cannot be written: ${reason}`, {
        hint: 'nothing runs without its record: mend what takes it',
        cause: error,
      });
    }
  };
}
