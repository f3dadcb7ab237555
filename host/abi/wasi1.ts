import { fillRandom, type GuestContext, GuestExit } from './context.ts';
import { Descriptors } from './wasi1/descriptors.ts';
import { answeringErrno, ERRNO, refuse, type Wasi1Function } from './wasi1/errno.ts';
import { fdFunctions, StdinCursor } from './wasi1/fd.ts';
import { LinearMemory } from './wasi1/memory.ts';
import { pathFunctions } from './wasi1/path.ts';
import { pollFunction } from './wasi1/poll.ts';
import { readEnvironment } from './wasi2/cli.ts';

/** The names of module namespaces these functions answer to. `wasi_unstable` looked alike and meant other numbers. */
export const WASI1_MODULES = ['wasi_snapshot_preview1'];

/** `wasi_snapshot_preview1` for one call: the functions, and what must be done before and after the guest runs. */
export interface Wasi1 {
  readonly functions: Readonly<Record<string, Wasi1Function>>;
  /** Gives the functions the guest's memory, once it exists. */
  bind(memory: { readonly buffer: ArrayBuffer }): void;
  /** Sends what files still hold back. */
  flush(): void;
}

const CLOCK = { realtime: 0, monotonic: 1 } as const;

export function createWasi1(context: GuestContext): Wasi1 {
  const memory = new LinearMemory();
  const fds = new Descriptors(context);
  const state = { memory, fds, stdin: new StdinCursor(context.stdin) };
  let environment: string[] | undefined;
  const env = (): string[] => (environment ??= readEnvironment(context).map(([name, value]) => `${name}=${value}`));
  const knownClock = (id: number): void => {
    if (id !== CLOCK.realtime && id !== CLOCK.monotonic) refuse(ERRNO.EINVAL);
  };

  const calls: Record<string, Wasi1Function> = {
    args_sizes_get: (countAt: number, sizeAt: number) => memory.writeSizes(context.args, countAt, sizeAt),
    args_get: (listAt: number, bytesAt: number) => memory.writeStrings(context.args, listAt, bytesAt),
    environ_sizes_get: (countAt: number, sizeAt: number) => memory.writeSizes(env(), countAt, sizeAt),
    environ_get: (listAt: number, bytesAt: number) => memory.writeStrings(env(), listAt, bytesAt),
    clock_res_get: (id: number, at: number) => {
      knownClock(id);
      memory.setU64(at, 1_000_000n);
    },
    clock_time_get: (id: number, _precision: bigint, at: number) => {
      knownClock(id);
      memory.setU64(at, id === CLOCK.realtime ? BigInt(context.clock.wall()) * 1_000_000n : context.clock.monotonic());
    },
    random_get: (at: number, length: number) => fillRandom(context, memory.bytes(at, length)),
    sched_yield: () => undefined,
    proc_exit: (status: number) => {
      throw new GuestExit(status >>> 0);
    },
    proc_raise: () => ERRNO.ENOSYS,
    poll_oneoff: pollFunction(context, state),
    ...fdFunctions(context, state),
    ...pathFunctions(state),
    sock_accept: () => ERRNO.EACCES,
    sock_recv: () => ERRNO.EACCES,
    sock_send: () => ERRNO.EACCES,
    sock_shutdown: () => ERRNO.EACCES,
  };
  return {
    functions: Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, answeringErrno(call)])),
    bind: (bound) => memory.bind(bound),
    flush: () => fds.files.flush(),
  };
}
