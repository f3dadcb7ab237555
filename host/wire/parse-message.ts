import type { ErrorCode } from '../errors.ts';
import { escapeInvisible, hasInvisible } from '../quote.ts';
import { WireError, type WireValue } from './codec.ts';
import type { FromGuest, FromWorker, Outcome } from './messages.ts';

const OUTCOMES: readonly Outcome['kind'][] = [
  'ok',
  'failed',
  'exit',
  'trap',
  'output-limit',
  'out-of-fuel',
  'limit',
  'invalid-input',
  'host-error',
];
const REFUSALS: readonly ErrorCode[] = ['E_MODULE', 'E_IMPORT', 'E_MODULE_LIMIT', 'E_MEMORY'];
const MAX_SHOWN = 2_000;
const MAX_DETAILS = 8;

/** Checks a message of a guest process, field by field. @throws WireError for anything it should not have sent. */
export function parseFromGuest(value: WireValue): FromGuest {
  const message = record(value);
  switch (message['op']) {
    case 'ready':
    case 'loaded':
      return { op: message['op'] };
    case 'refused': {
      const code = REFUSALS.find((known) => known === message['code']);
      if (code === undefined) throw new WireError('a refusal with a code that is none of a module');
      const hint = message['hint'] === null ? null : shown(message['hint'], 'hint');
      return {
        op: 'refused',
        code,
        message: shown(message['message'], 'message'),
        hint,
        details: parseDetails(record(message['details'])),
      };
    }
    case 'gone':
      return { op: 'gone', channel: whole(message['channel'], 'channel'), why: shown(message['why'], 'why') };
    default:
      throw new WireError('a message of an unknown kind');
  }
}

/** Checks a message of a worker: a list is a host call, a record the outcome. @throws WireError */
export function parseFromWorker(value: WireValue): FromWorker {
  if (!Array.isArray(value)) return { op: 'outcome', outcome: parseOutcome(record(value)) };
  const [operation, args, ...more] = value as readonly WireValue[];
  if (more.length > 0) throw new WireError('a host call of more than an operation and its arguments');
  return { op: 'host-call', operation: text(operation, 'the operation'), args: list(args, 'the arguments') };
}

function parseOutcome(outcome: Readonly<Record<string, WireValue | undefined>>): Outcome {
  const kind = OUTCOMES.find((known) => known === outcome['kind']);
  if (kind === undefined) throw new WireError('an outcome of an unknown kind');
  const result = outcome['result'];
  if (typeof result !== 'string' && !(result instanceof Uint8Array))
    throw new WireError('a result that is neither text nor bytes');
  return {
    kind,
    result,
    status: whole(outcome['status'], 'status'),
    message: shown(outcome['message'], 'message'),
    stdout: bytes(outcome['stdout'], 'stdout'),
    stderr: bytes(outcome['stderr'], 'stderr'),
    memoryBytes: whole(outcome['memoryBytes'], 'memoryBytes'),
    fuelUsed: whole(outcome['fuelUsed'], 'fuelUsed'),
  };
}

function parseDetails(details: Readonly<Record<string, WireValue | undefined>>): Record<string, string | number> {
  const entries = Object.entries(details);
  if (entries.length > MAX_DETAILS) throw new WireError('too many details');
  return Object.fromEntries(
    entries.map(([key, value]) => [
      shown(key, 'a detail'),
      typeof value === 'number' ? value : shown(value, 'a detail'),
    ]),
  );
}

/** Text that will stand in a message of ours: cut, and with nothing in it that hides or moves a cursor. */
function shown(value: WireValue | undefined, what: string): string {
  const cut = text(value, what).slice(0, MAX_SHOWN);
  return hasInvisible(cut) ? escapeInvisible(cut) : cut;
}

/** @throws WireError unless the value is a record. */
export function record(value: WireValue | undefined): Readonly<Record<string, WireValue | undefined>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Uint8Array)
    throw new WireError('expected a record');
  return value as Readonly<Record<string, WireValue | undefined>>;
}

export function text(value: WireValue | undefined, what: string): string {
  if (typeof value !== 'string') throw new WireError(`${what} is not text`);
  return value;
}

export function bytes(value: WireValue | undefined, what: string): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new WireError(`${what} is not bytes`);
  return value;
}

export function whole(value: WireValue | undefined, what: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw new WireError(`${what} is not a whole number`);
  return value;
}

export function list(value: WireValue | undefined, what: string): readonly WireValue[] {
  if (!Array.isArray(value)) throw new WireError(`${what} is not a list`);
  return value as readonly WireValue[];
}

export function flag(value: WireValue | undefined, what: string): boolean {
  if (typeof value !== 'boolean') throw new WireError(`${what} is not true or false`);
  return value;
}
