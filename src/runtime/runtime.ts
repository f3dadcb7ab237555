import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { type Limits, quote, Sandbox, type SecretSource, SkillError } from '../../host/index.ts';
import { type CatalogOptions, catalogOf, readCatalog } from '../catalog/catalog.ts';
import type { CatalogEntry, ListedTool } from '../catalog/entry.ts';
import { findSkill } from '../catalog/find-skill.ts';
import { selectEntries } from '../catalog/select-entries.ts';
import { locateHome } from '../home/home.ts';
import type { AugmentOptions } from '../knowledge/augment.ts';
import type { ContextAugmentation } from '../knowledge/augmentation.ts';
import type { MatchCache } from '../knowledge/match-cache.ts';
import type { Found } from '../knowledge/search.ts';
import { type LedgerEvent, openLedger } from '../ledger/index.ts';
import { type Grant, mergeGrants } from '../policy/grant.ts';
import type { LimitDecisions } from '../policy/limits.ts';
import type { ReadySkill } from '../skill/skill.ts';
import { EventHub, type RunEvent, type RunListener } from './events.ts';
import { type Callable, limitsOf, type RunOptions, type RunParts, type RunResult, runTool } from './run.ts';
import { resolveTool } from './resolve.ts';
import { secretsFromEnvironment, StateStores } from './sources.ts';
import { WasmExecutor } from './wasm-executor.ts';

export interface RuntimeOptions {
  /** Where ledger, state and installed skills live. Default: `SKILLHOST_HOME`, else the platform's data folder. */
  readonly home?: string;
  /** More directories whose folders are skills, searched before the home's and the bundled ones. */
  readonly skills?: readonly string[];
  /** Which skills take part: `all`, `none`, `a,b` (these only) or `!a` (all but these). Default: `all`. */
  readonly select?: string;
  /** What relative paths and `./` in rules mean. Default: the process's working directory. */
  readonly cwd?: string;
  /** What `env_read` reads from, and where `PATH` and `HOME` are looked up. Default: the process's environment. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Where secrets come from. Default: variables `SKILLHOST_SECRET_<NAME>`. */
  readonly secrets?: SecretSource;
  /** Granted to every run, and never more than a skill declares. Default: nothing. */
  readonly grant?: Grant;
  /** Limits of every run, unless its call says otherwise. */
  readonly limits?: Partial<Limits>;
  /**
   * What no run gets more of, whatever its manifest or its call says, by the name of the policy that says so. Where
   * several cap one limit, the least counts.
   */
  readonly caps?: Readonly<Record<string, Partial<Limits>>>;
  /** Takes every record before its effect, instead of the file ledger. When it throws, the effect does not happen. */
  readonly record?: (event: LedgerEvent) => void;
  /** Written down as the one who runs. Default: the user's name. */
  readonly actor?: string;
  /** Keep a guest process warm for the next skill. Default: true. */
  readonly spare?: boolean;
}

/** One tool of one skill, as an agent sees it. */
export interface ToolListing extends ListedTool {
  readonly skill: string;
}

export interface RuntimeAugmentOptions extends AugmentOptions {
  /** Which of the runtime's skills take part, as in `RuntimeOptions.select`. */
  readonly skills?: string;
}

/** Makes a runtime. Nothing is read, started or written before it is used. */
export function createRuntime(options: RuntimeOptions = {}): Runtime {
  return new Runtime(options);
}

/** Runs tools of skills, each behind the gate and in the sandbox. Close it to end the processes it keeps. */
export class Runtime {
  readonly #options: RuntimeOptions;
  readonly #sandbox: Sandbox;
  readonly #parts: RunParts;
  readonly #catalog: CatalogOptions;
  readonly #closeLedger: () => void;
  #matches: Promise<MatchCache> | undefined;

  constructor(options: RuntimeOptions, sandbox = new Sandbox({ keepSpare: options.spare ?? true })) {
    const env = options.env ?? process.env;
    const home = locateHome(options.home, env);
    const ledger = options.record === undefined ? openLedger(home.ledger) : undefined;
    this.#options = options;
    this.#sandbox = sandbox;
    this.#catalog = catalogOf(home, options.skills, options.select);
    this.#closeLedger = () => ledger?.close();
    this.#parts = {
      home,
      cwd: resolve(options.cwd ?? process.cwd()),
      env,
      executor: new WasmExecutor(this.#sandbox),
      events: new EventHub(),
      append: options.record === undefined ? (event) => ledger?.append(event) : typed(options.record),
      secrets: options.secrets ?? secretsFromEnvironment(env),
      states: new StateStores(),
      actor: options.actor ?? userInfo().username,
      limits: options.limits ?? {},
      caps: options.caps ?? {},
    };
  }

  /** Starts a guest process ahead of the first run. */
  prewarm(): void {
    this.#sandbox.prewarm();
  }

  /**
   * Every skill that is here, in the order of their ids, the broken ones with their reasons. Folders that have not changed
   * since the last time are not read again.
   */
  skills(): Promise<readonly CatalogEntry[]> {
    return readCatalog(this.#catalog);
  }

  /** The skill a reference means: an id, an alias, a folder, a `.wasm` file. @throws SkillError */
  skill(reference: string): Promise<ReadySkill> {
    return findSkill(reference, this.#catalog);
  }

  /** The tools of all skills that are ready. */
  async tools(): Promise<ToolListing[]> {
    const skills = await this.skills();
    return skills.flatMap(({ id, details }) => details().tools.map((tool) => ({ skill: id, ...tool })));
  }

  /**
   * The tool a caller means. `tool` may be left out when the skill has one; `id.tool` names both, unless a skill has the
   * whole as its id. @throws SkillError E_NOT_FOUND, E_AMBIGUOUS, E_MANIFEST, E_USAGE
   */
  async find(reference: string, tool?: string): Promise<Callable> {
    try {
      const skill = await this.skill(reference);
      return { skill, tool: resolveTool(skill, tool) };
    } catch (error) {
      const [, id, name] = /^([a-z0-9-]+\.[a-z0-9-]+)\.([\w-]+)$/.exec(reference) ?? [];
      const isOther = !(error instanceof SkillError) || error.code !== 'E_NOT_FOUND';
      if (id === undefined || tool !== undefined || isOther) throw error;
      const skill = await this.skill(id);
      return { skill, tool: resolveTool(skill, name) };
    }
  }

  /**
   * What the skills know about a prompt, to be put in front of a system prompt. Empty when none fits.
   * @throws SkillError E_USAGE, E_NOT_FOUND for options that cannot be meant
   */
  async augment(prompt: string, { skills, ...options }: RuntimeAugmentOptions = {}): Promise<ContextAugmentation> {
    const [entries, { augment }] = await Promise.all([this.skills(), import('../knowledge/augment.ts')]);
    const ready = entries.filter((entry) => entry.ready);
    const selected = skills === undefined ? entries : selectEntries(entries, skills);
    const taking = selected.filter((entry) => entry.ready);
    return augment(prompt, taking, (await this.#openMatches()).open(ready), options);
  }

  /** The skills that a query comes closest to, best first, whether or not they would be put into a context. */
  async search(query: string, limit = 20): Promise<readonly Found[]> {
    const [entries, { search }] = await Promise.all([this.skills(), import('../knowledge/search.ts')]);
    const ready = entries.filter((entry) => entry.ready);
    return search(query, ready, (await this.#openMatches()).open(ready), limit);
  }

  /** Runs one tool, found as `find` does. Resolves, with `ok: false`, for whatever the skill or its caller did wrong. */
  run(reference: string, tool?: string, options: RunOptions = {}): Promise<RunResult> {
    return this.#run(() => this.find(reference, tool), options);
  }

  /** Runs a tool that was found before. */
  call(callable: Callable, options: RunOptions = {}): Promise<RunResult> {
    return this.#run(() => Promise.resolve(callable), options);
  }

  /** What a run of a skill is held to, and who decided each limit. @throws SkillError for limits it would be refused with */
  limits(skill: ReadySkill, limits: Partial<Limits> = {}): LimitDecisions {
    return limitsOf(skill, limits, this.#parts);
  }

  /** Calls `listener` with every event. @returns a function that ends it */
  on(listener: RunListener): () => void {
    return this.#parts.events.on(listener);
  }

  /** All events from now on, until the iteration is left or `signal` aborts. */
  events(signal: AbortSignal = new AbortController().signal): AsyncGenerator<RunEvent, void, void> {
    return this.#parts.events.iterate(signal);
  }

  /** Ends every run and process, and seals the ledger. */
  async close(): Promise<void> {
    await this.#sandbox.close();
    this.#closeLedger();
  }

  /** Loaded when the first prompt comes. */
  #openMatches(): Promise<MatchCache> {
    this.#matches ??= import('../knowledge/match-cache.ts').then(
      ({ MatchCache }) => new MatchCache(this.#catalog.cache, this.#catalog.directories.join('\0')),
    );
    return this.#matches;
  }

  #run(find: () => Promise<Callable>, options: RunOptions): Promise<RunResult> {
    const grant = mergeGrants([this.#options.grant ?? {}, options.grant ?? {}]);
    return runTool(find, { ...options, grant }, this.#parts);
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
