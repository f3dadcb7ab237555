/** Every error code a person or program can meet: its exit code, its HTTP status, and its sentence for the manual. */
export const ERROR_CODES = {
  E_USAGE: { exit: 2, http: 400, means: 'The command or call was written wrongly.' },
  E_NOT_FOUND: { exit: 1, http: 404, means: 'No skill, tool or file of that name is here.' },
  E_AMBIGUOUS: { exit: 2, http: 409, means: 'The name fits more than one thing.' },
  E_MANIFEST: { exit: 5, http: 422, means: 'The manifest of the skill has problems; each is listed.' },
  E_INPUT: { exit: 5, http: 422, means: "The arguments do not fit the tool's parameters." },
  E_OUTPUT: { exit: 5, http: 502, means: 'What the tool returned does not fit what it declares.' },
  E_MODULE: { exit: 5, http: 422, means: 'The WebAssembly module is malformed or of a kind that is not supported.' },
  E_IMPORT: { exit: 5, http: 422, means: 'The module imports something no host here offers.' },
  E_DENIED: { exit: 3, http: 403, means: 'A capability was not declared, not granted, or blocked.' },
  E_NETWORK: { exit: 4, http: 502, means: 'A network request failed.' },
  E_TIMEOUT: { exit: 6, http: 504, means: 'The run reached its deadline and was ended.' },
  E_FUEL: { exit: 6, http: 504, means: 'The guest used up its instructions and was ended.' },
  E_STACK: { exit: 6, http: 507, means: "The guest's calls nested deeper than its stack." },
  E_RESOURCE: { exit: 6, http: 507, means: 'The guest held more, or asked for more at once, than allowed.' },
  E_MEMORY: { exit: 6, http: 507, means: 'The guest reached its memory limit.' },
  E_OUTPUT_LIMIT: { exit: 6, http: 507, means: 'The guest produced more output than allowed.' },
  E_MESSAGE_LIMIT: { exit: 6, http: 413, means: 'One message between guest and host was too large.' },
  E_RATE: { exit: 6, http: 429, means: 'The run made more host calls than allowed.' },
  E_MODULE_LIMIT: { exit: 6, http: 413, means: 'The module is over one of the static limits.' },
  E_LEDGER: { exit: 7, http: 500, means: 'The record cannot be written or does not verify; nothing runs without it.' },
  E_JOURNAL: {
    exit: 7,
    http: 500,
    means: 'The journal of a recipe cannot be written or does not verify; no step runs without it.',
  },
  E_RECIPE: { exit: 1, http: 500, means: 'A step or a verification of a recipe failed; what ran was rolled back.' },
  E_PRECONDITION: { exit: 1, http: 412, means: 'The recipe cannot run here; nothing was done.' },
  E_CONFIRM: { exit: 2, http: 409, means: 'A step wants a yes or an answer, and there is nobody to ask.' },
  E_DECLINED: { exit: 3, http: 403, means: 'A step of a recipe was not confirmed.' },
  E_DOUBT: { exit: 1, http: 409, means: 'Nobody knows whether a step happened, and it may not run twice.' },
  E_INTEGRITY: { exit: 3, http: 409, means: 'Bytes are not those that were expected; they are not used.' },
  E_SIGNATURE: { exit: 3, http: 403, means: 'A signature is missing, wrong, or by nobody who is trusted here.' },
  E_DOWNGRADE: { exit: 3, http: 409, means: 'It is older, or less well signed, than what is installed.' },
  E_TRAP: { exit: 1, http: 500, means: 'The guest trapped: it did what WebAssembly forbids.' },
  E_GUEST: { exit: 1, http: 500, means: 'The tool ran and reported a failure.' },
  E_GUEST_DIED: { exit: 1, http: 500, means: 'The guest process died during the run.' },
  E_UNAVAILABLE: { exit: 1, http: 503, means: 'The runtime is closed, or full.' },
  E_UNSUPPORTED: { exit: 1, http: 501, means: 'This platform or version cannot do it safely, so it is refused.' },
  E_ABORTED: { exit: 130, http: 499, means: 'The caller ended the run.' },
  E_INTERNAL: { exit: 1, http: 500, means: 'A defect of skillhost itself; please report it.' },
} as const satisfies Record<string, { exit: number; http: number; means: string }>;

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
