import { SkillError } from '../../host/index.ts';

interface Reason {
  /** What SQLite says: some libraries leave its number out. */
  readonly text: string;
  readonly why: string;
  readonly hint: string;
}

const MOVE = 'move it away with its -wal and -shm beside it; every skill then begins with an empty state';
const WAIT = 'end that process, or run the command again';
const ELSEWHERE = 'change who may use it, or choose another folder with --home';

const BUSY: Reason = { text: 'database is locked', why: 'another process keeps it locked', hint: WAIT };
const LOCKED: Reason = { ...BUSY, text: 'database table is locked' };
/** By SQLite's own numbers, without what it adds in the upper bits. */
const REASONS: Readonly<Record<number, Reason>> = {
  5: BUSY,
  6: LOCKED,
  8: { text: 'attempt to write a readonly database', why: 'it is read-only', hint: ELSEWHERE },
  10: { text: 'disk I/O error', why: 'the disk reports an error', hint: 'look at the disk before anything else' },
  11: { text: 'database disk image is malformed', why: 'it is damaged', hint: MOVE },
  13: {
    text: 'database or disk is full',
    why: 'the disk is full',
    hint: 'make room on that disk, then run the command again',
  },
  14: { text: 'unable to open database file', why: 'it cannot be opened', hint: ELSEWHERE },
  26: { text: 'file is not a database', why: 'it is no database', hint: MOVE },
};

/** Whether a moment later the same may succeed. */
export function isBusy(error: unknown): boolean {
  const reason = reasonOf(error);
  return reason === BUSY || reason === LOCKED;
}

/** What SQLite or the system throws, as whoever runs a skill is told it: E_STORE. Anything else as it is. */
export function toStoreError(error: unknown, path: string): unknown {
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (code !== 'ERR_SQLITE_ERROR' && (code === undefined || syscall === undefined)) return error;
  const { why, hint } = reasonOf(error) ?? {
    why: syscall === undefined ? message : `${code} when it was made`,
    hint: 'look at the file and its folder, then run the command again',
  };
  return unusable(path, why, { hint, cause: error });
}

/** A file that is not ours, and is left as it is. */
export function notOurs(path: string, why: string, hint = MOVE): SkillError {
  return unusable(path, why, { hint });
}

function unusable(path: string, why: string, options: { readonly hint: string; readonly cause?: unknown }): SkillError {
  const message = `the state of skills in ${path} cannot be used: ${why}`;
  return new SkillError('E_STORE', message, { ...options, details: { path } });
}

function reasonOf(error: unknown): Reason | undefined {
  const { code, errcode, message } = error as { code?: unknown; errcode?: unknown; message?: unknown };
  if (code !== 'ERR_SQLITE_ERROR') return undefined;
  if (typeof errcode === 'number') return REASONS[errcode & 0xff];
  return Object.values(REASONS).find(({ text }) => text === message);
}
