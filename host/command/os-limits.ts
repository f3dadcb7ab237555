import { findProgram } from '../capability/find-program.ts';
import type { Limits } from '../limits.ts';
import type { Launch } from './launch.ts';

/** What the operating system holds each process of a program to. */
export type ProcessLimits = Pick<Limits, 'command_memory_mb' | 'file_size_mb'>;

const MIB = 1024 * 1024;
const BLOCK = 512;
/**
 * What a process may reserve beside, as V8 does with half a gigabyte since Node 24: the limit on all of them together is
 * the one that counts.
 */
const SLACK_MB = 768;
const SCRIPT = '{ ulimit -c 0; ulimit -f "$1"; ulimit -d "$2"; } 2>/dev/null; shift 2; exec "$@"';

const prlimit = findProgram('prlimit', '/usr/bin:/bin');

/** The same start under limits that nothing in it can lift: no core files, the size of each file, its memory. */
export function withOsLimits(launch: Launch, { command_memory_mb: memory, file_size_mb: file }: ProcessLimits): Launch {
  if (process.platform === 'win32') return launch;
  const data = (memory * 2 + SLACK_MB) * MIB;
  const bytes = file * MIB;
  const own =
    prlimit === undefined
      ? { file: '/bin/sh', before: ['-c', SCRIPT, 'sh', String(bytes / BLOCK), String(data / 1_024)] }
      : { file: prlimit, before: ['--core=0:0', `--fsize=${bytes}:${bytes}`, `--data=${data}:${data}`, '--'] };
  return { ...launch, file: own.file, argv0: own.file, args: [...own.before, launch.file, ...launch.args] };
}
