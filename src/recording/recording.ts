import { quote, SkillError } from '../../host/index.ts';
import { readCapped, TooLarge } from '../skill/read-capped.ts';
import { fromJson, type WireJson } from './wire-json.ts';

/** What a run was given. */
export interface Beginning {
  readonly skill: string;
  readonly version: string;
  /** Of the skill's files. */
  readonly hash: string;
  readonly tool: string;
  /** `{json}`, or `{bytes}` for a tool without parameters. */
  readonly input: WireJson;
  readonly args: readonly string[];
  /** Base64. */
  readonly stdin: string;
  readonly seed: number;
  /** Milliseconds since 1970. */
  readonly clock: number;
  /** Those that were set for this run. */
  readonly limits: Readonly<Record<string, number>>;
}

/** One host call, with what came of it. */
export interface RecordedCall {
  readonly call: string;
  readonly args: readonly WireJson[];
  readonly answer?: WireJson;
  readonly refused?: { readonly code: string; readonly message: string; readonly errno?: string | undefined };
}

/** How a run ended. */
export interface Ending {
  readonly ok: boolean;
  /** As `input`. */
  readonly result?: WireJson;
  readonly code?: string;
  readonly message?: string;
  readonly fuel?: number;
  readonly stderr: string;
}

export interface Recording {
  readonly beginning: Beginning;
  readonly calls: readonly RecordedCall[];
  /** Undefined for a run that was cut off. */
  readonly ending: Ending | undefined;
}

export const FORMAT = 1;
export const RECORDING_BYTES = 256 * 1024 * 1024;

/** Reads a file that `--record` wrote. @throws SkillError E_NOT_FOUND, E_INPUT */
export function readRecording(file: string): Recording {
  return parseRecording(readText(file), file);
}

function readText(file: string): string {
  try {
    return readCapped(file, RECORDING_BYTES).toString();
  } catch (error) {
    if (error instanceof TooLarge) throw broken(file, 1, `it has more than ${RECORDING_BYTES} bytes`);
    throw new SkillError(
      'E_NOT_FOUND',
      `the recording ${quote(file)} cannot be read: ${(error as NodeJS.ErrnoException).code}`,
      { hint: 'skill run … --record FILE makes one' },
    );
  }
}

/** Each line is one JSON object: what it was given, then the calls, then how it ended. @throws SkillError E_INPUT */
export function parseRecording(text: string, file: string): Recording {
  const lines = text.split('\n');
  const objects = lines.flatMap((line, i) => (line === '' ? [] : [parseLine(line, file, i + 1)]));
  const [first, ...rest] = objects;
  if (first?.['recording'] !== FORMAT)
    throw broken(file, 1, `it does not begin with a recording of the format ${FORMAT}`);
  const end = rest.at(-1)?.['end'];
  const calls = end === undefined ? rest : rest.slice(0, -1);
  for (const [i, one] of calls.entries()) if (!isCall(one)) throw broken(file, i + 2, 'it is no host call');
  if (!isBeginning(first['run'])) throw broken(file, 1, 'it does not say what was run');
  if (end !== undefined && !isEnding(end)) throw broken(file, objects.length, 'it does not say how the run ended');
  return { beginning: first['run'], calls: calls as unknown as readonly RecordedCall[], ending: end };
}

function parseLine(line: string, file: string, number: number): Readonly<Record<string, unknown>> {
  try {
    const value = JSON.parse(line) as unknown;
    if (isObject(value)) return value;
  } catch {
    // Told below.
  }
  throw broken(file, number, 'it is no JSON object');
}

function isBeginning(value: unknown): value is Beginning {
  if (!isObject(value)) return false;
  const { args, limits, seed, clock } = value;
  const texts = ['skill', 'version', 'hash', 'tool', 'stdin'].every((key) => typeof value[key] === 'string');
  const areWords = Array.isArray(args) && args.every((one) => typeof one === 'string');
  const areLimits = isObject(limits) && Object.values(limits).every((one) => typeof one === 'number');
  return texts && areWords && areLimits && typeof seed === 'number' && typeof clock === 'number' && 'input' in value;
}

function isCall(value: Readonly<Record<string, unknown>>): boolean {
  const { call, args, answer, refused } = value;
  if (typeof call !== 'string' || !Array.isArray(args)) return false;
  if (refused === undefined) return answer !== undefined && isWire(answer);
  return isObject(refused) && typeof refused['code'] === 'string' && typeof refused['message'] === 'string';
}

function isWire(value: unknown): boolean {
  try {
    fromJson(value as WireJson);
    return true;
  } catch {
    return false;
  }
}

function isEnding(value: unknown): value is Ending {
  return isObject(value) && typeof value['ok'] === 'boolean' && typeof value['stderr'] === 'string';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function broken(file: string, line: number, why: string): SkillError {
  return new SkillError('E_INPUT', `${quote(file)}, line ${line}: ${why}`, {
    hint: 'record the run again, with skill run … --record FILE',
  });
}
