// cspell:ignore prctl capset execve fcntl sigaction socketpair keyctl setattr ruleset

/** Calls whose numbers are the same wherever there are Landlock rules. */
const EVERYWHERE = {
  io_uring_setup: 425,
  open_tree: 428,
  move_mount: 429,
  clone3: 435,
  close_range: 436,
  mount_setattr: 442,
  landlock_create_ruleset: 444,
  landlock_add_rule: 445,
  landlock_restrict_self: 446,
};

const X64 = {
  ...EVERYWHERE,
  rt_sigaction: 13,
  socket: 41,
  socketpair: 53,
  clone: 56,
  execve: 59,
  fcntl: 72,
  capset: 126,
  prctl: 157,
  mount: 165,
  add_key: 248,
  request_key: 249,
  keyctl: 250,
  unshare: 272,
};

export type CallName = keyof typeof X64;

const ARM64: Readonly<Record<CallName, number>> = {
  ...EVERYWHERE,
  fcntl: 25,
  mount: 40,
  capset: 91,
  unshare: 97,
  rt_sigaction: 134,
  prctl: 167,
  socket: 198,
  socketpair: 199,
  add_key: 217,
  request_key: 218,
  keyctl: 219,
  clone: 220,
  execve: 221,
};

/** A kind of processor: what its calls are numbered, and how a filter of calls knows it. */
export interface Processor {
  readonly numbers: Readonly<Record<CallName, number>>;
  readonly audit: number;
  /** From where on numbers belong to a second set of calls, which no filter here speaks of. */
  readonly foreignFrom?: number;
}

export const PROCESSORS: Readonly<Record<string, Processor>> = {
  x64: { numbers: X64, audit: 0xc000003e, foreignFrom: 0x40000000 },
  arm64: { numbers: ARM64, audit: 0xc00000b7 },
};
