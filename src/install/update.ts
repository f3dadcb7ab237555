import semver from 'semver';
import { quote, SkillError } from '../../host/index.ts';
import { readLockfile } from '../lockfile/file.ts';
import { isLinked, type LockedSkill } from '../lockfile/lockfile.ts';
import { type Added, type AddOptions, install } from './add.ts';
import { tidy } from './change.ts';
import type { Incoming } from './incoming.ts';
import type { Installation } from './installation.ts';
import { receiveOne } from './receive-request.ts';
import { requireInstalled } from './remove.ts';

export interface UpdateOptions extends AddOptions {
  /** Also to versions that may break what relies on them (another major; below 1.0 another minor). */
  readonly major: boolean;
  /** Look only. */
  readonly check: boolean;
}

/** What there is for one skill. */
export interface Update {
  readonly skill: LockedSkill;
  /**
   * `held`: only `major` takes it. `older`: what is there now is older than what is installed. `failed`: what is there cannot
   * be told.
   */
  readonly state: 'current' | 'newer' | 'held' | 'older' | 'linked' | 'failed';
  /** What is there now; what is installed where that cannot be told. */
  readonly version: string;
  /** Why it failed. */
  readonly error?: SkillError;
}

/**
 * Looks where skills were asked for, and installs what is new there, all or nothing. A source that fails keeps no other skill
 * from its update.
 * @param ids none: every skill that a person asked for
 * @throws SkillError E_NOT_FOUND and as `addSkills`
 */
export async function updateSkills(
  ids: readonly string[],
  options: UpdateOptions,
  installation: Installation,
): Promise<{ readonly updates: readonly Update[]; readonly added: readonly Added[] }> {
  const lock = await readLockfile(installation.home.lock);
  const wanted =
    ids.length > 0
      ? ids.map((id) => requireInstalled(lock, id))
      : [...lock.skills.values()].filter(({ direct }) => direct);
  const received: Incoming[] = [];
  const updates: Update[] = [];
  const taken: Incoming[] = [];
  try {
    for (const skill of wanted) {
      const { version } = skill;
      if (isLinked(skill)) {
        updates.push({ skill, state: 'linked', version });
        continue;
      }
      const incoming = await lookFor(skill, options, installation);
      if (incoming instanceof SkillError) {
        updates.push({ skill, state: 'failed', version, error: incoming });
        continue;
      }
      received.push(incoming);
      const state = stateOf(skill, incoming, options);
      updates.push({ skill, state, version: incoming.manifest.version });
      if (state === 'newer' || (state === 'older' && options.allowed.downgrade === true)) taken.push(incoming);
    }
    if (options.check) return { updates, added: [] };
    if (taken.length === 0) {
      await tidy(installation);
      return { updates, added: [] };
    }
    const direct = new Map(wanted.map((skill) => [skill.id, skill.direct]));
    const planned = taken.map((incoming) => ({ incoming, direct: direct.get(incoming.id) ?? true }));
    return { updates, added: await install(planned, options, installation) };
  } finally {
    for (const { staged } of received) installation.store.discardQuietly(staged);
  }
}

/** What is there, or why it cannot be had. */
async function lookFor(
  { id, requested }: LockedSkill,
  options: UpdateOptions,
  installation: Installation,
): Promise<Incoming | SkillError> {
  try {
    const incoming = await receiveOne(requested, options, installation);
    if (incoming.id === id) return incoming;
    installation.store.discardQuietly(incoming.staged);
    // Under its old name nobody would be asked about a new skill.
    return new SkillError('E_INTEGRITY', `${quote(requested, 300)} holds ${incoming.id} now, and not ${id} any more`, {
      hint: `skill remove ${id}, and skill add it where that is meant`,
    });
  } catch (error) {
    if (installation.signal.aborted || !(error instanceof SkillError) || error.code === 'E_STORE') throw error;
    return error;
  }
}

function stateOf(skill: LockedSkill, { tree, manifest }: Incoming, { major }: UpdateOptions): Update['state'] {
  if (tree.hash === skill.integrity) return 'current';
  const { version } = manifest;
  if (semver.lt(version, skill.version)) return 'older';
  return major || semver.satisfies(version, `^${skill.version}`, { includePrerelease: true }) ? 'newer' : 'held';
}
