import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The real path of a program found by its bare name, as a shell would find it; undefined when there is none. */
export function findProgram(name: string, path: string): string | undefined {
  if (!isProgramName(name)) return undefined;
  for (const dir of path.split(delimiter)) {
    // A relative entry in PATH would make the working directory a place to run things from.
    if (!dir.startsWith('/')) continue;
    const candidate = join(dir, name);
    try {
      accessSync(candidate, constants.X_OK);
      if (statSync(candidate).isFile()) return realpathSync(candidate);
    } catch {
      continue;
    }
  }
  return undefined;
}

/** A bare name: no path, no option, nothing a shell would read. What rules may name, and no more. */
export function isProgramName(name: string): boolean {
  return /^[A-Za-z0-9_.][A-Za-z0-9_.+@-]{0,127}$/.test(name) && name !== '.' && name !== '..';
}
