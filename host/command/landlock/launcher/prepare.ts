import { statSync } from 'node:fs';
import type { Orders } from '../orders.ts';
import { READ, READ_AND_RUN, READ_AND_WRITE, USE_DEVICE } from './access-rights.ts';
import { copyPlaces, putInPlace } from './copied-place.ts';
import { copyDevices, type Devices, replaceDevices } from './devices.ts';
import { type HeldPlace, hold, holdGranted, holdPresent } from './held-place.ts';
import { disarm, makeAllReadOnly, makeReadOnly, mountNew } from './mounts.ts';
import { replaceProcesses } from './processes.ts';
import { rebuildFolders } from './rebuild-folders.ts';
import type { Ruleset } from './ruleset.ts';

/** What of the files is to be allowed, each held as it was before anything was mounted. */
export interface View {
  readonly system: readonly HeldPlace[];
  readonly readable: readonly HeldPlace[];
  readonly writable: readonly HeldPlace[];
  readonly devices: Devices;
  readonly hasProcesses: boolean;
}

/**
 * Makes the mounts of the program: what it may not read is not there, and all is read-only but what may be written, which
 * Landlock alone would leave open to changes of modes, owners and times. Devices, and its view of processes, are its own.
 */
export function mountView({ system, readable, writable, links, folder }: Orders): View {
  const held = {
    system: system.flatMap((path) => holdPresent(path) ?? []),
    readable: readable.map(holdGranted),
    writable: writable.map(holdGranted),
  };
  const seesAll = [...readable, ...writable].some(isRoot);
  const started = identityOf('.');
  const devices = copyDevices();
  const places = seesAll
    ? copyPlaces(
        [],
        held.writable.filter((place) => !isRoot(place)),
      )
    : copyPlaces([...held.system, ...held.readable], held.writable);
  const whole = held.writable.find(isRoot);
  if (whole === undefined) makeAllReadOnly('/');
  else disarm(whole.fd);
  const replaced = replaceDevices(devices);
  const hasProcesses = replaceProcesses({ seesAll });
  hideKernel();
  if (seesAll) places.forEach(putInPlace);
  else rebuildFolders(places, links);
  // Where it was started lies below what was mounted since.
  process.chdir(folder);
  if (identityOf('.') !== started) throw new Error(`${folder} is another since it was checked`);
  return { ...held, devices: replaced, hasProcesses };
}

const isRoot = ({ path }: { readonly path: string }): boolean => path === '/';

function hideKernel(): void {
  mountNew('tmpfs', '/sys');
  makeReadOnly('/sys');
}

export function allowView({ system, readable, writable, devices, hasProcesses }: View, ruleset: Ruleset): void {
  for (const { fd } of [...system, ...readable]) ruleset.allow(fd, READ_AND_RUN);
  for (const { fd } of writable) ruleset.allow(fd, READ_AND_WRITE);
  ruleset.allow(hold(devices.folder), READ);
  for (const file of devices.files) ruleset.allow(hold(file), USE_DEVICE);
  ruleset.allow(hold(devices.sharedMemory), READ_AND_WRITE);
  if (hasProcesses) ruleset.allow(hold('/proc'), READ);
}

function identityOf(path: string): string {
  const { dev, ino } = statSync(path, { bigint: true });
  return `${dev}:${ino}`;
}
