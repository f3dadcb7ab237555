import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { locateHome } from '../../src/home/home.ts';
import { DISK } from '../../src/files/disk.ts';
import type { Files } from '../../src/files/files.ts';
import type { AddOptions } from '../../src/install/add.ts';
import type { InstallAsker } from '../../src/install/asker.ts';
import type { Installation } from '../../src/install/installation.ts';
import type { LedgerEvent } from '../../src/ledger/index.ts';
import { pathSource } from '../../src/source/path.ts';
import { Store } from '../../src/store/store.ts';
import { manifest, write } from '../runtime/folders.ts';

/** No process has this number: it is above what the kernel gives out. */
const GONE = 4_194_305;

export interface Bench {
  readonly installation: Installation;
  readonly records: LedgerEvent[];
}

/** What is installed in `home`, through the given disk, at a time that stands still. */
export function openBench(home: string, files: Files = DISK): Bench {
  const records: LedgerEvent[] = [];
  const places = locateHome(home, {});
  const installation: Installation = {
    home: places,
    files,
    store: new Store(places.store, files),
    now: () => new Date('2026-01-02T03:04:05.678Z'),
    record: (event) => void records.push(event),
    signal: new AbortController().signal,
  };
  return { installation, records };
}

/** Agrees to everything. */
export const AGREES: InstallAsker = { decide: async ({ fresh }) => fresh, pick: async (folders) => folders };

export function addOptions(changes: Partial<AddOptions> = {}): AddOptions {
  return {
    supply: {
      sources: [pathSource],
      registries: () => Promise.resolve([]),
      cwd: '/',
      download: () => Promise.reject(new Error('no network here')),
    },
    asker: AGREES,
    rules: { neverGrant: new Set(), alwaysConfirm: new Set() },
    judgeTrust: async () => undefined,
    allowed: {},
    ...changes,
  };
}

/** Writes a skill without a module. */
export function writePlain(
  folder: string,
  id: string,
  changes: { version?: string; rest?: string; text?: string } = {},
): string {
  const { version = '1.2.3', rest = '', text = 'What it knows.' } = changes;
  write(folder, {
    'skill.toml': manifest(id, rest).replace('1.2.3', version),
    'knowledge/overview.md': `# ${id}\n\n${text}\n`,
  });
  return folder;
}

/** Makes what this process left look as if its process were gone. */
export function asIfKilled(home: string): void {
  const { store, turn } = locateHome(home, {});
  const rename = (folder: string, pattern: RegExp, to: string): void => {
    for (const name of namesIn(folder))
      if (pattern.test(name)) renameSync(join(folder, name), join(folder, name.replace(pattern, to)));
  };
  rename(join(store, 'sha256'), /^\d+-/, `${GONE}-`);
  rename(turn, /^\.\d+-/, `.${GONE}-`);
  for (const name of namesIn(turn)) {
    if (/^\d+$/.test(name)) writeFileSync(join(turn, name), JSON.stringify({ pid: GONE, started: '1' }));
  }
}

export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return [];
  }
}

/** What of a home does not count: the numbers of turns only grow, and a cache is written when time allows. */
const UNCOUNTED: ReadonlySet<string> = new Set(['turn', 'cache']);

/** Every file and folder of a home that counts, with its bytes and mode. */
export function snapshot(home: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  const visit = (path: string, shown: string): void => {
    const stat = statSync(path);
    const mode = (stat.mode & 0o777).toString(8);
    if (!stat.isDirectory()) found[shown] = `${mode} ${readFileSync(path, 'base64')}`;
    else {
      if (shown !== '') found[`${shown}/`] = mode;
      for (const name of namesIn(path))
        if (shown !== '' || !UNCOUNTED.has(name)) visit(join(path, name), shown === '' ? name : `${shown}/${name}`);
    }
  };
  visit(home, '');
  return found;
}
