import { openSync, readdirSync, readFileSync } from 'node:fs';
import { SkillError } from './errors.ts';

/** As `O_CLOEXEC` of Linux is written in `/proc`. */
const CLOSED_BY_ITSELF = 0o2000000;
const FIRST_OTHER = 3;
/** Every number up to the last takes a place in the list. */
const MOST = 65_536;

let nothing: number | undefined;

/**
 * What a process is started with, so that it gets no descriptor but these: those that whoever started this process left
 * open, such as a folder of a shell, would reach it otherwise. They become `/dev/null` there. Node opens none that is passed on.
 * @throws SkillError E_UNSUPPORTED for one with a number above 65,536, or above what this process may open;
 * NodeJS.ErrnoException when no descriptor is left to look with
 */
export function shutInherited<T>(stdio: readonly T[]): (T | number | 'ignore')[] {
  if (process.platform !== 'linux') return [...stdio];
  const shut: (T | number | 'ignore')[] = [...stdio];
  const open = inherited().filter((one) => one >= stdio.length);
  const most = open.length === 0 ? MOST : Math.min(MOST, mostDescriptors() - 1);
  for (const fd of open) {
    if (fd > most)
      throw new SkillError(
        'E_UNSUPPORTED',
        `the descriptor ${fd} was left open for this process, and cannot be kept from others`,
        {
          hint: 'close it before skillhost is started',
        },
      );
    // A number that is left alone stays as it is there: closed by itself, or not open.
    while (shut.length < fd) shut.push('ignore');
    shut[fd] = nothing ??= openSync('/dev/null', 'r+');
  }
  return shut;
}

function inherited(): number[] {
  return readdirSync('/proc/self/fd')
    .map(Number)
    .filter((fd) => fd >= FIRST_OTHER && isPassedOn(fd))
    .toSorted((a, b) => a - b);
}

/** Above it none can be put in the place of another. */
function mostDescriptors(): number {
  const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
  return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
}

function isPassedOn(fd: number): boolean {
  try {
    const flags = /^flags:\s+([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1];
    return flags === undefined || (Number.parseInt(flags, 8) & CLOSED_BY_ITSELF) === 0;
  } catch (error) {
    // That of the listing itself is gone by now.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
