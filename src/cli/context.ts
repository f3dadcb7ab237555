import { quote, SkillError } from '../../host/index.ts';
import type { CatalogEntry } from '../catalog/entry.ts';
import type { RuntimeOptions } from '../runtime/options.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Format, Terminal } from './terminal.ts';

/** What every verb is given: where to write, and how to reach the runtime. */
export interface Context {
  readonly terminal: Terminal;
  readonly verbose: boolean;
  readonly home: string | undefined;
  /** Words that say to another command line what was said to this one about all verbs. */
  readonly again: readonly string[];
  /** The skills of these directories; with none, those the runtime has. Without loading what runs them. */
  readonly openCatalog: (directories?: readonly string[]) => Promise<readonly CatalogEntry[]>;
  /** Opens the runtime with the home of this command line. The verb closes it. */
  readonly openRuntime: (
    options?: Pick<RuntimeOptions, 'spare' | 'grant' | 'cwd' | 'confirm' | 'asker'>,
  ) => Promise<Runtime>;
}

/** Reads `--format`, of which each verb knows some. @throws SkillError E_USAGE */
export function parseFormat<T extends Format>(text: string, known: readonly T[]): T {
  const format = known.find((one) => one === text);
  if (format === undefined)
    throw new SkillError('E_USAGE', `there is no format ${quote(text)} here`, {
      hint: `one of ${known.join(', ')}`,
    });
  return format;
}
