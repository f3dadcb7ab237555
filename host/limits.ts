import { SkillError } from './errors.ts';

/** One ceiling: its unit, what a run gets when nobody says otherwise, and what no manifest or option may exceed. */
interface Ceiling {
  readonly unit: string;
  readonly default: number;
  readonly hard: number;
  readonly means: string;
}

/** Every limit of the wall. A manifest or `--limit` names these; both are refused above `hard`. */
export const CEILINGS = {
  timeout_ms: { unit: 'ms', default: 5_000, hard: 300_000, means: 'wall-clock time of one call' },
  start_ms: { unit: 'ms', default: 2_000, hard: 60_000, means: 'decoding and compiling the module' },
  memory_mb: { unit: 'MiB', default: 64, hard: 512, means: 'linear memory, over all memories of the module' },
  output_kb: { unit: 'KiB', default: 1_024, hard: 16_384, means: 'result and standard output of one call' },
  message_kb: { unit: 'KiB', default: 1_024, hard: 16_384, means: 'one message between guest and host' },
  log_kb: { unit: 'KiB', default: 256, hard: 16_384, means: 'log lines and standard error of one call' },
  host_calls: { unit: 'calls', default: 1_000, hard: 1_000_000, means: 'host calls of one call' },
  host_calls_per_second: { unit: 'calls/s', default: 100, hard: 100_000, means: 'host calls, as a token bucket' },
  open_files: { unit: 'files', default: 16, hard: 256, means: 'files held open at once' },
  max_concurrent: { unit: 'calls', default: 16, hard: 256, means: 'calls of one skill at once' },
  module_mb: { unit: 'MiB', default: 32, hard: 64, means: 'size of the WebAssembly module' },
  table_elements: { unit: 'elements', default: 100_000, hard: 100_000, means: 'every table' },
  command_ms: { unit: 'ms', default: 60_000, hard: 300_000, means: 'time of one started program' },
  http_ms: { unit: 'ms', default: 60_000, hard: 300_000, means: 'time of one HTTP exchange with its redirects' },
} as const satisfies Record<string, Ceiling>;

export type LimitName = keyof typeof CEILINGS;
export type Limits = Readonly<Record<LimitName, number>>;

export function isLimitName(name: string): name is LimitName {
  return Object.hasOwn(CEILINGS, name);
}

/**
 * Parses one value for a limit.
 * @throws SkillError E_USAGE when it is not a whole number from 1 to the hard ceiling.
 */
export function parseLimit(name: LimitName, value: unknown): number {
  const { hard, unit } = CEILINGS[name];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 && value <= hard) return value;
  throw new SkillError('E_USAGE', `limit ${name}: ${String(value)} is not a whole number from 1 to ${hard} ${unit}`, {
    hint: `choose a value from 1 to ${hard}; the default is ${CEILINGS[name].default}`,
  });
}

const DEFAULTS = Object.fromEntries(Object.entries(CEILINGS).map(([name, c]) => [name, c.default])) as Limits;

/** The limits of one run: defaults, overlaid by each of `layers` in turn. */
export function resolveLimits(...layers: readonly Partial<Limits>[]): Limits {
  return Object.assign({}, DEFAULTS, ...layers) as Limits;
}
