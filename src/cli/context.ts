import { SkillError } from '../../host/index.ts';
import type { Runtime, RuntimeOptions } from '../runtime/runtime.ts';
import type { Format, Terminal } from './terminal.ts';

/** What every verb is given: where to write, and how to reach the runtime. */
export interface Context {
  readonly terminal: Terminal;
  readonly verbose: boolean;
  readonly home: string | undefined;
  /** Opens the runtime with the home of this command line. The verb closes it. */
  readonly openRuntime: (options?: Pick<RuntimeOptions, 'spare' | 'grant'>) => Promise<Runtime>;
}

/** Reads `--format`, of which each verb knows some. @throws SkillError E_USAGE */
export function parseFormat<T extends Format>(text: string, known: readonly T[]): T {
  const format = known.find((one) => one === text);
  if (format === undefined)
    throw new SkillError('E_USAGE', `there is no format ${JSON.stringify(text)} here`, {
      hint: `one of ${known.join(', ')}`,
    });
  return format;
}
