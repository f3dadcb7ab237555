import { HostCallError } from '../context.ts';

/** The errno values of WASI preview 1 that are used here. */
export const ERRNO = {
  SUCCESS: 0,
  EACCES: 2,
  EAGAIN: 6,
  EBADF: 8,
  EBUSY: 10,
  EDQUOT: 19,
  EEXIST: 20,
  EFAULT: 21,
  EFBIG: 22,
  EILSEQ: 25,
  EINVAL: 28,
  EIO: 29,
  EISDIR: 31,
  ELOOP: 32,
  EMFILE: 33,
  ENAMETOOLONG: 37,
  ENFILE: 41,
  ENOENT: 44,
  ENOSPC: 51,
  ENOSYS: 52,
  ENOTDIR: 54,
  ENOTEMPTY: 55,
  ENOTSUP: 58,
  EPERM: 63,
  EROFS: 69,
  ESPIPE: 70,
  ETIMEDOUT: 73,
  ETXTBSY: 74,
  EXDEV: 75,
} as const;
export type Errno = (typeof ERRNO)[keyof typeof ERRNO];

const BY_REFUSAL: Readonly<Record<string, Errno>> = {
  denied: ERRNO.EACCES,
  'not-found': ERRNO.ENOENT,
  invalid: ERRNO.EINVAL,
  'rate-limited': ERRNO.EAGAIN,
  'too-large': ERRNO.EFBIG,
  timeout: ERRNO.ETIMEDOUT,
};

/** A function of preview 1, as a guest calls it: numbers in, an errno out, or nothing for success. */
export type Wasi1Function = (...args: never[]) => unknown;

class Refused extends Error {
  readonly errno: Errno;

  constructor(errno: Errno) {
    super(`errno ${errno}`);
    this.errno = errno;
  }
}

/** Ends a call with an errno. */
export function refuse(errno: Errno): never {
  throw new Refused(errno);
}

/** The errno for what a call threw. @throws what no errno can tell, which ends the run. */
function errnoOf(error: unknown): Errno {
  if (error instanceof Refused) return error.errno;
  if (error instanceof HostCallError)
    return (ERRNO as Record<string, Errno>)[error.errno ?? ''] ?? BY_REFUSAL[error.code] ?? ERRNO.EIO;
  // An address outside of the memory.
  if (error instanceof RangeError) return ERRNO.EFAULT;
  throw error;
}

/** Turns what a call throws into the errno its guest understands; nothing at all means success. */
export function answeringErrno(call: Wasi1Function): Wasi1Function {
  return (...args) => {
    try {
      const errno = call(...args);
      return typeof errno === 'number' ? errno : ERRNO.SUCCESS;
    } catch (error) {
      return errnoOf(error);
    }
  };
}
