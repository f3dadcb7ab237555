import { openSync } from 'node:fs';
import { quote, SkillError } from '../../host/index.ts';
import type { RunListener } from '../runtime/events.ts';
import { logRuns } from '../telemetry/log-runs.ts';
import pino from 'pino';

const STDERR = 2;

/** What `--log` writes to. @throws SkillError E_USAGE for a file that cannot be written */
export function logTo(file: string, verbose: boolean): RunListener {
  return logRuns(verbose ? 'debug' : 'info', pino.destination({ fd: file === '-' ? STDERR : open(file), sync: true }));
}

function open(file: string): number {
  try {
    return openSync(file, 'a', 0o600);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SkillError('E_USAGE', `--log ${quote(file)} cannot be written: ${code}`, {
      hint: 'choose another file',
      cause: error,
    });
  }
}
