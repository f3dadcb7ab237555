import { quote, SkillError } from '../../host/index.ts';
import { ARCHIVE_CEILINGS } from '../archive/ceilings.ts';
import { readJson } from './client.ts';

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations: ReadonlyMap<string, string>;
}

/** A manifest with layers, or an index of manifests. */
export type OciManifest =
  | {
      readonly kind: 'artifact';
      readonly artifactType: string;
      readonly layers: readonly Descriptor[];
      readonly annotations: ReadonlyMap<string, string>;
    }
  | { readonly kind: 'index'; readonly manifests: readonly IndexEntry[] };

export interface IndexEntry extends Descriptor {
  readonly artifactType: string;
  /** Such as `linux/amd64`; empty for an artifact that is the same everywhere. */
  readonly platform: string;
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;
const MOST_DESCRIPTORS = 256;

/** Reads the bytes of a manifest (OCI Image Specification 1.1). @throws SkillError E_PACKAGE */
export function parseManifest(bytes: Uint8Array, shown: string): OciManifest {
  const table = readJson(bytes) as Readonly<Record<string, unknown>>;
  if (table['schemaVersion'] !== 2) throw fault(shown, 'is no manifest of version 2');
  if (Array.isArray(table['manifests'])) {
    const manifests = descriptorsOf(table['manifests'], shown).map((entry) => {
      const { artifactType, platform } = entry.table;
      const { os, architecture } = tableOf(platform);
      return {
        ...entry.descriptor,
        artifactType: textOf(artifactType),
        platform: platform === undefined ? '' : `${textOf(os)}/${textOf(architecture)}`,
      };
    });
    return { kind: 'index', manifests };
  }
  if (!Array.isArray(table['layers'])) throw fault(shown, 'has neither layers nor manifests');
  const config = tableOf(table['config']);
  return {
    kind: 'artifact',
    artifactType: textOf(table['artifactType']) || textOf(config['mediaType']),
    layers: descriptorsOf(table['layers'], shown).map(({ descriptor }) => descriptor),
    annotations: annotationsOf(table['annotations']),
  };
}

function descriptorsOf(
  list: readonly unknown[],
  shown: string,
): readonly { readonly descriptor: Descriptor; readonly table: Readonly<Record<string, unknown>> }[] {
  if (list.length > MOST_DESCRIPTORS) throw fault(shown, `has more than ${MOST_DESCRIPTORS} parts`);
  return list.map((entry) => {
    const table = tableOf(entry);
    const { mediaType, digest, size } = table;
    if (typeof digest !== 'string' || !DIGEST.test(digest)) throw fault(shown, 'names a part by no sha256 digest');
    if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0 || size > ARCHIVE_CEILINGS.bytes)
      throw fault(shown, `has a part of no size from 0 to ${ARCHIVE_CEILINGS.bytes}`);
    return {
      descriptor: { mediaType: textOf(mediaType), digest, size, annotations: annotationsOf(table['annotations']) },
      table,
    };
  });
}

function annotationsOf(value: unknown): ReadonlyMap<string, string> {
  const texts = Object.entries(tableOf(value)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return new Map(texts);
}

function tableOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function fault(shown: string, what: string): SkillError {
  return new SkillError('E_PACKAGE', `the manifest of ${quote(shown, 300)} ${what}`, {
    hint: 'nothing of it was used; ask whoever published it',
    details: { reason: 'manifest' },
  });
}
