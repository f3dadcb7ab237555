import { basename, extname } from 'node:path';
import { plainManifest } from '../manifest/manifest.ts';
import type { Manifest } from '../manifest/manifest.ts';

const LONGEST = 64;

/** A name of a skill made of words; undefined when nothing of them can be in one. */
export function slug(text: string): string | undefined {
  const name = text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST + 1)
    .replaceAll(/^-+/g, '')
    .slice(0, LONGEST)
    .replaceAll(/-+$/g, '');
  return name === '' ? undefined : name;
}

/** The name of a file without its ending, as a name of a skill. */
export function slugOfFile(file: string): string {
  return slug(basename(file, extname(file))) ?? 'imported';
}

/** One sentence on one line, cut where a label of `max` characters ends. */
export function shorten(text: string, max: number): { readonly text: string; readonly isCut: boolean } {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  const characters = Array.from(line);
  if (characters.length <= max) return { text: line, isCut: false };
  return {
    text: `${characters
      .slice(0, max - 1)
      .join('')
      .trimEnd()}…`,
    isCut: true,
  };
}

/** A manifest of a source that has none; 0.1.0 unless it says which version it is. */
export function newManifest(of: Pick<Manifest, 'id' | 'name' | 'description'>, version = '0.1.0'): Manifest {
  return plainManifest({ file: 'skill.toml', ...of, version });
}
