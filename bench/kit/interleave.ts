import type { Contender } from './row.ts';

export interface Turns {
  /** Rounds that are measured but not counted. */
  readonly warmups: number;
  readonly leastRounds: number;
  /** After the least rounds, goes on until so many seconds have passed. */
  readonly seconds: number;
  /** In milliseconds. */
  readonly clock?: () => number;
}

/** What one contender gave: its values, or how it failed. */
export interface Taken {
  readonly values: number[];
  error: string | undefined;
}

const SAMPLE_DEADLINE_MS = 60_000;

/**
 * Lets every contender measure once, then every one again: ABCABC. What the machine does meanwhile happens to all of
 * them. One that fails is left out of the rounds that follow.
 */
export async function interleave(
  contenders: readonly Contender[],
  { warmups, leastRounds, seconds, clock = () => performance.now() }: Turns,
): Promise<ReadonlyMap<string, Taken>> {
  const taken = new Map<string, Taken>(contenders.map(({ name }) => [name, { values: [], error: undefined }]));
  const until = clock() + seconds * 1000;
  for (let round = -warmups; round < leastRounds || clock() < until; round++) {
    for (const contender of contenders) {
      const mine = taken.get(contender.name);
      if (mine === undefined || mine.error !== undefined) continue;
      try {
        const values = await inTime(contender.sample());
        if (round >= 0) mine.values.push(...values);
      } catch (error) {
        mine.error = error instanceof Error ? error.message : String(error);
      }
    }
    if ([...taken.values()].every(({ error }) => error !== undefined)) break;
  }
  return taken;
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${SAMPLE_DEADLINE_MS / 1000} seconds`)),
      SAMPLE_DEADLINE_MS,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
