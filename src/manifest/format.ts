import { MANIFEST_CEILINGS } from './ceilings.ts';
import type { PlaceTree } from './locate.ts';
import type { Manifest } from './manifest.ts';
import type { Report } from './report.ts';
import type { Syntax } from './syntax.ts';
import type { TableReader } from './table-reader.ts';
import type { Table } from './values.ts';

/** The file names of the formats; the first that a folder has is its manifest. */
export const MANIFEST_FILES = ['skill.toml', 'SKILL.md', 'skill.json', 'manifest.yaml'] as const;

export type ManifestFile = (typeof MANIFEST_FILES)[number];

/** The largest file of each that is read. */
export const MANIFEST_BYTES: Readonly<Record<ManifestFile, number>> = {
  'skill.toml': MANIFEST_CEILINGS.bytes,
  'SKILL.md': MANIFEST_CEILINGS.skillMdBytes,
  'skill.json': MANIFEST_CEILINGS.bytes,
  'manifest.yaml': MANIFEST_CEILINGS.bytes,
};

/** One way to write a manifest. */
export interface Format {
  readonly syntax: Syntax;
  /** The text as plain values, with the places of its fields where they are known anyhow. Reports what is wrong. */
  readonly parse: (
    source: string,
    report: Report,
  ) => { readonly table: Table; readonly places?: PlaceTree } | undefined;
  /** The places of the fields of a text that was parsed before. */
  readonly loadPlaces: (source: string) => Promise<PlaceTree | undefined>;
  readonly read: (root: TableReader, named: Named) => Manifest;
}

export interface Named {
  readonly file: string;
  /** The name of the skill's folder. */
  readonly folder: string | undefined;
}

export function isManifestFile(name: string): name is ManifestFile {
  return MANIFEST_FILES.some((file) => file === name);
}
