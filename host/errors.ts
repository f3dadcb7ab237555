/** What kinds of failure there are, for whoever decides what to do about one. */
export const ERROR_CLASSES = [
  'invalid_input',
  'denied',
  'not_found',
  'timeout',
  'fuel_exhausted',
  'memory_limit',
  'output_limit',
  'rate_limited',
  'network',
  'guest_trap',
  'guest_error',
  'unavailable',
  'aborted',
  'internal',
] as const;

export type ErrorClass = (typeof ERROR_CLASSES)[number];

/** Those that may pass by themselves: the same call can end otherwise a little later. */
const TRANSIENT: ReadonlySet<ErrorClass> = new Set(['rate_limited', 'network', 'unavailable']);

/**
 * Every error code a person or program can meet: its exit code, its HTTP status, its class, and its sentence for the
 * manual.
 */
export const ERROR_CODES = {
  E_USAGE: { exit: 2, http: 400, class: 'invalid_input', means: 'The command or call was written wrongly.' },
  E_NOT_FOUND: { exit: 1, http: 404, class: 'not_found', means: 'No skill, tool or file of that name is here.' },
  E_AMBIGUOUS: { exit: 2, http: 409, class: 'invalid_input', means: 'The name fits more than one thing.' },
  E_MANIFEST: {
    exit: 5,
    http: 422,
    class: 'invalid_input',
    means: 'The manifest of the skill has problems; each is listed.',
  },
  E_INPUT: { exit: 5, http: 422, class: 'invalid_input', means: "The arguments do not fit the tool's parameters." },
  E_OUTPUT: {
    exit: 5,
    http: 502,
    class: 'guest_error',
    means: 'What the tool returned does not fit what it declares.',
  },
  E_MODULE: {
    exit: 5,
    http: 422,
    class: 'invalid_input',
    means: 'The WebAssembly module is malformed or of a kind that is not supported.',
  },
  E_IMPORT: { exit: 5, http: 422, class: 'invalid_input', means: 'The module imports something no host here offers.' },
  E_DENIED: { exit: 3, http: 403, class: 'denied', means: 'A capability was not declared, not granted, or blocked.' },
  E_NETWORK: { exit: 4, http: 502, class: 'network', means: 'A network request failed.' },
  E_TIMEOUT: { exit: 6, http: 504, class: 'timeout', means: 'The run reached its deadline and was ended.' },
  E_FUEL: { exit: 6, http: 504, class: 'fuel_exhausted', means: 'The guest used up its instructions and was ended.' },
  E_STACK: { exit: 6, http: 507, class: 'memory_limit', means: "The guest's calls nested deeper than its stack." },
  E_RESOURCE: {
    exit: 6,
    http: 507,
    class: 'memory_limit',
    means: 'The guest held more, or asked for more at once, than allowed.',
  },
  E_MEMORY: { exit: 6, http: 507, class: 'memory_limit', means: 'The guest reached its memory limit.' },
  E_OUTPUT_LIMIT: { exit: 6, http: 507, class: 'output_limit', means: 'The guest produced more output than allowed.' },
  E_MESSAGE_LIMIT: {
    exit: 6,
    http: 413,
    class: 'output_limit',
    means: 'One message between guest and host was too large.',
  },
  E_RATE: { exit: 6, http: 429, class: 'rate_limited', means: 'The run made more host calls than allowed.' },
  E_MODULE_LIMIT: { exit: 6, http: 413, class: 'invalid_input', means: 'The module is over one of the static limits.' },
  E_LEDGER: {
    exit: 7,
    http: 500,
    class: 'internal',
    means: 'The record cannot be written or does not verify; nothing runs without it.',
  },
  E_JOURNAL: {
    exit: 7,
    http: 500,
    class: 'internal',
    means: 'The journal of a recipe cannot be written or does not verify; no step runs without it.',
  },
  E_RECIPE: {
    exit: 1,
    http: 500,
    class: 'guest_error',
    means: 'A step or a verification of a recipe failed; what ran was rolled back.',
  },
  E_PRECONDITION: { exit: 1, http: 412, class: 'guest_error', means: 'The recipe cannot run here; nothing was done.' },
  E_CONFIRM: {
    exit: 2,
    http: 409,
    class: 'denied',
    means: 'A yes or an answer is wanted, and there is nobody to ask.',
  },
  E_DECLINED: { exit: 3, http: 403, class: 'denied', means: 'Somebody was asked, and did not agree.' },
  E_DOUBT: {
    exit: 1,
    http: 409,
    class: 'internal',
    means: 'Nobody knows whether a step happened, and it may not run twice.',
  },
  E_PACKAGE: {
    exit: 5,
    http: 422,
    class: 'invalid_input',
    means: 'A package holds what none may hold, or more than it may.',
  },
  E_INTEGRITY: {
    exit: 7,
    http: 409,
    class: 'denied',
    means: 'Bytes are not those that were expected; they are not used.',
  },
  E_SIGNATURE: {
    exit: 7,
    http: 403,
    class: 'denied',
    means: 'A signature is missing, wrong, or by nobody who is trusted here.',
  },
  E_DOWNGRADE: {
    exit: 7,
    http: 409,
    class: 'denied',
    means: 'It is older, or less well signed, than what is installed.',
  },
  E_CONFLICT: {
    exit: 2,
    http: 409,
    class: 'invalid_input',
    means: 'No set of versions satisfies everything that is asked for.',
  },
  E_LOCKFILE: {
    exit: 7,
    http: 500,
    class: 'internal',
    means: 'skills.lock cannot be read as it was written; it is left as it is.',
  },
  E_STORE: {
    exit: 1,
    http: 507,
    class: 'internal',
    means: 'The home cannot be written; what was installed before is as it was.',
  },
  E_TRAP: { exit: 1, http: 500, class: 'guest_trap', means: 'The guest trapped: it did what WebAssembly forbids.' },
  E_GUEST: { exit: 1, http: 500, class: 'guest_error', means: 'The tool ran and reported a failure.' },
  E_GUEST_DIED: { exit: 1, http: 500, class: 'guest_trap', means: 'The guest process died during the run.' },
  E_BUILD: { exit: 1, http: 422, class: 'invalid_input', means: 'The source of the skill does not compile.' },
  E_TOOLCHAIN: { exit: 1, http: 501, class: 'not_found', means: 'A compiler that the skill needs is not here.' },
  E_DIVERGED: {
    exit: 1,
    http: 409,
    class: 'invalid_input',
    means: 'What was replayed did something else than what was recorded.',
  },
  E_UNAVAILABLE: { exit: 1, http: 503, class: 'unavailable', means: 'The runtime is closed, or full.' },
  E_UNSUPPORTED: {
    exit: 1,
    http: 501,
    class: 'internal',
    means: 'This platform or version cannot do it safely, so it is refused.',
  },
  E_ABORTED: { exit: 130, http: 499, class: 'aborted', means: 'The caller ended the run.' },
  E_INTERNAL: { exit: 1, http: 500, class: 'internal', means: 'A defect of skillhost itself; please report it.' },
} as const satisfies Record<string, { exit: number; http: number; class: ErrorClass; means: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;

export interface ErrorOptions {
  /** The next command or change that mends it. */
  readonly hint?: string | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  readonly cause?: unknown;
}

/** An error its reader can act on. `message` says what happened, with values from outside escaped; `hint` says what next. */
export class SkillError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = options.hint;
    this.details = options.details;
  }

  get class(): ErrorClass {
    return ERROR_CODES[this.code].class;
  }

  /** Whether the same call may end otherwise a little later; `details.transient` says so where its code cannot. */
  get transient(): boolean {
    const known: unknown = this.details?.['transient'];
    return typeof known === 'boolean' ? known : TRANSIENT.has(this.class);
  }
}

/** The skill failed, not its caller: a trap, a reported failure, a dead guest process. */
export class GuestError extends SkillError {}

/** The gate said no. Never used for a refusal by the operating system. */
export class CapabilityDenied extends SkillError {
  /** Which layer of policy decided: `manifest`, `grant`, … or `gate` for rules no grant can change. */
  readonly layer: string;
  /** The rule that decided, with its place where it has one. */
  readonly rule: string;

  constructor(message: string, decided: { readonly layer: string; readonly rule: string } & ErrorOptions) {
    super('E_DENIED', message, {
      ...decided,
      details: { ...decided.details, layer: decided.layer, rule: decided.rule },
    });
    this.layer = decided.layer;
    this.rule = decided.rule;
  }
}
