import { FIXED } from '../../limits.ts';
import type { GuestContext } from '../context.ts';
import type { Descriptors } from './descriptors.ts';
import { ERRNO, type Errno, refuse } from './errno.ts';
import type { StdinCursor } from './fd.ts';
import type { LinearMemory } from './memory.ts';

const SUBSCRIPTION = 48;
const EVENT = 32;
const TYPE = { clock: 0, read: 1, write: 2 } as const;
const CLOCK = { realtime: 0, monotonic: 1 } as const;
const FLAG_ABSOLUTE = 1;
const FLAG_HANGUP = 1;
const ROOM_TO_WRITE = 65_536n;

/** What a guest waits for: a moment, or a descriptor, which here is always ready. */
interface Subscription {
  readonly userdata: bigint;
  readonly type: number;
  readonly errno: Errno;
  /** On the monotonic clock; undefined when there is nothing to wait for. */
  readonly until: bigint | undefined;
  readonly bytes: bigint;
  readonly flags: number;
}

/** `poll_oneoff`: answers with what is ready, after sleeping to the first moment when nothing is. */
export function pollFunction(
  { clock }: GuestContext,
  { memory, fds, stdin }: { readonly memory: LinearMemory; readonly fds: Descriptors; readonly stdin: StdinCursor },
): (inAt: number, outAt: number, count: number, doneAt: number) => void {
  const read = (view: DataView): Subscription => {
    const userdata = view.getBigUint64(0, true);
    const type = view.getUint8(8);
    const ready = { userdata, type, errno: ERRNO.SUCCESS, until: undefined, bytes: 0n, flags: 0 };
    if (type === TYPE.clock) {
      const id = view.getUint32(16, true);
      const timeout = view.getBigUint64(24, true);
      if (id !== CLOCK.realtime && id !== CLOCK.monotonic) return { ...ready, errno: ERRNO.EINVAL };
      const isAbsolute = (view.getUint16(40, true) & FLAG_ABSOLUTE) !== 0;
      const now = id === CLOCK.realtime ? BigInt(clock.wall()) * 1_000_000n : clock.monotonic();
      return { ...ready, until: clock.monotonic() + (isAbsolute ? timeout - now : timeout) };
    }
    if (type !== TYPE.read && type !== TYPE.write) return refuse(ERRNO.EINVAL);
    const entry = fds.find(view.getUint32(16, true));
    if (entry === undefined) return { ...ready, errno: ERRNO.EBADF };
    if (type === TYPE.write) return { ...ready, bytes: ROOM_TO_WRITE };
    if (entry.kind !== 'stdin') return { ...ready, bytes: 1n };
    return { ...ready, bytes: BigInt(stdin.left), flags: stdin.left === 0 ? FLAG_HANGUP : 0 };
  };

  return (inAt, outAt, count, doneAt) => {
    if (count === 0 || count >>> 0 > FIXED.subscriptions.limit) refuse(ERRNO.EINVAL);
    memory.bytes(outAt, count * EVENT);
    const waiting = Array.from({ length: count }, (_, i) =>
      read(memory.view((inAt >>> 0) + i * SUBSCRIPTION, SUBSCRIPTION)),
    );
    const moments = waiting.flatMap(({ until }) => (until === undefined ? [] : [until]));
    let now = clock.monotonic();
    if (moments.length === waiting.length) {
      const first = moments.reduce((a, b) => (b < a ? b : a));
      if (first > now) {
        clock.sleepUntil(first);
        now = first;
      }
    }
    const events = waiting.filter(({ until }) => until === undefined || until <= now);
    events.forEach(({ userdata, errno, type, bytes, flags }, i) => {
      const at = (outAt >>> 0) + i * EVENT;
      memory.bytes(at, EVENT).fill(0);
      const event = memory.view(at, EVENT);
      event.setBigUint64(0, userdata, true);
      event.setUint16(8, errno, true);
      event.setUint8(10, type);
      event.setBigUint64(16, bytes, true);
      event.setUint16(24, flags, true);
    });
    memory.setU32(doneAt, events.length);
  };
}
