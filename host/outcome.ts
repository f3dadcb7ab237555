import { CapabilityDenied, GuestError, SkillError } from './errors.ts';
import type { Broker } from './function/broker.ts';
import { CEILINGS, FIXED, fixedLimitError, isFixedName, type LimitName, type Limits } from './limits.ts';
import type { GuestTool } from './module/tool.ts';
import { quote } from './quote.ts';
import type { Outcome } from './wire/messages.ts';

/** What a call comes to: JSON, or bytes for tools without a schema; or why there is none. */
export type CallResult = { readonly value: unknown } | { readonly error: SkillError };

/** The run reached its deadline. */
export function deadlineError(ms: number): SkillError {
  return limitError('E_TIMEOUT', 'timeout_ms', `the run reached its deadline, timeout_ms = ${ms}, and was ended`, ms);
}

/** A limit was reached; says which, and how to raise it. */
export function limitError(
  code: 'E_TIMEOUT' | 'E_FUEL' | 'E_OUTPUT_LIMIT' | 'E_MEMORY' | 'E_MESSAGE_LIMIT' | 'E_RATE',
  limit: LimitName,
  message: string,
  value: number,
): SkillError {
  return new SkillError(code, message, {
    hint: raiseHint(limit, value),
    details: { limit, value },
  });
}

/** A module that is larger than `module_mb`. */
export function moduleTooLarge(bytes: number, limit: number): SkillError {
  const { hard } = CEILINGS.module_mb;
  const needed = Math.ceil(bytes / MIB);
  return new SkillError('E_MODULE_LIMIT', `the module has ${bytes} bytes; module_mb = ${limit}`, {
    hint:
      needed > hard
        ? `strip the module of its debug information, or split it: module_mb is at most ${hard}`
        : `strip the module of its debug information, or raise it with --limit module_mb=${needed}`,
    details: { limit: 'module_mb', value: limit },
  });
}

const MIB = 1024 * 1024;

function raiseHint(limit: LimitName, value: number): string {
  const { hard } = CEILINGS[limit];
  return value < hard
    ? `raise it with --limit ${limit}=${Math.min(value * 2, hard)}`
    : `give the tool less to do: ${limit} cannot be higher`;
}

/** What a guest reported, as a value or as the error it amounts to. */
export function readOutcome(
  outcome: Outcome,
  { tool, limits }: { readonly tool: GuestTool; readonly limits: Limits },
): CallResult {
  const { kind, result, message, status, stdout, stderr } = outcome;
  if (stderr.length > limits.log_kb * 1024) return { error: outputLimit('log_kb', limits) };
  switch (kind) {
    case 'ok': {
      const value = tool.input === 'command' ? stdout : result;
      const size = typeof value === 'string' ? Buffer.byteLength(value) : value.length;
      if (size > limits.output_kb * 1024)
        return {
          error: limitError(
            'E_OUTPUT_LIMIT',
            'output_kb',
            `the result has ${size} bytes; output_kb is ${limits.output_kb}`,
            limits.output_kb,
          ),
        };
      return tool.input === 'json'
        ? parseJson(value)
        : { value: typeof value === 'string' ? Buffer.from(value) : value };
    }
    case 'failed':
      return { error: new GuestError('E_GUEST', failureText(result), { details: { error: parseQuietly(result) } }) };
    case 'exit': {
      const said = lastLine(stderr) || lastLine(stdout);
      return {
        error: new GuestError(
          'E_GUEST',
          `the command ended with status ${status}${said === '' ? '' : `: ${quote(said, 300)}`}`,
          { details: { status } },
        ),
      };
    }
    case 'trap':
      return { error: trapError(outcome, limits) };
    case 'output-limit':
      return { error: outputLimit(result === 'log_kb' ? 'log_kb' : 'output_kb', limits) };
    case 'out-of-fuel':
      return {
        error: limitError('E_FUEL', 'fuel', `the guest used up its fuel, fuel = ${limits.fuel}`, limits.fuel),
      };
    case 'limit':
      return { error: isFixedName(result) ? fixedLimitError(result) : trapError(outcome, limits) };
    case 'invalid-input':
      return { error: new SkillError('E_INPUT', `the arguments do not fit: ${quote(message, 300)}`) };
    case 'host-error':
      return { error: refusedCall(result, quote(message, 300), limits) };
  }
}

function outputLimit(limit: 'output_kb' | 'log_kb', limits: Limits): SkillError {
  return limitError('E_OUTPUT_LIMIT', limit, `the guest wrote more than ${limit} = ${limits[limit]}`, limits[limit]);
}

/** A host call was refused, and the guest could not go on. */
function refusedCall(why: string | Uint8Array, said: string, limits: Limits): SkillError {
  const message = `a host call was refused: ${said}`;
  if (why === 'rate-limited')
    return limitError('E_RATE', 'host_calls_per_second', message, limits.host_calls_per_second);
  if (why === 'message_kb') return limitError('E_MESSAGE_LIMIT', 'message_kb', message, limits.message_kb);
  return new GuestError('E_GUEST', message);
}

function parseJson(bytes: string | Uint8Array): CallResult {
  const text = typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString();
  try {
    if (jsonDepth(text) <= FIXED.json_depth.limit) return { value: JSON.parse(text) as unknown };
    return { error: fixedLimitError('json_depth') };
  } catch {
    return { error: new GuestError('E_OUTPUT', 'the guest returned something that is no JSON') };
  }
}

/** How deeply the brackets nest. The parser minds no depth, but everything that walks its result does. */
function jsonDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"') inString = !inString;
    else if (inString) at += char === '\\' ? 1 : 0;
    else if (char === '[' || char === '{') deepest = Math.max(deepest, ++depth);
    else if (char === ']' || char === '}') depth--;
  }
  return deepest;
}

function parseQuietly(text: string | Uint8Array): unknown {
  const read = parseJson(text);
  return 'value' in read ? read.value : null;
}

function failureText(result: string | Uint8Array): string {
  const error = parseQuietly(result);
  if (typeof error === 'string' && error !== '') return `the tool failed: ${quote(error, 500)}`;
  return `the tool failed: ${quote(JSON.stringify(error), 500)}`;
}

function lastLine(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString().trimEnd().split('\n').at(-1) ?? '';
}

const PAGES_NEAR_FULL = 7 / 8;

function trapError({ message, result, memoryBytes }: Outcome, limits: Limits): SkillError {
  if (result === 'E_MODULE' || result === 'E_IMPORT' || result === 'E_MODULE_LIMIT')
    return new SkillError(result, message);
  // A toolchain's allocator answers a refused growth with a trap; the memory tells that this was why.
  if (memoryBytes >= limits.memory_mb * 1024 * 1024 * PAGES_NEAR_FULL) {
    return limitError(
      'E_MEMORY',
      'memory_mb',
      `the guest filled its memory, memory_mb = ${limits.memory_mb}, and trapped`,
      limits.memory_mb,
    );
  }
  return new GuestError('E_TRAP', `the guest trapped: ${quote(message, 300)}`, {
    hint: 'the module is at fault; its author needs the input that led here',
  });
}

/** A failure after a refusal, or after the network failed, is told as such: it is what the caller can act on. */
export function explainFailure(error: SkillError, { denials: [denial], networkFailure }: Broker): SkillError {
  if (error.code !== 'E_GUEST' && error.code !== 'E_TRAP') return error;
  if (denial !== undefined) {
    const { layer, rule, hint, details } = denial;
    return new CapabilityDenied(denial.message, {
      layer,
      rule,
      hint,
      cause: error,
      details: { ...details, failure: error.message },
    });
  }
  if (networkFailure === undefined) return error;
  return new SkillError('E_NETWORK', `the network failed: ${networkFailure}`, {
    cause: error,
    details: { failure: error.message },
  });
}
