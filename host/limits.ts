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
  command_memory_mb: {
    unit: 'MiB',
    default: 512,
    hard: 8_192,
    means: 'memory of one started program and of all it starts',
    told: 'too-large',
  },
  cpu_percent: {
    unit: '%',
    default: 200,
    hard: 6_400,
    means: 'of one processor, for one started program and all it starts; it is slowed down to it',
    told: 'slowed',
  },
  file_size_mb: {
    unit: 'MiB',
    default: 64,
    hard: 1_024,
    means: 'any file that a started program writes',
    told: 'too-large',
  },
  processes: {
    unit: 'processes',
    default: 64,
    hard: 1_024,
    means: 'processes of one started program at once',
    told: 'too-large',
  },
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
  stack_kb: { unit: 'KiB', limit: 2_048, means: "the stack of a guest's calls", code: 'E_STACK' },
  worker_heap_mb: { unit: 'MiB', limit: 64, means: 'values on their way between guest and host', code: 'E_MEMORY' },
  random_bytes: {
    unit: 'bytes',
    limit: 16_777_216,
    means: 'random bytes a component asks for at once',
    code: 'E_RESOURCE',
  },
  http_kept_bytes: {
    unit: 'bytes',
    limit: 67_108_864,
    means: 'headers and bodies a component writes, until they are sent',
    code: 'E_RESOURCE',
  },
  plugin_variable_bytes: {
    unit: 'bytes',
    limit: 16_777_216,
    means: 'variables of an Extism plug-in',
    code: 'E_RESOURCE',
  },
  list_elements: { unit: 'elements', limit: 10_000_000, means: 'one list a guest hands over', code: 'E_RESOURCE' },
  string_bytes: { unit: 'bytes', limit: 268_435_455, means: 'one string a guest hands over', code: 'E_RESOURCE' },
  handles: { unit: 'handles', limit: 1_024, means: 'resources held by a component instance', code: 'E_RESOURCE' },
  descriptors: { unit: 'descriptors', limit: 1_024, means: 'descriptors of a WASI 1 program', told: 'EMFILE' },
  subscriptions: {
    unit: 'subscriptions',
    limit: 1_024,
    means: 'what a WASI 1 program waits for at once',
    told: 'EINVAL',
  },
  io_vectors: { unit: 'vectors', limit: 1_024, means: 'buffers of one read or write of WASI 1', told: 'EINVAL' },
  input_mb: {
    unit: 'MiB',
    limit: 64,
    means: 'arguments, standard input and words given to one call',
    code: 'E_MESSAGE_LIMIT',
  },
  json_depth: { unit: 'levels', limit: 200, means: 'nesting of a result in JSON', code: 'E_OUTPUT_LIMIT' },
  value_depth: {
    unit: 'levels',
    limit: 64,
    means: 'nesting of a result that is checked by a schema',
    code: 'E_OUTPUT',
  },
  value_parts: {
    unit: 'values',
    limit: 100_000,
    means: 'parts of a result that is checked by a schema',
    code: 'E_OUTPUT',
  },
  wire_depth: { unit: 'levels', limit: 16, means: 'nesting of a message of the guest process', code: 'E_GUEST_DIED' },
  open_calls: { unit: 'calls', limit: 1, means: 'host calls of one guest at once', code: 'E_GUEST_DIED' },
  log_line_chars: { unit: 'characters', limit: 8_192, means: 'one log line; the rest is cut off', told: 'nothing' },
  path_chars: { unit: 'characters', limit: 4_096, means: 'one path', told: 'denied' },
  path_links: { unit: 'links', limit: 20, means: 'links followed on the way to a file', told: 'ELOOP' },
  directory_entries: {
    unit: 'entries',
    limit: 10_000,
    means: 'entries of a directory that is listed',
    told: 'too-large',
  },
  state_key_chars: {
    unit: 'characters',
    limit: 256,
    means: 'one key of the state, or of the cache',
    told: 'too-large',
  },
  state_bytes: { unit: 'bytes', limit: 4_194_304, means: "a skill's state, keys and values", told: 'ENOSPC' },
  command_args: { unit: 'arguments', limit: 1_000, means: 'arguments of a started program', told: 'too-large' },
  command_args_kb: { unit: 'KiB', limit: 64, means: 'all arguments of a started program', told: 'denied' },
  http_connect_ms: { unit: 'ms', limit: 5_000, means: 'connecting to a server', told: 'timeout' },
  http_idle_ms: { unit: 'ms', limit: 10_000, means: 'silence of a server', told: 'timeout' },
  http_redirects: { unit: 'redirects', limit: 3, means: 'redirects of one exchange', told: 'failed' },
  http_redirect_kb: { unit: 'KiB', limit: 64, means: 'the body of a redirect', told: 'too-large' },
  http_headers: { unit: 'headers', limit: 100, means: 'headers a guest sends', told: 'invalid' },
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
    super(`more than ${limit} = ${FIXED[limit].limit} (${FIXED[limit].means})`);
    this.limit = limit;
  }
}

/** @throws LimitReached when a guest has more of something than a fixed limit allows. */
export function keepWithin(limit: FixedName, found: number): void {
  if (found > FIXED[limit].limit) throw new LimitReached(limit);
}

export function isFixedName(name: unknown): name is FixedName {
  return typeof name === 'string' && Object.hasOwn(FIXED, name);
}

/** What going over a fixed limit is told as. */
export function fixedLimitError(name: FixedName): SkillError {
  const ceiling: FixedCeiling = FIXED[name];
  return new SkillError(
    'code' in ceiling ? ceiling.code : 'E_RESOURCE',
    `the guest went over ${name} = ${ceiling.limit} (${ceiling.means})`,
    { hint: 'give the tool less at once; this limit is fixed', details: { limit: name, value: ceiling.limit } },
  );
}
