import { appendFileSync, writeFileSync } from 'node:fs';
import { randomInt } from 'node:crypto';
import { type Answering, HostCallRefusal, quote, SkillError } from '../../host/index.ts';
import type { Callable } from '../runtime/callable.ts';
import type { RunOptions, RunResult } from '../runtime/run.ts';
import { endingOf, resultJson } from './ending.ts';
import { Hiding } from './hiding.ts';
import { type Beginning, type Ending, FORMAT, type RecordedCall } from './recording.ts';
import { toJson, type WireJson } from './wire-json.ts';

/** Runs a tool that was found. */
export type Call = (callable: Callable, options: RunOptions) => Promise<RunResult>;

const MOST_SEED = 2 ** 47;

/**
 * Runs a tool of a module, and writes to a file all it would need to do the same again: its input, a clock and a seed, and
 * what every host call was answered. In the place of a secret there are as many stars.
 * @throws SkillError E_USAGE for a tool of another type, E_NOT_FOUND for a file that cannot be written
 */
export async function recordRun(
  callable: Callable,
  options: RunOptions,
  { file, call }: { readonly file: string; readonly call: Call },
): Promise<RunResult> {
  const { tool } = callable;
  if (tool.action.type !== 'wasm')
    throw new SkillError('E_USAGE', `${tool.name} is of type ${tool.action.type}, and cannot be recorded`, {
      hint: 'tools of a WebAssembly module can; what a program does depends on its machine',
    });
  const seed = options.seed ?? randomInt(MOST_SEED);
  const clock = startOf(options.clock);
  const write = openFile(file);
  const hiding = new Hiding();
  write({ recording: FORMAT, run: beginningOf(callable, { ...options, seed }, clock) });
  const answering: Answering = async (operation, args, act) => {
    const asked = { call: operation, args: args.map((one) => hiding.hide(toJson(one))) };
    try {
      const answer = await act();
      if (operation === 'secrets.get' && typeof answer === 'string') hiding.add(answer);
      write({ ...asked, answer: hiding.hide(toJson(answer)) });
      return answer;
    } catch (error) {
      if (error instanceof HostCallRefusal) write({ ...asked, refused: refusalOf(error, hiding) });
      throw error;
    }
  };
  const result = await call(callable, { ...options, seed, clock, fresh: true, answering });
  write({ end: hiding.hide(endingOf(result) as unknown as WireJson) as unknown as Ending });
  return result;
}

/** A run of which the clock cannot be told again is none that can be replayed. */
function startOf(clock: RunOptions['clock']): number {
  if (clock === undefined || clock === 'real') return Date.now();
  return clock instanceof Date ? clock.getTime() : clock;
}

function beginningOf(
  { skill, tool }: Callable,
  { input, args = [], stdin = '', seed, limits = {} }: RunOptions & { readonly seed: number },
  clock: number,
): Beginning {
  return {
    skill: skill.id,
    version: skill.version,
    hash: skill.hash,
    tool: tool.name,
    input: resultJson(input),
    args,
    stdin: Buffer.from(stdin).toString('base64'),
    seed,
    clock,
    limits,
  };
}

function refusalOf({ code, message, errno }: HostCallRefusal, hiding: Hiding): Refused {
  const text = hiding.hide(message) as string;
  return { code, message: text, ...(errno !== undefined && { errno }) };
}

type Refused = NonNullable<RecordedCall['refused']>;

type Line = { readonly recording: typeof FORMAT; readonly run: Beginning } | RecordedCall | { readonly end: Ending };

/** A line is there before what it tells of goes on. */
function openFile(file: string): (line: Line) => void {
  try {
    writeFileSync(file, '', { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SkillError('E_USAGE', `the recording ${quote(file)} cannot be made: ${code}`, {
      hint: code === 'EEXIST' ? 'it is there already; remove it, or choose another name' : 'check the path',
      cause: error,
    });
  }
  return (line) => appendFileSync(file, `${JSON.stringify(line)}\n`);
}
