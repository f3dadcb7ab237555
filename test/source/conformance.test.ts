import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addSkills, type AddOptions } from '../../src/install/add.ts';
import { restore } from '../../src/install/restore.ts';
import { updateSkills } from '../../src/install/update.ts';
import { readConfig } from '../../src/config/config.ts';
import { supplyOf } from '../../src/install/supply.ts';
import { readLockfile } from '../../src/lockfile/file.ts';
import type { Fetched } from '../../src/source/source.ts';
import type { RawFile } from '../../src/tree/raw-file.ts';
import { NO_GIT } from '../git/repository.ts';
import { addOptions, type Bench, openBench } from '../install/support.ts';
import { manifest, scratch } from '../runtime/folders.ts';
import { SHELVES, type Shelf } from './shelves.ts';

const root = scratch();
let count = 0;

/** A skill with a folder, a program, bytes that are no text, and a name beyond ASCII. */
function sample(version: string): readonly RawFile[] {
  const file = (path: string, bytes: Uint8Array | string, executable = false): RawFile => ({
    path,
    bytes: Buffer.from(bytes),
    executable,
  });
  return [
    file('data/größe.txt', 'x'),
    file(
      'data/raw.bin',
      Uint8Array.from({ length: 256 }, (_, i) => i),
    ),
    file('scripts/run.sh', '#!/bin/sh\necho run\n', true),
    file('skill.toml', manifest('custom.shelved').replace('1.2.3', version)),
  ];
}

const plain = (files: readonly RawFile[]): readonly unknown[] =>
  files
    .map(({ path, bytes, executable }) => [path, Buffer.from(bytes).toString('latin1'), executable] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));

const TITLES = Object.entries(SHELVES).map(
  ([name, row]) => [`${name} is a source ${row.needs === 'git' ? '[only with git] ' : ''}[R-SOURCE-1]`, row] as const,
);

describe.for(TITLES)('%s', ([, { kind, needs, open }]) => {
  const isLeftOut = needs === 'git' && NO_GIT;
  const isPinned = kind !== 'path';

  async function prepare(version = '1.2.3') {
    const at = join(root, `s${count++}`);
    const temporary = join(at, 'temporary');
    mkdirSync(temporary, { recursive: true });
    const shelf = await open(at);
    await shelf.put(sample(version), version);
    const fetch = (request: string, signal = new AbortController().signal): Promise<Fetched> => {
      rmSync(temporary, { recursive: true });
      mkdirSync(temporary);
      return shelf.source.fetch(request, { cwd: at, temporary, download: shelf.download, signal });
    };
    return { ...shelf, at, fetch };
  }

  function install({ source, download }: Pick<Shelf, 'source' | 'download'>): AddOptions {
    const options = addOptions();
    return { ...options, supply: { ...options.supply, sources: [source], download } };
  }

  async function lockOf({ installation }: Bench): Promise<unknown> {
    return (await readLockfile(installation.home.lock)).skills.get('custom.shelved');
  }

  it.skipIf(isLeftOut)('that alone takes its requests, and what they turn out to be', async () => {
    const { request, fetch } = await prepare();
    const home = openBench(join(root, `h${count++}`)).installation;
    const config = await readConfig({ config: join(root, 'none.toml'), corp: join(root, 'none.toml') });
    const { sources } = supplyOf(config, home);
    for (const one of [request, (await fetch(request)).resolved])
      expect(sources.filter((source) => source.takes(one)).map((source) => source.kind)).toEqual([kind]);
  });

  it.skipIf(isLeftOut)('and gives every file as it is', async () => {
    const { request, fetch } = await prepare();
    expect(plain((await fetch(request)).files)).toEqual(plain(sample('1.2.3')));
  });

  it.skipIf(isLeftOut)('and what it says it was is the same again', async () => {
    const { request, fetch } = await prepare();
    const first = await fetch(request);
    const again = await fetch(first.resolved);
    expect({ ...again, files: plain(again.files) }).toEqual({
      ...first,
      files: plain(first.files),
      wasExpected: isPinned,
    });
    expect(first.wasExpected).toBe(false);
  });

  it.skipIf(isLeftOut)('or nothing of that, once something else is there', async () => {
    const { request, fetch, put } = await prepare();
    const { resolved } = await fetch(request);
    await put(sample('1.3.0'), '1.3.0');
    expect(plain((await fetch(request)).files)).toEqual(plain(sample('1.3.0')));
    // Of a path the lock file knows the sum.
    if (!isPinned) return;
    const later = await fetch(resolved).then(
      ({ files }) => plain(files),
      ({ code }: { code: string }) => code,
    );
    expect([plain(sample('1.2.3')), 'E_INTEGRITY', 'E_NOT_FOUND']).toContainEqual(later);
  });

  it.skipIf(isLeftOut)('and says what is not there', async () => {
    const { missing, fetch } = await prepare();
    await expect(fetch(missing)).rejects.toMatchObject({ code: 'E_NOT_FOUND', hint: expect.any(String) });
  });

  it.skipIf(isLeftOut)('and leaves nothing behind, but where it was told to', async () => {
    const { request, at, fetch } = await prepare();
    await fetch(request);
    const before = readdirSync(at, { recursive: true }).filter((name) => !String(name).startsWith('temporary'));
    await fetch(request);
    expect(readdirSync(at, { recursive: true }).filter((name) => !String(name).startsWith('temporary'))).toEqual(
      before,
    );
  });

  it.skipIf(isLeftOut)('that skills are installed from, updated from, and fetched from again', async () => {
    const shelf = await prepare();
    const bench = openBench(join(root, `h${count++}`));
    const [added] = await addSkills([shelf.request], install(shelf), bench.installation);
    expect(added?.skill).toMatchObject({ id: 'custom.shelved', version: '1.2.3' });
    await shelf.put(sample('1.3.0'), '1.3.0');
    await updateSkills([], { ...install(shelf), major: false, check: false }, bench.installation);
    const updated = await lockOf(bench);
    expect(updated).toMatchObject({ version: '1.3.0' });
    rmSync(bench.installation.home.store, { recursive: true });
    const { supply } = install(shelf);
    await restore({ supply, judge: async () => undefined }, bench.installation);
    expect(await lockOf(bench)).toEqual(updated);
  });
});
