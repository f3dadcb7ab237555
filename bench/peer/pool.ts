import { Piscina } from 'piscina';
import { compiled } from '../kit/places.ts';
import type { Lab } from '../kit/row.ts';
import { JCO, transpile } from './jco.ts';
import type { PoolTask } from './pool-worker.ts';

export const EMPTY_POOL = 'bare piscina round trip';
export const GLUE_POOL = `piscina, ${JCO}, fresh instance`;

/** A pool that answers what it is given. */
export function openEmptyPool(): Piscina<string, string> {
  return new Piscina({ filename: compiled('peer/pool-empty.js'), minThreads: 1, maxThreads: 1, idleTimeout: Infinity });
}

/** A pool of workers that make a fresh instance of jco's glue for each task. @throws PeerMissing */
export async function openGluePool(
  lab: Lab,
  component: Uint8Array,
  workers: number,
): Promise<Piscina<PoolTask, string>> {
  return new Piscina({
    filename: compiled('peer/pool-worker.js'),
    minThreads: workers,
    maxThreads: workers,
    idleTimeout: Infinity,
    workerData: await transpile(lab, component),
  });
}
