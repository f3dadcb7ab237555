import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createRuntime, type RunEvent, type Runtime, type RuntimeOptions } from '../../src/index.ts';
import type { LedgerEvent } from '../../src/ledger/index.ts';
import { temporaryFolder } from '../host/function/scope-fixture.ts';
import { manifest, write } from '../runtime/folders.ts';

export interface Workbench {
  readonly root: string;
  readonly runtime: Runtime;
  readonly records: LedgerEvent[];
  readonly events: RunEvent[];
  /** A second runtime over the same folders, as another process would open it. */
  readonly again: (options?: RuntimeOptions) => Workbench;
}

/** The system's own programs: what a person's folders hold in front of them may be wrappers. */
export const PATH = '/usr/bin:/bin';

/** A skill `custom.sample`, in a folder of its own below `skills/`, and a runtime that works in the folder around it. */
export function workbench(
  files: Readonly<Record<string, string | Uint8Array>>,
  { rest, ...options }: RuntimeOptions & { readonly rest: string },
): Workbench {
  const root = temporaryFolder();
  write(root, { 'work/here.txt': 'of the folder\n' });
  write(join(root, 'skills', 'sample'), { 'skill.toml': manifest('custom.sample', rest), ...files });
  return open(root, options);
}

export function open(root: string, options: RuntimeOptions = {}): Workbench {
  const records: LedgerEvent[] = [];
  const events: RunEvent[] = [];
  const runtime = createRuntime({
    home: join(root, 'home'),
    skills: [join(root, 'skills')],
    cwd: join(root, 'work'),
    env: { PATH, HOME: root },
    record: (event) => void records.push(event),
    spare: false,
    ...options,
  });
  runtime.on((event) => void events.push(event));
  onTestFinished(() => runtime.close());
  return { root, runtime, records, events, again: (more = {}) => open(root, { ...options, ...more }) };
}

/** Processes that hold a word on their command line; the ones of this test only, when the word is. */
export function processesWith(word: string): readonly string[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return [];
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
      return line.includes(word) ? [`${pid} ${line.slice(0, 200)}`] : [];
    } catch {
      return [];
    }
  });
}
