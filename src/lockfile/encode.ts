import { createHash } from 'node:crypto';
import { stringify } from 'smol-toml';
import type { LockedSkill, Lockfile } from './lockfile.ts';

export const VERSION = 1;
/** The last line: without it the file was cut off. */
export const END = '# end of skills.lock\n';

const HEAD = `# What is installed, exactly. Written by skill; each entry carries a sum of itself, and merges as a whole.
version = ${VERSION}
`;

/** The text of `skills.lock`: the same for the same content, an entry after the other in the order of their ids. */
export function encodeLockfile({ skills }: Lockfile): string {
  const entries = [...skills.values()].map((skill) => `\n${stringify({ skills: [toTable(skill)] })}`);
  return `${HEAD}${entries.join('')}\n${END}`;
}

/** An entry as TOML has it, with the sum of all of it. */
function toTable(skill: LockedSkill): Record<string, unknown> {
  const { granted, signature, ...plain } = skill;
  return {
    ...plain,
    sum: sumOf(skill),
    ...(signature !== undefined && { signature: { ...signature } }),
    ...(Object.keys(granted).length > 0 && { capabilities: { ...granted } }),
  };
}

/** `sha256:…` over the entry: a lock file is edited by `skill` alone, or the entry does not count. */
export function sumOf(skill: LockedSkill): string {
  const { signature, granted } = skill;
  const text = JSON.stringify([
    skill.id,
    skill.version,
    skill.requested,
    skill.source,
    skill.integrity,
    skill.installed,
    skill.enabled,
    skill.direct,
    signature === undefined ? null : [signature.kind, signature.signer],
    skill.dependencies,
    skill.features,
    Object.entries(granted).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  ]);
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
