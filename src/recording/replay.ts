import {
  type Answering,
  CapabilityDenied,
  HostCallRefusal,
  quote,
  SkillError,
  type WireValue,
} from '../../host/index.ts';
import type { Callable } from '../runtime/callable.ts';
import { canonicalJson } from '../runtime/canonical-json.ts';
import type { RunOptions, RunResult } from '../runtime/run.ts';
import { endingOf } from './ending.ts';
import type { Call } from './record.ts';
import type { Ending, RecordedCall, Recording } from './recording.ts';
import { fromJson, toJson, type WireJson } from './wire-json.ts';

/** Where a replay left its recording. */
export interface Divergence {
  /** `call 3`, `result`, `message`, `fuel`, `stderr`, or `end` of a recording that was cut off. */
  readonly at: string;
  readonly recorded: string;
  readonly replayed: string;
}

export interface Replay {
  readonly result: RunResult;
  readonly divergence: Divergence | undefined;
  /** Host calls that were the same. */
  readonly calls: number;
}

/**
 * Runs a tool as it was recorded. All its host calls are answered from the recording: nothing is asked, nothing is touched.
 * @param options `changed`: the skill may be another one than was recorded; its fuel may then differ as well
 * @throws SkillError E_USAGE for a tool of no module, E_DIVERGED for a skill that is another one, E_INPUT for a recording that is none
 */
export async function replayRun(
  recording: Recording,
  callable: Callable,
  { call, isChanged = false }: { readonly call: Call; readonly isChanged?: boolean },
): Promise<Replay> {
  const { beginning, ending } = recording;
  const { skill, tool } = callable;
  // Only the host calls of a module come by here; a program or a model would be asked for real.
  if (tool.action.type !== 'wasm')
    throw new SkillError('E_USAGE', `${tool.name} is of type ${tool.action.type}, and cannot be replayed`, {
      hint: 'only tools of modules are recorded',
    });
  if (skill.hash !== beginning.hash && !isChanged)
    throw new SkillError('E_DIVERGED', `${skill.id} ${skill.version} is not what was recorded`, {
      hint: 'give --changed to replay it all the same, or --skill with the folder that was recorded',
      details: { recorded: beginning.hash, here: skill.hash },
    });
  const answers = new Answers(recording.calls);
  const result = await call(callable, { ...optionsOf(recording), answering: answers.answering });
  const divergence =
    answers.divergence ??
    answers.left() ??
    (ending === undefined ? cutOff(endingOf(result)) : compare(ending, endingOf(result), isChanged));
  return { result, divergence, calls: answers.used };
}

function optionsOf({ beginning }: Recording): RunOptions {
  const { input, args, stdin, seed, clock, limits } = beginning;
  return {
    input: inputOf(input),
    args,
    stdin: Buffer.from(stdin, 'base64'),
    seed,
    clock,
    limits,
    fresh: true,
    alone: true,
  };
}

function inputOf(input: WireJson): unknown {
  const { bytes, json } = (typeof input === 'object' ? input : {}) as { readonly bytes?: unknown; json?: unknown };
  return typeof bytes === 'string' ? Buffer.from(bytes, 'base64') : json;
}

/** Answers host calls from those that were recorded, in their order. */
class Answers {
  readonly #calls: readonly RecordedCall[];
  used = 0;
  divergence: Divergence | undefined;

  constructor(calls: readonly RecordedCall[]) {
    this.#calls = calls;
  }

  readonly answering: Answering = async (operation, args, act) => {
    const next = this.#calls[this.used];
    const replayed = showCall(operation, args.map(toJson));
    const recorded = next === undefined ? 'no further host call' : showCall(next.call, next.args);
    if (next === undefined || recorded !== replayed) {
      this.divergence ??= { at: `call ${this.used + 1}`, recorded, replayed };
      throw new SkillError('E_DIVERGED', `host call ${this.used + 1} is another one than was recorded`);
    }
    this.used += 1;
    // What it says is for whoever looks on now.
    if (operation === 'log') await act();
    return answerOf(next);
  };

  /** What was recorded, and did not come. */
  left(): Divergence | undefined {
    const next = this.#calls[this.used];
    if (next === undefined) return undefined;
    return { at: `call ${this.used + 1}`, recorded: showCall(next.call, next.args), replayed: 'no further host call' };
  }
}

function answerOf({ answer, refused }: RecordedCall): WireValue {
  if (refused === undefined) return fromJson(answer ?? null);
  const { code, message, errno } = refused;
  if (code !== 'denied') throw new HostCallRefusal(code, message, errno);
  throw new CapabilityDenied(message, { layer: 'recording', rule: '', details: { guestMessage: message } });
}

const MOST_SHOWN = 200;

function showCall(operation: string, args: readonly WireJson[]): string {
  return `${operation} ${canonicalJson(args)}`;
}

/** Of a recording without an end nobody knows whether this is the same one. */
function cutOff({ ok, code }: Ending): Divergence {
  return { at: 'end', recorded: 'nothing: it was cut off', replayed: ok ? 'a result' : String(code) };
}

function compare(recorded: Ending, replayed: Ending, isChanged: boolean): Divergence | undefined {
  const parts: readonly (readonly [at: string, of: (ending: Ending) => unknown])[] = [
    ['result', ({ ok, result, code }) => (ok ? (result ?? null) : code)],
    ['message', ({ code, message }) => (code === 'E_GUEST' ? message : undefined)],
    ['stderr', ({ stderr }) => stderr],
    ['fuel', ({ fuel }) => (isChanged ? undefined : fuel)],
  ];
  for (const [at, of] of parts) {
    const [before, now] = [of(recorded), of(replayed)].map((value) => canonicalJson(value ?? null));
    if (before !== now) return { at, recorded: before ?? '', replayed: now ?? '' };
  }
  return undefined;
}

/** For people: the beginnings of what differs. */
export function describeDivergence({ at, recorded, replayed }: Divergence): string {
  return `at ${at}: recorded ${quote(recorded, MOST_SHOWN)}, replayed ${quote(replayed, MOST_SHOWN)}`;
}
