import { type ErrorCode, SkillError } from '../../../host/errors.ts';
import { type FixedName, fixedLimitError, LimitReached, type LimitName } from '../../../host/limits.ts';
import type { SandboxResult } from '../../../host/sandbox.ts';
import { HostCallRefusal } from '../../../host/wire/refusal.ts';

/** What came of going over a limit. */
export interface Tripped {
  /** The code of the error that ended it. */
  readonly code?: ErrorCode;
  /** The words the guest was told, when it may go on: of `skillhost:guest`, and the errno. */
  readonly told?: readonly (string | undefined)[];
  /** Where the limit should be named. */
  readonly text: string;
}

export type Trips = Readonly<Partial<Record<LimitName | FixedName, () => Tripped | Promise<Tripped>>>>;

/** What something throws, as what came of it; fails when it does not. */
export async function trip(act: () => unknown): Promise<Tripped> {
  try {
    await act();
  } catch (error) {
    return trippedBy(error);
  }
  throw new Error('nothing was refused');
}

function trippedBy(error: unknown): Tripped {
  if (error instanceof LimitReached) return trippedBy(fixedLimitError(error.limit));
  if (error instanceof HostCallRefusal) return { told: [error.code, error.errno], text: error.message };
  if (error instanceof SkillError)
    return { code: error.code, text: `${error.message} ${error.details?.['limit'] as string}` };
  throw error;
}

/** What came of a whole run; fails when it succeeded. */
export function trippedRun({ outcome }: SandboxResult): Tripped {
  if ('value' in outcome) throw new Error(`it succeeded with ${JSON.stringify(outcome.value)}`);
  return trippedBy(outcome.error);
}
