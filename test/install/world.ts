import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';
import { DISK } from '../../src/files/disk.ts';
import { removeTree } from '../../src/files/remove-tree.ts';
import { locateHome } from '../../src/home/home.ts';
import { type Added, addSkills } from '../../src/install/add.ts';
import type { Installation } from '../../src/install/installation.ts';
import type { Offer } from '../../src/install/offers.ts';
import { readLockfile } from '../../src/lockfile/file.ts';
import { pathSource } from '../../src/source/path.ts';
import { Store } from '../../src/store/store.ts';
import { make } from '../resolve/support.ts';

type Made = Parameters<typeof make>;

export interface World {
  readonly installation: Installation;
  /** Writes a skill into a folder of its own, and says what to ask for. */
  write(...made: Made): string;
  /** The same, and a registry has it. */
  offer(...made: Made): Offer;
  add(...requests: string[]): Promise<readonly Added[]>;
  /** `id@version` of what is locked, those that are here because of others with `+` before; and what they need. */
  locked(): Promise<Readonly<Record<string, readonly string[]>>>;
}

/** A home, folders with skills, and a registry that offers some. Everybody says yes. */
export function makeWorld(): World {
  const root = mkdtempSync(join(tmpdir(), 'skillhost-install-'));
  onTestFinished(() => removeTree(root, DISK));
  const home = locateHome(join(root, 'home'), {});
  const installation: Installation = {
    home,
    files: DISK,
    store: new Store(home.store, DISK),
    now: () => new Date(0),
    record: () => undefined,
    signal: new AbortController().signal,
  };
  const offers: Offer[] = [];
  const write = (...made: Made): string => {
    const candidate = make(...made);
    const folder = join(root, 'skills', candidate.version, candidate.id.slice(candidate.id.indexOf('.') + 1));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'skill.toml'), manifestOf(candidate));
    return folder;
  };
  return {
    installation,
    write,
    offer(...made) {
      const offer = { ...make(...made), source: pathToFileURL(write(...made)).href };
      offers.push(offer);
      return offer;
    },
    add: (...requests) =>
      addSkills(
        requests,
        {
          supply: {
            sources: [pathSource],
            registries: () => Promise.resolve([]),
            download: () => Promise.reject(new Error('there is no network')),
            cwd: root,
          },
          asker: { decide: () => Promise.resolve({}), pick: (folders) => Promise.resolve(folders) },
          rules: { neverGrant: new Set(), alwaysConfirm: new Set() },
          judgeTrust: () => Promise.resolve(undefined),
          allowed: { replace: true, downgrade: true },
          offers: {
            candidates: (id) => Promise.resolve(offers.filter((one) => one.id === id || one.provides.has(id))),
          },
        },
        installation,
      ),
    async locked() {
      const { skills } = await readLockfile(home.lock);
      return Object.fromEntries(
        [...skills.values()].map(({ id, version, direct, dependencies, features }) => [
          `${direct ? '' : '+'}${id}@${version}`,
          [...dependencies, ...features],
        ]),
      );
    },
  };
}

function manifestOf({ id, version, dependencies, features, provides }: ReturnType<typeof make>): string {
  const needs = dependencies.map(
    (need) =>
      `"${need.id}" = { version = "${need.range}", optional = ${need.optional}, features = ${JSON.stringify(need.features)} }`,
  );
  const parts = [...features].map(
    ([name, isDefault]) => `[features.${name}]\ndescription = "x"\ndefault = ${isDefault}`,
  );
  const virtual = [...provides].map(([name, of]) => `"${name}" = "${of}"`);
  return `[skill]
id = "${id}"
name = "${id}"
description = "A skill of a test that does nothing at all."
version = "${version}"
api_version = "1.0"
[provides]
${virtual.join('\n')}
[dependencies]
${needs.join('\n')}
${parts.join('\n')}
`;
}
