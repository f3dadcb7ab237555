/** A skill of a registry, with all its versions. */
export interface PublishedSkill {
  readonly id: string;
  readonly description: string;
  readonly keywords: readonly string[];
  /** By version. */
  readonly versions: ReadonlyMap<string, PublishedVersion>;
}

export interface PublishedVersion {
  readonly version: string;
  /** Where its archive is, relative to the registry. */
  readonly archive: string;
  /** Of the archive, in small hexadecimal digits. */
  readonly sha256: string;
  /** Of the archive. */
  readonly bytes: number;
  /** Taken back: only who has its sum already gets it. */
  readonly yanked: boolean;
  readonly dependencies: readonly PublishedDependency[];
  /** Each feature it has, and whether it is on when nobody asks for it. */
  readonly features: ReadonlyMap<string, boolean>;
  /** Virtual packages it stands for: name → version. */
  readonly provides: ReadonlyMap<string, string>;
}

export interface PublishedDependency {
  readonly id: string;
  readonly range: string;
  readonly optional: boolean;
  readonly features: readonly string[];
}

/** What a registry says at one time. */
export interface RegistryIndex {
  /** When it last changed; an older one than was seen before is refused. */
  readonly updated: Date;
  /** From then on it does not count. */
  readonly expires: Date | undefined;
  readonly skills: ReadonlyMap<string, PublishedSkill>;
}
