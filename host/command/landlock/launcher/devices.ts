import { closeSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { hold, holdPresent } from './held-place.ts';
import { attach, copyTree, makeReadOnly, mountNew } from './mounts.ts';

const DEVICES = ['null', 'zero', 'full', 'random', 'urandom'];
const LINKS = { fd: '/proc/self/fd', stdin: '/proc/self/fd/0', stdout: '/proc/self/fd/1', stderr: '/proc/self/fd/2' };
const SHARED_MEMORY = '/dev/shm';

/** Devices that reach nothing of this machine, and where they are. */
export interface Devices {
  readonly folder: string;
  readonly files: readonly string[];
  readonly sharedMemory: string;
}

interface Copy {
  readonly file: string;
  readonly tree: number;
}

/** Copies of harmless devices, for when those of this machine are none any more. */
export function copyDevices(): Copy[] {
  return DEVICES.flatMap((name) => {
    const device = holdPresent(`/dev/${name}`);
    return device === undefined ? [] : [{ file: device.path, tree: copyTree(device.fd) }];
  });
}

/**
 * Puts a folder of harmless devices, and memory for files that processes share, over those of this machine: a grant of `/`
 * would open its disks. There is no terminal among them, for a program has none.
 */
export function replaceDevices(copies: readonly Copy[]): Devices {
  // A mount that holds no devices; those put on its files are mounts of their own.
  mountNew('tmpfs', '/dev', 'mode=0755,size=1m');
  for (const { file, tree } of copies) {
    writeFileSync(file, '');
    const place = hold(file);
    attach(tree, place);
    closeSync(place);
  }
  for (const [name, target] of Object.entries(LINKS)) symlinkSync(target, `/dev/${name}`);
  mkdirSync(SHARED_MEMORY);
  mountNew('tmpfs', SHARED_MEMORY, 'mode=1777,size=64m');
  makeReadOnly('/dev');
  return { folder: '/dev', files: copies.map(({ file }) => file), sharedMemory: SHARED_MEMORY };
}
