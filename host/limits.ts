import { type ErrorCode, SkillError } from './errors.ts';

/**
 * What going over a ceiling comes to: `code` when it ends the run, `told` when the guest is told with this word (an error
 * of `skillhost:guest`, an errno) and may go on.
 */
type Consequence = { readonly code: ErrorCode } | { readonly told: string };

/** A ceiling that can be set: its unit, what a run gets when nobody says otherwise, and what nobody may exceed. */
type Ceiling = {
  readonly unit: string;
  readonly default: number;
  readonly hard: number;
  readonly means: string;
} & Consequence;

/** A ceiling that cannot be set. */
type FixedCeiling = { readonly unit: string; readonly limit: number; readonly means: string } & Consequence;

/** Every limit that a manifest or `--limit` may set; both are refused above `hard`. */
export const CEILINGS = {
  timeout_ms: {
    unit: 'ms',
    default: 5_000,
    hard: 300_000,
    means: 'wall-clock time of one call',
    code: 'E_TIMEOUT',
  },
  fuel: {
    unit: 'instructions',
    default: 100_000_000_000,
    hard: 1_000_000_000_000,
    means: 'WebAssembly instructions of one call',
    code: 'E_FUEL',
  },
  start_ms: {
    unit: 'ms',
    default: 2_000,
    hard: 60_000,
    means: 'decoding and compiling the module',
    code: 'E_TIMEOUT',
  },
  memory_mb: {
    unit: 'MiB',
    default: 64,
    hard: 512,
    means: 'linear memory, over all memories of the module',
    code: 'E_MEMORY',
  },
  output_kb: {
    unit: 'KiB',
    default: 1_024,
    hard: 16_384,
    means: 'result and standard output of one call',
    code: 'E_OUTPUT_LIMIT',
  },
  message_kb: {
    unit: 'KiB',
    default: 1_024,
    hard: 16_384,
    means: 'one message between guest and host: a file, a response, what a program writes',
    code: 'E_MESSAGE_LIMIT',
  },
  log_kb: {
    unit: 'KiB',
    default: 256,
    hard: 16_384,
    means: 'log lines and standard error of one call',
    code: 'E_OUTPUT_LIMIT',
  },
  host_calls: { unit: 'calls', default: 1_000, hard: 1_000_000, means: 'host calls of one call', code: 'E_RATE' },
  host_calls_per_second: {
    unit: 'calls/s',
    default: 100,
    hard: 100_000,
    means: 'host calls, as a token bucket',
    told: 'rate-limited',
  },
  open_files: { unit: 'files', default: 16, hard: 256, means: 'files held open at once', told: 'EMFILE' },
  max_concurrent: {
    unit: 'calls',
    default: 16,
    hard: 256,
    means: 'calls of one skill at once',
    code: 'E_UNAVAILABLE',
  },
  module_mb: { unit: 'MiB', default: 32, hard: 64, means: 'size of the WebAssembly module', code: 'E_MODULE_LIMIT' },
  table_elements: {
    unit: 'elements',
    default: 100_000,
    hard: 100_000,
    means: 'every table of the module',
    code: 'E_MODULE_LIMIT',
  },
  command_ms: { unit: 'ms', default: 60_000, hard: 300_000, means: 'time of one started program', told: 'timeout' },
  http_ms: {
    unit: 'ms',
    default: 60_000,
    hard: 300_000,
    means: 'time of one HTTP exchange with its redirects',
    told: 'timeout',
  },
} as const satisfies Record<string, Ceiling>;

/**
 * Every limit that nobody can set. Those of modules are far above what optimized ones of up to 13 MB need; without them
 * small files stall or abort the engine.
 */
export const FIXED = {
  types: { unit: 'types', limit: 1_000, means: 'function types of a module', code: 'E_MODULE_LIMIT' },
  params: { unit: 'values', limit: 100, means: 'parameters of a function', code: 'E_MODULE_LIMIT' },
  results: { unit: 'values', limit: 32, means: 'results of a function', code: 'E_MODULE_LIMIT' },
  locals: { unit: 'locals', limit: 4_000, means: 'locals of a function', code: 'E_MODULE_LIMIT' },
  operand_height: {
    unit: 'values',
    limit: 1_000,
    means: 'values on the operand stack of a function',
    code: 'E_MODULE_LIMIT',
  },
  body_kb: { unit: 'KiB', limit: 256, means: 'the body of a function', code: 'E_MODULE_LIMIT' },
  function_cost: {
    unit: 'units',
    limit: 2_000_000,
    means: 'compiling a function: values alive at its branches',
    code: 'E_MODULE_LIMIT',
  },
  module_cost: {
    unit: 'units',
    limit: 40_000_000,
    means: 'compiling all functions of a module',
    code: 'E_MODULE_LIMIT',
  },
  functions: { unit: 'functions', limit: 100_000, means: 'functions of a module', code: 'E_MODULE_LIMIT' },
  imports: { unit: 'imports', limit: 10_000, means: 'imports of a module', code: 'E_MODULE_LIMIT' },
  exports: { unit: 'exports', limit: 10_000, means: 'exports of a module', code: 'E_MODULE_LIMIT' },
  tables: { unit: 'tables', limit: 16, means: 'tables of all modules of a guest', code: 'E_MODULE_LIMIT' },
  core_modules: { unit: 'modules', limit: 64, means: 'core modules of a component', code: 'E_MODULE_LIMIT' },
  definitions: { unit: 'definitions', limit: 100_000, means: 'definitions of a component', code: 'E_MODULE_LIMIT' },
  nesting: {
    unit: 'levels',
    limit: 16,
    means: 'components and types written inside each other',
    code: 'E_MODULE_LIMIT',
  },
  instance_depth: { unit: 'levels', limit: 64, means: 'instances made inside each other', code: 'E_MODULE_LIMIT' },
  link_steps: {
    unit: 'steps',
    limit: 200_000,
    means: 'definitions evaluated to link a component',
    code: 'E_MODULE_LIMIT',
  },
  type_depth: { unit: 'levels', limit: 32, means: 'types that values of a component nest in', code: 'E_MODULE_LIMIT' },
  type_parts: { unit: 'parts', limit: 10_000, means: 'parts of one type of a component', code: 'E_MODULE_LIMIT' },
  type_bytes: {
    unit: 'bytes',
    limit: 16_777_216,
    means: 'one value of a type, without what it points to',
    code: 'E_MODULE_LIMIT',
  },
  stack_kb: { unit: 'KiB', limit: 2_048, means: "the stack of a guest's calls", code: 'E_STACK' },
  worker_heap_mb: { unit: 'MiB', limit: 64, means: 'values on their way between guest and host', code: 'E_MEMORY' },
  list_elements: { unit: 'elements', limit: 10_000_000, means: 'one list a guest hands over', code: 'E_RESOURCE' },
  string_bytes: { unit: 'bytes', limit: 268_435_455, means: 'one string a guest hands over', code: 'E_RESOURCE' },
  handles: { unit: 'handles', limit: 1_024, means: 'resources held by a component instance', code: 'E_RESOURCE' },
  name_bytes: { unit: 'bytes', limit: 4_096, means: 'one name in a module', code: 'E_MODULE_LIMIT' },
  list_length: { unit: 'items', limit: 100_000, means: 'items in any other list of a module', code: 'E_MODULE_LIMIT' },
  list_items: {
    unit: 'items',
    limit: 500_000,
    means: 'items in all lists of a module that are read',
    code: 'E_MODULE_LIMIT',
  },
} as const satisfies Record<string, FixedCeiling>;

export type LimitName = keyof typeof CEILINGS;
export type FixedName = keyof typeof FIXED;
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

/** Thrown inside the guest process: the guest went over a fixed limit, which ends its call. */
export class LimitReached extends Error {
  override readonly name = 'LimitReached';
  readonly limit: FixedName;

  constructor(limit: FixedName) {
    super(`more than ${limit} = ${FIXED[limit].limit}`);
    this.limit = limit;
  }
}

/** @throws LimitReached when a guest has more of something than a fixed limit allows. */
export function keepWithin(limit: FixedName, found: number): void {
  if (found > FIXED[limit].limit) throw new LimitReached(limit);
}

/** What a limit that was reached is told as, when the guest process names it; undefined for what is no fixed limit. */
export function fixedLimitError(name: string): SkillError | undefined {
  if (!Object.hasOwn(FIXED, name)) return undefined;
  const ceiling: FixedCeiling = FIXED[name as FixedName];
  return new SkillError(
    'code' in ceiling ? ceiling.code : 'E_RESOURCE',
    `the guest went over ${name} = ${ceiling.limit}: ${ceiling.means}`,
    {
      hint: 'give the tool less at once; this limit is fixed',
      details: { limit: name, value: ceiling.limit },
    },
  );
}
