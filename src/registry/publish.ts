import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SkillError } from '../../host/index.ts';
import type { Files } from '../files/files.ts';
import { makeDirectories } from '../files/make-directories.ts';
import { takeTurn } from '../home/turn.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { encodeIndex } from './encode-index.ts';
import { parseIndex } from './parse-index.ts';
import type { PublishedSkill, PublishedVersion, RegistryIndex } from './published.ts';

export interface Publication {
  readonly manifest: Manifest;
  readonly archive: Uint8Array;
}

/**
 * Puts an archive into a folder that serves as a registry, and into its `index.json`. Published again with the same bytes
 * it changes nothing.
 * @throws SkillError E_CONFLICT for other bytes under a version that is there, E_PACKAGE for an index that is none
 */
export async function publishInto(
  folder: string,
  { manifest, archive }: Publication,
  { files, now, signal }: { readonly files: Files; readonly now: Date; readonly signal: AbortSignal },
): Promise<PublishedVersion> {
  makeDirectories(folder, files);
  const turn = await takeTurn(join(folder, '.turn'), { files, signal });
  try {
    const index = readIndex(folder);
    const published = describe(manifest, archive);
    const before = index.skills.get(manifest.id)?.versions.get(manifest.version);
    if (before !== undefined && before.sha256 !== published.sha256)
      throw new SkillError('E_CONFLICT', `${manifest.id} ${manifest.version} is in ${folder} with other bytes`, {
        hint: 'a published version never changes: raise the version of the skill',
        details: { reason: 'published' },
      });
    if (before !== undefined) return before;
    writeAnew(join(folder, published.archive), archive, files);
    const updated = new Date(Math.max(now.getTime(), index.updated.getTime()));
    const skills = new Map(index.skills).set(
      manifest.id,
      withVersion(index.skills.get(manifest.id), manifest, published),
    );
    writeAnew(join(folder, 'index.json'), Buffer.from(encodeIndex({ ...index, updated, skills })), files);
    files.syncDirectory(folder);
    return published;
  } finally {
    turn.end();
  }
}

function readIndex(folder: string): RegistryIndex {
  const file = join(folder, 'index.json');
  if (!existsSync(file)) return { updated: new Date(0), expires: undefined, skills: new Map() };
  return parseIndex(readFileSync(file), file);
}

function describe({ id, version, dependencies, features, provides }: Manifest, archive: Uint8Array): PublishedVersion {
  return {
    version,
    archive: `${id}-${version}.tgz`,
    sha256: createHash('sha256').update(archive).digest('hex'),
    bytes: archive.length,
    yanked: false,
    dependencies,
    features: new Map([...features].map(([name, feature]) => [name, feature.default])),
    provides: provides.virtual,
  };
}

/** The words it is found by are those of the version that was published last. */
function withVersion(
  before: PublishedSkill | undefined,
  { id, description, keywords, knowledge }: Manifest,
  published: PublishedVersion,
): PublishedSkill {
  const versions = new Map(before?.versions).set(published.version, published);
  return { id, description, keywords: [...new Set([...keywords, ...knowledge.topics])].slice(0, 64), versions };
}

/** A file that is there is replaced at once. */
function writeAnew(file: string, bytes: Uint8Array, files: Files): void {
  const temporary = `${file}.${randomUUID()}`;
  files.writeNew(temporary, bytes, 0o644);
  files.rename(temporary, file);
}
