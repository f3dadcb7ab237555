import type { Grant } from '../policy/grant.ts';

/** What is installed, exactly: `skills.lock`. */
export interface Lockfile {
  /** By id, in the order of the ids. */
  readonly skills: ReadonlyMap<string, LockedSkill>;
}

export interface LockedSkill {
  readonly id: string;
  readonly version: string;
  /** What was asked for, in the syntax of its source: where an update looks. */
  readonly requested: string;
  /** A request for exactly what is installed: with a commit, a digest, a sum. */
  readonly source: string;
  /** `sha256:…` of its tree. Empty for a linked folder, which is used as it is. */
  readonly integrity: string;
  /** When, ISO 8601 in UTC. */
  readonly installed: string;
  /** False while it is switched off. */
  readonly enabled: boolean;
  /** Whether a person asked for it; otherwise it is here because of another skill. */
  readonly direct: boolean;
  readonly signature: LockedSignature | undefined;
  /** As `id@version`, in order. */
  readonly dependencies: readonly string[];
  /** Features that are on, in order. */
  readonly features: readonly string[];
  /** What a person granted. */
  readonly granted: Grant;
}

/** A signature that was verified when the skill was installed. */
export interface LockedSignature {
  readonly kind: string;
  /** The name of the key, or the identity. */
  readonly signer: string;
}

export const NO_LOCKFILE: Lockfile = { skills: new Map() };

/** A lock file with one entry put in, or replaced. */
export function withSkills(lock: Lockfile, changed: readonly LockedSkill[]): Lockfile {
  return ordered([...new Map([...lock.skills, ...changed.map((skill) => [skill.id, skill] as const)]).values()]);
}

export function withoutSkills(lock: Lockfile, ids: ReadonlySet<string>): Lockfile {
  return ordered([...lock.skills.values()].filter(({ id }) => !ids.has(id)));
}

function ordered(skills: readonly LockedSkill[]): Lockfile {
  const sorted = skills.toSorted((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id)));
  return { skills: new Map(sorted.map((skill) => [skill.id, skill])) };
}

/** Whether a skill is a folder of its developer that is used in place. */
export function isLinked({ integrity }: LockedSkill): boolean {
  return integrity === '';
}

/** A dependency, as `id@version`, of a skill in a lock file that is not in it. */
export function findMissing({ skills }: Lockfile): { readonly of: LockedSkill; readonly missing: string } | undefined {
  const there = new Set([...skills.values()].map(({ id, version }) => `${id}@${version}`));
  for (const of of skills.values()) {
    const missing = of.dependencies.find((one) => !there.has(one));
    if (missing !== undefined) return { of, missing };
  }
  return undefined;
}
