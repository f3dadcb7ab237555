import type { CapabilityDenied, SandboxResult } from '../../host/index.ts';
import { SkillError, type Usage } from '../../host/index.ts';
import type { Execution } from '../executor/executor.ts';
import type { Tool } from '../tool/tool.ts';
import { validateOutput } from '../tool/validate.ts';
import type { EventHub } from './events.ts';
import type { Queue } from './queue.ts';
import type { Perform, ResilienceStage } from './resilience.ts';
import { cacheKey, type ResultCache } from './result-cache.ts';

/** How a run ended, before it is written down. */
export type RunEnd = {
  readonly usage: Usage;
  readonly denials: readonly CapabilityDenied[];
  readonly stderr: string;
  /** How often the tool ran; 0 when it was answered by what came of it before. */
  readonly attempts: number;
  /** What answered instead of the tool: the cache, or what the skill falls back to, by its name. */
  readonly instead: { readonly cache: true } | { readonly fallback: string } | undefined;
} & ({ readonly ok: true; readonly result: unknown } | { readonly ok: false; readonly error: SkillError });

/** The stages between permission and record. */
export interface Stages {
  readonly cache: ResultCache;
  readonly queue: Queue;
  readonly resilience: ResilienceStage;
  readonly perform: Perform;
  readonly events: EventHub;
}

interface Manner {
  /** It runs for another run, whose turn it is already. */
  readonly isNested: boolean;
  /** What came of it before does not count. */
  readonly isFresh: boolean;
  /** Resilience has no part in it. */
  readonly isAlone: boolean;
  readonly dependsOn: () => Promise<unknown>;
}

const NO_USAGE: Usage = { durationMs: 0, fuel: undefined, memoryBytes: 0, hostCalls: 0 };
const QUEUE_SIZE = 100;

/** Cache, queue, resilience, execution, and whether the result is what the tool declares. */
export async function carryOut(execution: Execution, stages: Stages, manner: Manner): Promise<RunEnd> {
  const { cache, events } = stages;
  const { skill, tool, run } = execution;
  const rules = skill.manifest?.cache;
  const key = rules === undefined || !tool.cacheable ? undefined : await keyOf(execution, manner);
  const known = rules && key !== undefined && !manner.isFresh ? cache.get(skill.id, key, rules) : undefined;
  if (known !== undefined) {
    events.emit({ type: 'cached', run });
    return {
      ok: true,
      result: known.value,
      usage: NO_USAGE,
      denials: [],
      stderr: '',
      attempts: 0,
      instead: { cache: true },
    };
  }
  const end = await inTurn(execution, stages, manner);
  const isKept = end.ok && end.instead === undefined && end.denials.length === 0;
  if (rules !== undefined && key !== undefined && isKept && !(end.result instanceof Uint8Array))
    cache.set(skill.id, key, end.result, rules);
  return end;
}

async function keyOf(execution: Execution, { dependsOn }: Manner): Promise<string | undefined> {
  const { skill, tool, trust, input, args, stdin } = execution;
  const more = await dependsOn();
  return more === undefined
    ? undefined
    : cacheKey({ skill: skill.id, tool: tool.name, trust, input, args, stdin, more });
}

async function inTurn(execution: Execution, stages: Stages, { isNested, isAlone }: Manner): Promise<RunEnd> {
  const { skill, tool, limits, signal, run } = execution;
  const { queue, resilience, perform, events } = stages;
  const work = async (): ReturnType<ResilienceStage['run']> => {
    if (isAlone) return { ended: await perform(execution), attempts: 1, fallback: undefined };
    return resilience.run(execution, perform, (attempt) => events.emit({ ...attempt, run }));
  };
  const rules = { ...skill.manifest?.resilience, ...tool.resilience };
  const lane = {
    maxConcurrent: Math.min(limits.max_concurrent, rules.maxConcurrent ?? limits.max_concurrent),
    queueSize: rules.queueSize ?? QUEUE_SIZE,
  };
  const { ended, attempts, fallback } = isNested ? await work() : await queue.run(skill.id, lane, signal, work);
  const instead = fallback === undefined ? undefined : { fallback };
  return { ...readEnd(ended, tool), attempts, instead };
}

/** A result only when it is what the tool declares. */
function readEnd(
  { outcome, usage, denials, stderr }: SandboxResult,
  tool: Tool,
): Omit<RunEnd, 'attempts' | 'instead'> & ({ ok: true; result: unknown } | { ok: false; error: SkillError }) {
  const common = { usage, denials, stderr: Buffer.from(stderr).toString() };
  if ('error' in outcome) return { ok: false, error: outcome.error, ...common };
  try {
    if (!(outcome.value instanceof Uint8Array)) validateOutput(tool, outcome.value);
    return { ok: true, result: outcome.value, ...common };
  } catch (error) {
    if (!(error instanceof SkillError)) throw error;
    return { ok: false, error, ...common };
  }
}
