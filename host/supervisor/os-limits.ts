import { existsSync } from 'node:fs';
import type { GuestProgram } from './guest-program.ts';

const SHELL = '/bin/sh';

/**
 * Sets limits that the process cannot lift, then becomes the program: its id stays the same. A shell puts variables into an
 * environment that was empty; bash does so even when they are unset, but can start a program without any.
 */
const SCRIPT = `
  unset PWD OLDPWD SHLVL _
  { ulimit -c 0; ulimit -f 0; ulimit -d "$1"; } 2>/dev/null
  shift
  [ -n "$BASH_VERSION" ] && exec -c "$@"
  exec "$@"`;

/**
 * The same program under limits of the operating system: no core files, no bytes written to files, and at most `dataKb` KiB
 * of memory of its own. Memory that is only reserved does not count, which is why it is not the address space.
 */
export function withOsLimits({ file, args, cwd }: GuestProgram, dataKb: number, shell = SHELL): GuestProgram {
  if (!existsSync(shell)) return { file, args, cwd };
  return { file: shell, args: ['-c', SCRIPT, 'sh', String(dataKb), file, ...args], cwd };
}
