import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { quote, Sandbox, SkillError, type Supervisor } from '../../host/index.ts';
import { type Config, readConfig } from '../config/config.ts';
import type { Alert, AlertRule } from '../config/alert-rules.ts';
import { hasOpenTelemetry } from '../telemetry/find-sdk.ts';
import type { Home } from '../home/home.ts';
import { type LedgerEvent, openLedger } from '../ledger/index.ts';
import { mergeGrants } from '../policy/grant.ts';
import type { EventHub } from './events.ts';
import type { RuntimeOptions } from './options.ts';
import type { Callable } from './callable.ts';
import { type RunOptions, type RunParts, type RunResult, runTool } from './run.ts';
import { StateDatabase } from '../state/database.ts';
import { RuntimeNotes } from '../state/notes.ts';
import { StateStores } from '../state/states.ts';
import { secretsFromEnvironment, withoutSecrets } from './sources.ts';
import type { Execution, Executor } from '../executor/executor.ts';
import type { ReadySkill } from '../skill/skill.ts';
import type { Action } from '../tool/action.ts';
import { SessionJournals } from '../session/journal.ts';
import { SessionPool } from '../session/pool.ts';
import { type ModelSource, modelSource } from '../conversation/models.ts';
import { Queue } from './queue.ts';
import { ResilienceStage } from './resilience.ts';
import { ResultCache } from './result-cache.ts';
import { WasmExecutor } from '../executor/wasm.ts';

/** What runs need; made when the first one comes, for most programs that start never run anything. */
export interface Engine {
  readonly sandbox: Sandbox;
  readonly sessions: SessionPool;
  readonly run: (find: () => Promise<Callable>, options: RunOptions) => Promise<RunResult>;
  /** Ends every run and process, and seals the ledger. */
  readonly close: () => Promise<void>;
}

interface Shared {
  readonly home: Home;
  readonly events: EventHub;
  /** One that was started before. */
  readonly supervisor: Supervisor | undefined;
  readonly find: (reference: string) => Promise<Callable>;
  readonly load: (reference: string) => Promise<ReadySkill>;
}

/** Runs at once, of all skills together. */
const CONCURRENCY = 64;

/** @throws SkillError E_USAGE for a configuration that cannot be meant as it is */
export async function startEngine(
  options: RuntimeOptions,
  { home, events, supervisor, find, load }: Shared,
): Promise<Engine> {
  const rules = await readConfig(home);
  const env = options.env ?? process.env;
  await observe(events, rules.alerts);
  const ledger = options.record === undefined ? openLedger(home.ledger) : undefined;
  const state = new StateDatabase(home.stateDatabase);
  const sandbox = new Sandbox(supervisor ?? { keepSpare: options.spare ?? true });
  const sessions = new SessionPool(new SessionJournals(home.sessions));
  const parts: RunParts = {
    home,
    cwd: resolve(options.cwd ?? process.cwd()),
    env: withoutSecrets(env),
    executor: byType(new WasmExecutor(sandbox), {
      journals: home.journal,
      sessions,
      models: modelSource(options.model, env),
    }),
    find,
    load,
    events,
    cache: new ResultCache(join(home.cache, 'results')),
    queue: new Queue(options.concurrency ?? CONCURRENCY),
    resilience: new ResilienceStage(new RuntimeNotes(state)),
    append: options.record === undefined ? (event: LedgerEvent) => ledger?.append(event) : typed(options.record),
    secrets: options.secrets ?? secretsFromEnvironment(env),
    states: new StateStores(state),
    actor: options.actor ?? userInfo().username,
    rules,
    needsSandbox: rules.requireSandbox || options.requireSandbox === true,
    confirm: options.confirm,
    asker: options.asker ?? {},
    limits: options.limits ?? {},
    caps: options.caps ?? {},
  };
  const close = async (): Promise<void> => {
    sessions.closeAll();
    await sandbox.close();
    ledger?.close();
    state.close();
  };
  return {
    sandbox,
    sessions,
    run: (wanted, run) =>
      runTool(wanted, { ...run, grant: mergeGrants([options.grant ?? {}, run.grant ?? {}]) }, parts),
    close,
  };
}

/** Lets hear whoever wants to: an SDK of OpenTelemetry where this program has one, and the alarms of the operator. */
async function observe(events: EventHub, alerts: Config['alerts']): Promise<void> {
  if (hasOpenTelemetry()) events.on((await import('../telemetry/trace-runs.ts')).traceRuns());
  if (alerts.length === 0) return;
  const { watchRuns } = await import('../telemetry/watch-runs.ts');
  const tell = (alert: Alert, { webhook }: AlertRule, run: string): void => {
    events.emit({ type: 'alert', run, ...alert });
    process.emitWarning(
      `${alert.count} ${alert.when} of ${alert.skill} within ${alert.withinMs / 1_000} s`,
      'SkillAlert',
    );
    if (webhook === undefined) return;
    const at = new Date().toISOString();
    void import('../telemetry/call-webhook.ts').then(({ callWebhook }) => callWebhook(webhook, { ...alert, run, at }));
  };
  events.on(watchRuns({ rules: alerts, now: Date.now, tell }));
}

/** One executor for each type of tool; all but the first are loaded when they are needed. */
function byType(
  wasm: WasmExecutor,
  {
    journals,
    sessions,
    models,
  }: { readonly journals: string; readonly sessions: SessionPool; readonly models: ModelSource },
): RunParts['executor'] {
  return {
    async execute(execution: Execution) {
      const executor = await load(execution.tool.action.type);
      return executor.execute(execution);
    },
  };

  async function load(type: Action['type']): Promise<Executor> {
    switch (type) {
      case 'wasm':
        return wasm;
      case 'recipe':
        return new (await import('../executor/recipe.ts')).RecipeExecutor(journals);
      case 'code_inline':
      case 'script':
        return new (await import('../executor/command.ts')).CommandExecutor();
      case 'prompt_inline':
        return new (await import('../executor/prompt.ts')).PromptExecutor();
      case 'code_session':
        return new (await import('../executor/session.ts')).SessionExecutor(sessions);
      case 'conversation':
        return new (await import('../executor/conversation.ts')).ConversationExecutor(models);
    }
  }
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
