import semver from 'semver';
import { quote, SkillError } from '../../host/index.ts';
import { nearest } from '../manifest/nearest.ts';
import type { PublishedSkill, PublishedVersion } from './published.ts';
import type { Registry } from './registry.ts';

/** A skill, and the registry that counts for it. */
export interface FoundSkill {
  readonly registry: Registry;
  readonly skill: PublishedSkill;
}

/**
 * The registry that a skill comes from: the first that has its id, whatever newer versions others have, so that nobody who
 * publishes elsewhere can take a name over.
 * @param name only this registry
 * @throws SkillError E_NOT_FOUND and what registries throw
 */
export async function findPublished(registries: readonly Registry[], id: string, name?: string): Promise<FoundSkill> {
  const asked = name === undefined ? registries : registries.filter(({ config }) => config.name === name);
  if (asked.length === 0) throw name === undefined ? noRegistries(id) : noRegistry(name, registries);
  const ids: string[] = [];
  for (const registry of asked) {
    const skills = await registry.skills();
    const skill = skills.get(id);
    if (skill !== undefined) return { registry, skill };
    ids.push(...skills.keys());
  }
  const similar = nearest(id, ids);
  throw new SkillError('E_NOT_FOUND', `no registry has a skill ${quote(id)}`, {
    hint: similar === undefined ? 'skill search --registry WORDS looks through them' : `did you mean ${similar}?`,
    details: { reason: 'no_skill' },
  });
}

/**
 * The highest version in a range; one that was taken back only by its sum.
 * @throws SkillError E_NOT_FOUND naming what there is
 */
export function pickVersion({ id, versions }: PublishedSkill, range: string, sum?: string): PublishedVersion {
  if (sum !== undefined) {
    const exact = [...versions.values()].find(({ version, sha256 }) => version === range && sha256 === sum);
    if (exact !== undefined) return exact;
    throw noVersion(id, `${range} with the sum ${sum}`, versions, 'other_bytes');
  }
  const offered = [...versions.values()].filter(({ yanked }) => !yanked).map(({ version }) => version);
  const best = semver.maxSatisfying(offered, range);
  const found = best === null ? undefined : versions.get(best);
  if (found === undefined) throw noVersion(id, range, versions, 'no_version');
  return found;
}

function noVersion(
  id: string,
  range: string,
  versions: ReadonlyMap<string, PublishedVersion>,
  reason: string,
): SkillError {
  const there = [...versions.values()].toSorted((a, b) => semver.compare(b.version, a.version)).slice(0, 10);
  const shown = there.map(({ version, yanked }) => `${version}${yanked ? ' (taken back)' : ''}`).join(', ');
  const code = reason === 'other_bytes' ? 'E_INTEGRITY' : 'E_NOT_FOUND';
  return new SkillError(code, `${id} has no version ${quote(range)}`, {
    hint: `there is ${shown === '' ? 'none' : shown}`,
    details: { reason },
  });
}

function noRegistries(id: string): SkillError {
  return new SkillError('E_NOT_FOUND', `${quote(id)} would come from a registry, and none is configured`, {
    hint: 'name one in config.toml: [[registries]] with name = "main" and url = "https://…"; or for a folder write ./ in front',
    details: { reason: 'no_registries' },
  });
}

function noRegistry(name: string, registries: readonly Registry[]): SkillError {
  const known = registries.map(({ config }) => config.name).join(', ');
  return new SkillError('E_NOT_FOUND', `there is no registry ${quote(name)} in config.toml`, {
    hint: known === '' ? 'write it as [[registries]] with a name and a url' : `there is ${known}`,
    details: { reason: 'no_registry' },
  });
}
