import { addressOf, call } from './kernel.ts';

// cspell:ignore capset prctl capbset securebits

const SET_PARENT_DEATH_SIGNAL = 1;
const DROP_FROM_BOUNDS = 24;
const SET_SECURE_BITS = 28;
const SET_NO_NEW_PRIVILEGES = 38;
const AMBIENT = 47;
const AMBIENT_CLEAR = 4;

/** User 0 is nobody special, users do not change capabilities, none becomes ambient; and all of that stays so. */
const SECURE_BITS = 0xef;
const CAPABILITY_VERSION = 0x20080522;
const SIGKILL = 9;

/** Gives up every capability in the namespace, which making mounts took, with every way to get one back. */
export function dropCapabilities(): void {
  call('prctl', SET_SECURE_BITS, SECURE_BITS);
  for (let capability = 0; isDropped(capability); capability++);
  call('prctl', AMBIENT, AMBIENT_CLEAR);
  const header = Buffer.alloc(8);
  header.writeUInt32LE(CAPABILITY_VERSION);
  call('capset', addressOf(header), addressOf(Buffer.alloc(24)));
}

function isDropped(capability: number): boolean {
  try {
    call('prctl', DROP_FROM_BOUNDS, capability);
    return true;
  } catch (error) {
    // There is none of this number.
    if ((error as NodeJS.ErrnoException).code === 'EINVAL') return false;
    throw error;
  }
}

/** No program that is started from here on gets rights by its file, or outlives what started it. */
export function renounce(): void {
  call('prctl', SET_NO_NEW_PRIVILEGES, 1);
  call('prctl', SET_PARENT_DEATH_SIGNAL, SIGKILL);
}
