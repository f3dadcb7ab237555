import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import type { OrderedPlace } from '../orders.ts';

/** Names an object without a right to read it. */
const O_PATH = 0o10000000;

export const hold = (path: string): number => openSync(path, O_PATH);

export interface HeldPlace {
  readonly path: string;
  readonly fd: number;
}

/** Opens what was granted, which must still be what has its name. */
export function holdGranted({ path, dev, ino }: OrderedPlace): HeldPlace {
  const fd = openSync(path, O_PATH | constants.O_NOFOLLOW);
  const stat = fstatSync(fd, { bigint: true });
  if (String(stat.dev) === dev && String(stat.ino) === ino) return { path, fd };
  closeSync(fd);
  throw Object.assign(new Error(`${path} is another since it was granted`), { code: 'ESTALE' });
}

/** What is there of it. */
export function holdPresent(path: string): HeldPlace | undefined {
  try {
    return { path, fd: hold(path) };
  } catch {
    return undefined;
  }
}
