import { GuestExit, HostCallError, OutputLimit } from '../abi/context.ts';
import { ValueError } from '../component/layout-base.ts';
import { SkillError } from '../errors.ts';
import { type FixedName, LimitReached } from '../limits.ts';
import type { Outcome } from '../wire/messages.ts';

/** How a call ended, before what it wrote and used up is added. */
export type Finish = Pick<Outcome, 'kind' | 'result'> & Partial<Outcome>;

/** The end of a command that said so itself. @throws whatever else ended it */
export function exited(error: unknown): Finish {
  if (!(error instanceof GuestExit)) throw error;
  return error.status === 0 ? { kind: 'ok', result: '' } : { kind: 'exit', result: '', status: error.status };
}

/** What an error that ended a call amounts to. */
export function explain(error: unknown): Finish {
  const limit = limitOf(error);
  if (limit !== undefined) return { kind: 'limit', result: limit };
  if (error instanceof OutputLimit) return { kind: 'output-limit', result: error.limitName, message: error.message };
  if (error instanceof ValueError) return { kind: 'invalid-input', result: '', message: error.message };
  if (error instanceof HostCallError)
    return {
      kind: 'host-error',
      result: error.errno === 'EMSGSIZE' ? 'message_kb' : error.code,
      message: error.message,
    };
  if (error instanceof GuestExit) return exited(error);
  if (error instanceof SkillError) return { kind: 'trap', result: error.code, message: error.message };
  return {
    kind: 'trap',
    result: '',
    message: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
  };
}

/** The fixed limit that an error comes from. The engine answers calls that nest too deeply with an error of its own. */
function limitOf(error: unknown): FixedName | undefined {
  if (error instanceof LimitReached) return error.limit;
  return error instanceof RangeError && error.message.startsWith('Maximum call stack') ? 'stack_kb' : undefined;
}
