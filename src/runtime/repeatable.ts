import { quote, type SandboxCall, SkillError } from '../../host/index.ts';
import { parseMoment } from '../calendar/moment.ts';

/** What makes a run repeatable: given the same, a guest meets the same random bytes and the same time. */
export interface Repeatable {
  /**
   * A whole number from 0 that random bytes are made of, and no secret: what a guest makes of them can be foreseen. The
   * clock is then no longer the real one, unless `clock` says so.
   */
  readonly seed?: number | undefined;
  /**
   * The moment the clock begins at, as a date or as milliseconds since 1970. Each reading takes a millisecond, a sleep is
   * over at once. `real` is the real clock, also with a seed.
   */
  readonly clock?: Date | number | 'real' | undefined;
}

/** Where the clock of a run with a seed begins: 2000-01-01T00:00:00Z. */
const SEEDED_CLOCK = Date.UTC(2000, 0, 1);
/** Later, nanoseconds since 1970 would not fit the 64 bits of a guest's clock. */
const LAST_CLOCK = Date.UTC(2262, 0, 1) - 1;

/** @throws SkillError E_USAGE for a seed or a clock that is none */
export function readRepeatable({ seed, clock }: Repeatable): Pick<SandboxCall, 'seed' | 'clock'> {
  if (seed !== undefined && !isWhole(seed, Number.MAX_SAFE_INTEGER)) throw badSeed(`seed ${String(seed)}`);
  if (clock === 'real') return { seed, clock: undefined };
  if (clock === undefined) return { seed, clock: seed === undefined ? undefined : SEEDED_CLOCK };
  const start = clock instanceof Date ? clock.getTime() : clock;
  if (!isWhole(start, LAST_CLOCK)) throw badClock(`clock ${String(clock)}`);
  return { seed, clock: start };
}

/** Reads what follows `--seed`. @throws SkillError E_USAGE */
export function parseSeed(text: string): number {
  const seed = /^\d+$/.test(text) ? Number(text) : undefined;
  return isWhole(seed, Number.MAX_SAFE_INTEGER) ? seed : fail(badSeed(`--seed ${quote(text)}`));
}

/**
 * Reads what follows `--clock`: a date or a time, in UTC unless it says otherwise; milliseconds since 1970; or `real`.
 * @throws SkillError E_USAGE
 */
export function parseClock(text: string): number | 'real' {
  if (text === 'real') return text;
  const start = /^\d+$/.test(text) ? Number(text) : parseMoment(text);
  return isWhole(start, LAST_CLOCK) ? start : fail(badClock(`--clock ${quote(text)}`));
}

function badSeed(what: string): SkillError {
  return new SkillError('E_USAGE', `${what}: it is not a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`, {
    hint: 'choose any whole number, such as 1',
  });
}

function badClock(what: string): SkillError {
  return new SkillError('E_USAGE', `${what}: it is no moment from 1970 to 2261`, {
    hint: 'such as 2024-05-01T12:00:00Z, milliseconds since 1970, or real',
  });
}

function isWhole(value: unknown, most: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most;
}

function fail(error: SkillError): never {
  throw error;
}
