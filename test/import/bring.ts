import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Imported, importSkill, type NotImported } from '../../src/import/import-skill.ts';
import type { Manifest } from '../../src/manifest/manifest.ts';
import { loadSkill } from '../../src/skill/load-skill.ts';
import type { ReadySkill } from '../../src/skill/skill.ts';
import { scratch, write } from '../runtime/folders.ts';

const root = scratch();
let count = 0;

/** A source in a folder of its own. */
export function place(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = join(root, `case-${(count += 1)}`);
  write(folder, files);
  return folder;
}

export interface Brought {
  readonly imported: Imported;
  readonly skill: ReadySkill;
  readonly folder: string;
  readonly read: (path: string) => string;
}

type More = Omit<Parameters<typeof importSkill>[0], 'source'>;

/** Imports a source that must become a skill without an error or a warning. */
export async function bring(source: string, more: More = {}): Promise<Brought> {
  const folder = more.to ?? join(root, `out-${(count += 1)}`);
  const imported = await importSkill({ source, ...more, to: folder });
  if (!imported.ready) throw new Error(JSON.stringify(imported.problems, undefined, 2));
  const skill = await loadSkill(folder, { strict: true });
  expect(skill.problems).toEqual([]);
  if (!skill.ready) throw new Error('not ready');
  expect(imported.files).toEqual(below(folder));
  return { imported, skill, folder, read: (path) => readFileSync(join(folder, path), 'utf8') };
}

/** Imports one file, by its name and text. */
export function bringFile(name: string, text: string, more: More = {}): Promise<Brought> {
  return bring(join(place({ [name]: text }), name), more);
}

/** Imports what must be refused; nothing may be left of it. */
export async function refuse(source: string, more: More = {}): Promise<NotImported> {
  const parent = place({});
  write(parent, { 'beside.txt': '' });
  const imported = await importSkill({ source, ...more, to: join(parent, 'out') });
  expect(readdirSync(parent)).toEqual(['beside.txt']);
  if (imported.ready) throw new Error('it was imported');
  return imported;
}

/** What is told of each field. */
export function told({ imported }: Brought): string[] {
  for (const { field, why, fix } of imported.notCarried)
    for (const text of [field, why, fix]) {
      expect(text.length).toBeGreaterThan(1);
      expect(text).not.toMatch(/[\p{Cc}\u200b\u202a-\u202e]/u);
    }
  return imported.notCarried.map(({ field }) => field);
}

function below(folder: string, prefix = ''): string[] {
  const found = readdirSync(join(folder, prefix)).flatMap((name) => {
    const path = prefix === '' ? name : `${prefix}/${name}`;
    return statSync(join(folder, path)).isDirectory() ? below(folder, path) : [path];
  });
  return found.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

export const isThere = (path: string): boolean => existsSync(path);

/** What two manifests that say the same have in common: all but their file, and the places that rules stand in. */
export function saying(manifest: Manifest): unknown {
  return JSON.parse(
    JSON.stringify({ ...manifest, file: '' }, (key, value: unknown) => {
      if (key === 'origin') return undefined;
      if (value instanceof Map) return { entries: [...value] };
      return value === undefined ? '(undefined)' : value;
    }),
  ) as unknown;
}

/** A manifest without what a skill.toml has no field for. */
export function carried(manifest: Manifest): Manifest {
  return {
    ...manifest,
    compatibility: undefined,
    metadata: new Map(),
    allowedTools: [],
    observability: {},
    development: {},
    tools: manifest.tools.map((tool) => ({ ...tool, patterns: new Map() })),
  };
}
