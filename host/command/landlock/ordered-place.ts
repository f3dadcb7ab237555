import { fstatSync, statSync } from 'node:fs';
import type { OrderedPlace } from './orders.ts';

/** A place by its name, which is held so that what the file system calls it stays its own. */
export function orderedPlace(path: string, fd?: number): OrderedPlace {
  const { dev, ino } = fd === undefined ? statSync(path, { bigint: true }) : fstatSync(fd, { bigint: true });
  return { path, dev: String(dev), ino: String(ino) };
}
