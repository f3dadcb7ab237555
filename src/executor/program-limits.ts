import { constants } from 'node:os';
import { GuestError, type Layer, type Limits, quote, SkillError } from '../../host/index.ts';
import { toolLayer } from '../policy/tool-layer.ts';
import type { Program } from '../tool/action.ts';
import type { Execution } from './executor.ts';
import type { ProgramResult } from './program-result.ts';

/** Limits of a program that is the tool itself are those of the run. */
const OWN: readonly (readonly [own: keyof Limits, ofPrograms: keyof Limits])[] = [
  ['timeout_ms', 'command_ms'],
  ['memory_mb', 'command_memory_mb'],
  ['output_kb', 'message_kb'],
];

export function forPrograms(limits: Limits): Limits {
  return { ...limits, ...Object.fromEntries(OWN.map(([own, name]) => [name, limits[own]])) };
}

/** An error of a program by the names its run has for it, with what it had printed. */
export function inOwnNames(error: SkillError, printed: Omit<ProgramResult, 'exitCode' | 'killedBy'>): SkillError {
  const limit = error.details?.['limit'];
  if (typeof limit !== 'string') return error;
  const own = OWN.find(([, name]) => name === limit)?.[0] ?? limit;
  const named = (text: string): string => text.replaceAll(limit, own);
  return new SkillError(error.code === 'E_MESSAGE_LIMIT' ? 'E_OUTPUT_LIMIT' : error.code, named(error.message), {
    hint: error.hint === undefined ? undefined : named(error.hint),
    details: { ...error.details, limit: own, ...printed, killedBy: own },
    cause: error,
  });
}

/** Those of the run, and what the tool is let of it. */
export function programLayers({ sandbox }: Program, { layers, skill, cwd, env }: Execution): readonly Layer[] {
  if (sandbox === undefined) return layers();
  return [...layers(), toolLayer(sandbox, skill, { cwd, env })];
}

/** A program that ended as it should not. */
export function statusError(program: string, result: ProgramResult): GuestError {
  const { exitCode, killedBy, stderr, stdout } = result;
  const said = lastLine(stderr) || lastLine(stdout);
  const how = killedBy === undefined ? `ended with status ${exitCode}` : `was ended by ${killedBy}`;
  return new GuestError('E_GUEST', `${program} ${how}${said === '' ? '' : `: ${quote(said, 300)}`}`, {
    details: { ...result },
  });
}

export function signalName(number: number): string {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? `signal ${number}`;
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
