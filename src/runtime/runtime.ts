import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Limits, SkillError, type Supervisor } from '../../host/index.ts';
import { type CatalogOptions, catalogOf, readCatalog } from '../catalog/catalog.ts';
import type { CatalogEntry, ListedTool } from '../catalog/entry.ts';
import { selectEntries } from '../catalog/select-entries.ts';
import { type Home, locateHome } from '../home/home.ts';
import type { AugmentOptions } from '../knowledge/augment.ts';
import type { ContextAugmentation, OfferedRecipe } from '../knowledge/augmentation.ts';
import type { TriggerSurroundings } from '../knowledge/match-trigger.ts';
import type { MatchCache } from '../knowledge/match-cache.ts';
import type { MatchIndex } from '../knowledge/match/index.ts';
import type { Found } from '../knowledge/search.ts';
import type { LimitDecisions } from '../policy/limits.ts';
import type { OpenSession } from '../session/pool.ts';
import type { ReadySkill } from '../skill/skill.ts';
import type { Engine } from './engine.ts';
import { EventHub, type RunEvent, type RunListener } from './events.ts';
import { limitsOf } from './limits-of.ts';
import type { RuntimeOptions } from './options.ts';
import { resolveTool } from './resolve.ts';
import type { Callable } from './callable.ts';
import type { RunOptions, RunResult } from './run.ts';

/** One tool of one skill, as an agent sees it. */
export interface ToolListing extends ListedTool {
  readonly skill: string;
}

export interface RuntimeAugmentOptions extends AugmentOptions {
  /** Which of the runtime's skills take part, as in `RuntimeOptions.select`. */
  readonly skills?: string;
}

const RECENT_MS = 1_000;

/** Makes a runtime. Nothing is read, started or written before it is used. */
export function createRuntime(options: RuntimeOptions = {}): Runtime {
  return new Runtime(options);
}

/** Runs tools of skills, each behind the gate and in the sandbox. Close it to end the processes it keeps. */
export class Runtime {
  readonly #options: RuntimeOptions;
  readonly #home: Home;
  readonly #supervisor: Supervisor | undefined;
  readonly #catalog: CatalogOptions;
  readonly #events = new EventHub();
  #engine: Promise<Engine> | undefined;
  #matches: MatchCache | undefined;
  #recent: { readonly at: number; readonly entries: Promise<readonly CatalogEntry[]> } | undefined;

  /** @param supervisor one that was started before */
  constructor(options: RuntimeOptions, supervisor?: Supervisor) {
    this.#options = options;
    this.#supervisor = supervisor;
    this.#home = locateHome(options.home, options.env ?? process.env);
    this.#catalog = catalogOf(this.#home, options.skills, options.select);
  }

  /** Starts a guest process ahead of the first run. */
  prewarm(): void {
    void this.#openEngine().then(({ sandbox }) => sandbox.prewarm());
  }

  /**
   * Every skill that is here, in the order of their ids, the broken ones with their reasons. Folders that have not changed
   * since the last time are not read again.
   */
  skills(): Promise<readonly CatalogEntry[]> {
    return readCatalog(this.#catalog);
  }

  /** The skill a reference means: an id, an alias, a folder, a `.wasm` file. @throws SkillError */
  async skill(reference: string): Promise<ReadySkill> {
    const { findSkill } = await import('../catalog/find-skill.ts');
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
    const [{ index, entries }, { augment }] = await Promise.all([this.#matchable(), import('../knowledge/augment.ts')]);
    const selected = skills === undefined ? entries : selectEntries(entries, skills);
    const ready = selected.filter((entry) => entry.ready);
    return augment(prompt, ready, index, { surroundings: this.#surroundings(), ...options });
  }

  /** The recipes that fit a prompt where this runtime is, best first. */
  async recipesFor(prompt: string): Promise<readonly OfferedRecipe[]> {
    const [entries, { fittingRecipes }] = await Promise.all([this.skills(), import('../knowledge/offer-recipes.ts')]);
    return fittingRecipes(prompt, entries, this.#surroundings()).map(
      ({ entry: _entry, why: _why, ...recipe }) => recipe,
    );
  }

  /** The skills that a query comes closest to, best first, whether or not they would be put into a context. */
  async search(query: string, limit = 20): Promise<readonly Found[]> {
    const [{ index, entries }, { search }] = await Promise.all([this.#matchable(), import('../knowledge/search.ts')]);
    const ready = entries.filter((entry) => entry.ready);
    return search(query, ready, index, limit);
  }

  /** Runs one tool, found as `find` does. Resolves, with `ok: false`, for whatever the skill or its caller did wrong. */
  run(reference: string, tool?: string, options: RunOptions = {}): Promise<RunResult> {
    return this.#run(() => this.find(reference, tool), options);
  }

  /** Runs a tool that was found before. */
  call(callable: Callable, options: RunOptions = {}): Promise<RunResult> {
    return this.#run(() => Promise.resolve(callable), options);
  }

  /** The sessions that are open in this runtime, with what they use. */
  async sessions(): Promise<readonly OpenSession[]> {
    return this.#engine === undefined ? [] : (await this.#engine).sessions.list();
  }

  /** Ends a session, and forgets what it was sent; also one that an earlier process left. @returns whether there was one */
  async closeSession(id: string): Promise<boolean> {
    return (await this.#openEngine()).sessions.close(id);
  }

  /** What a run of a skill is held to, and who decided each limit. @throws SkillError for limits it would be refused with */
  limits(skill: ReadySkill, limits: Partial<Limits> = {}): LimitDecisions {
    return limitsOf({ skill }, limits, this.#options);
  }

  /** Calls `listener` with every event. @returns a function that ends it */
  on(listener: RunListener): () => void {
    return this.#events.on(listener);
  }

  /** All events from now on, until the iteration is left or `signal` aborts. */
  events(signal: AbortSignal = new AbortController().signal): AsyncGenerator<RunEvent, void, void> {
    return this.#events.iterate(signal);
  }

  /** Ends every run and process, and seals the ledger. */
  async close(): Promise<void> {
    if (this.#engine !== undefined) await (await this.#engine).close();
    else await this.#supervisor?.close();
  }

  #surroundings(): TriggerSurroundings {
    const { cwd = process.cwd(), env = process.env } = this.#options;
    return {
      hasFile: (path) => existsSync(join(cwd, path)),
      isSet: (name) => (env[name] ?? '') !== '',
      os: process.platform,
    };
  }

  /** What prompts are matched against. The index holds all skills, whichever are selected: it is made once. */
  async #matchable(): Promise<{ readonly index: MatchIndex; readonly entries: readonly CatalogEntry[] }> {
    const { cache, maker, directories, select } = this.#catalog;
    const [all, { MatchCache }] = await Promise.all([this.#listRecently(), import('../knowledge/match-cache.ts')]);
    this.#matches ??= new MatchCache(cache, [maker, ...directories].join('\0'));
    const index = this.#matches.open(all.filter((entry) => entry.ready));
    return { index, entries: select === undefined ? all : selectEntries(all, select) };
  }

  /** All skills as of the last second: looking at every folder for each prompt would take longer than matching it. */
  #listRecently(): Promise<readonly CatalogEntry[]> {
    const now = performance.now();
    if (this.#recent === undefined || now - this.#recent.at > RECENT_MS) {
      const { select: _select, ...all } = this.#catalog;
      this.#recent = { at: now, entries: readCatalog(all) };
    }
    return this.#recent.entries;
  }

  #openEngine(): Promise<Engine> {
    if (this.#engine !== undefined) return this.#engine;
    const engine = import('./engine.ts').then(({ startEngine }) =>
      startEngine(this.#options, {
        home: this.#home,
        events: this.#events,
        supervisor: this.#supervisor,
        find: (reference) => this.find(reference),
        load: (reference) => this.skill(reference),
      }),
    );
    this.#engine = engine;
    // One that could not start is started anew when the next run comes.
    engine.catch(() => (this.#engine = undefined));
    return engine;
  }

  async #run(find: () => Promise<Callable>, options: RunOptions): Promise<RunResult> {
    return (await this.#openEngine()).run(find, options);
  }
}
