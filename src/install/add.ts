import { isDeepStrictEqual } from 'node:util';
import type { LedgerEvent } from '../ledger/index.ts';
import { readLockfile } from '../lockfile/file.ts';
import {
  findMissing,
  type LockedSignature,
  type LockedSkill,
  type Lockfile,
  withSkills,
} from '../lockfile/lockfile.ts';
import { type Change, changeInstalled } from './change.ts';
import { complete, type Planned, type Wanted } from './dependencies.ts';
import type { GrantRules } from '../config/config.ts';
import { decideGrant } from './decide-grant.ts';
import type { Incoming } from './incoming.ts';
import type { Installation } from './installation.ts';
import { type Allowed, isSameOrigin, judgeChange } from './judge-change.ts';
import { NO_OFFERS, type Offers } from './offers.ts';
import type { Relinked } from './relink.ts';
import { type ReceiveOptions, receiveAll, receiveNeeded } from './receive-request.ts';
import { showGrant } from '../policy/grant.ts';
import { SkillError } from '../../host/index.ts';

export interface AddOptions extends ReceiveOptions {
  readonly rules: GrantRules;
  /** Verifies who signed it. @throws SkillError for what the policy refuses */
  readonly judgeTrust: JudgeTrust;
  readonly allowed: Allowed;
  /** Where to find what skills need; nowhere when left out. */
  readonly offers?: Offers;
}

export type JudgeTrust = (
  incoming: Pick<Incoming, 'id' | 'manifest' | 'source' | 'tree' | 'fetched'>,
  before: LockedSkill | undefined,
) => Promise<LockedSignature | undefined>;

/** What one skill became. */
export interface Added {
  readonly skill: LockedSkill;
  /** What was there before; the same as `skill` when nothing changed. */
  readonly before: LockedSkill | undefined;
  readonly warnings: readonly string[];
}

/**
 * Installs what requests mean, with all they need, or nothing of it. All questions are asked before anything changes.
 * @throws SkillError with any code of a source, of `receive`, of the policy; E_DECLINED when somebody says no
 */
export async function addSkills(
  requests: readonly string[],
  options: AddOptions,
  installation: Installation,
): Promise<readonly Added[]> {
  const received: Incoming[] = [];
  try {
    for (const request of requests) received.push(...(await receiveAll(request, options, installation)));
    return await install(
      received.map((incoming) => ({ incoming, direct: true })),
      options,
      installation,
    );
  } finally {
    discardAll(received, installation);
  }
}

/** Installs what was received, and what that needs. */
export async function install(
  wanted: readonly Wanted[],
  options: AddOptions,
  installation: Installation,
): Promise<readonly Added[]> {
  for (let tries = 1; ; tries++) {
    const lock = await readLockfile(installation.home.lock);
    const { planned: all, relinked } = await complete(wanted, lock, {
      store: installation.store,
      signal: installation.signal,
      offers: options.offers ?? NO_OFFERS,
      receive: (request) => receiveNeeded(request, options, installation),
    });
    try {
      const approved: Approved[] = [];
      for (const one of all) approved.push(await approve(one, lock, options, installation));
      await changeInstalled(installation, (now) => decide(approved, relinked, now));
      return approved.map(({ skill, before, incoming }) => ({ skill, before, warnings: incoming.warnings }));
    } catch (error) {
      if (!(error instanceof ChangedMeanwhile) || tries === MOST_TRIES) throw error;
    } finally {
      const own = new Set(wanted.map(({ incoming }) => incoming));
      discardAll(
        all.map(({ incoming }) => incoming).filter((incoming) => !own.has(incoming)),
        installation,
      );
    }
  }
}

const MOST_TRIES = 5;

/** Others changed what a decision was about before it was carried out. */
class ChangedMeanwhile extends SkillError {
  constructor() {
    super('E_UNAVAILABLE', 'what is installed was changed by others meanwhile, again and again', {
      hint: 'run the command again when they are done; nothing was changed by it',
    });
  }
}

interface Approved {
  readonly incoming: Incoming;
  readonly skill: LockedSkill;
  readonly before: LockedSkill | undefined;
}

async function approve(
  { incoming, direct, dependencies, features }: Planned,
  lock: Lockfile,
  options: AddOptions,
  installation: Installation,
): Promise<Approved> {
  const before = lock.skills.get(incoming.id);
  const signature = await options.judgeTrust(incoming, before);
  const skill: LockedSkill = {
    id: incoming.id,
    version: incoming.manifest.version,
    requested: incoming.requested,
    source: incoming.source,
    integrity: incoming.tree.hash,
    installed: installation.now().toISOString(),
    enabled: before?.enabled ?? true,
    direct: direct || before?.direct === true,
    signature,
    dependencies,
    features,
    granted: before?.granted ?? {},
  };
  judgeChange(before, skill, options.allowed);
  const isSameSkill = before?.integrity === skill.integrity && isSameOrigin(before, skill);
  const granted = isSameSkill
    ? skill.granted
    : await decideGrant(incoming, { before, skill, direct }, options, installation);
  const made = { ...skill, granted };
  return { incoming, before, skill: before !== undefined && isSame(before, made) ? before : made };
}

/** The same but for the time: what is installed again as it is stays as it is. */
function isSame(before: LockedSkill, after: LockedSkill): boolean {
  return isDeepStrictEqual(before, { ...after, installed: before.installed });
}

/** In the turn: what was decided about is there still, or it is decided anew. What others did beside does not matter. */
function decide(approved: readonly Approved[], relinked: readonly Relinked[], now: Lockfile): Change {
  const changed = approved.filter(({ skill, before }) => {
    const there = now.skills.get(skill.id);
    if (there !== undefined && isSame(there, skill)) return false;
    if (!isDeepStrictEqual(there, before)) throw new ChangedMeanwhile();
    return true;
  });
  if (relinked.some(({ before }) => !isDeepStrictEqual(now.skills.get(before.id), before)))
    throw new ChangedMeanwhile();
  const lock = withSkills(
    now,
    [...changed, ...relinked].map(({ skill }) => skill),
  );
  if (findMissing(lock) !== undefined) throw new ChangedMeanwhile();
  return {
    lock,
    trees: approved.map(({ incoming }) => incoming),
    records: changed.flatMap(({ skill, before }) => recordsOf(skill, before)),
  };
}

function recordsOf(
  { id, version, integrity, source, granted }: LockedSkill,
  before: LockedSkill | undefined,
): LedgerEvent[] {
  const about = { skill: id, version, hash: integrity, result: 'allowed' } as const;
  const reason = before === undefined ? 'new' : `instead of ${before.version} ${before.integrity}`;
  return [
    { event: 'installed', ...about, resource: source, reason },
    ...showGrant(granted).map((grant): LedgerEvent => ({ event: 'granted', ...about, resource: grant })),
  ];
}

/** What has its name in the store by now is no longer where it was staged. */
function discardAll(received: readonly Incoming[], { store }: Installation): void {
  for (const { staged } of received) store.discardQuietly(staged);
}
