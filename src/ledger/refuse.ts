import { quote, SkillError } from '../../host/index.ts';

/** The longest path shown in a message. */
const MAX_PATH = 400;

/** An operation on the ledger that failed. An error that already says what happened is kept. */
export function cannotWrite(dir: string, cause: unknown): SkillError {
  if (cause instanceof SkillError) return cause;
  return new SkillError('E_LEDGER', `The ledger ${quote(dir, MAX_PATH)} cannot be written: ${reasonOf(cause)}.`, {
    hint: 'Nothing runs without its record. Make the directory writable for this user and look at the free space.',
    cause,
  });
}

export function cannotRead(dir: string, cause: unknown): SkillError {
  return new SkillError('E_LEDGER', `The ledger ${quote(dir, MAX_PATH)} cannot be read: ${reasonOf(cause)}.`, {
    hint: 'Make the directory readable for this user.',
    cause,
  });
}

/** The ledger on disk is not what was written, so continuing it would cover that up. */
export function damaged(dir: string, what: string): SkillError {
  return new SkillError('E_LEDGER', `The ledger ${quote(dir, MAX_PATH)} does not verify: ${what}.`, {
    hint: 'Run "skill audit verify". To begin a new ledger, move this directory away and keep it as evidence.',
  });
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

export function reasonOf(error: unknown): string {
  return codeOf(error) ?? (error instanceof Error ? quote(error.message) : 'unknown');
}
