import { SkillError } from '../../host/index.ts';
import type { LockedSkill, Lockfile } from '../lockfile/lockfile.ts';
import type { Candidate, Chosen, Resolution } from '../resolve/candidate.ts';
import { resolve } from '../resolve/resolve.ts';
import type { Store } from '../store/store.ts';
import { candidateOf, readCandidates } from './candidates.ts';
import type { Incoming } from './incoming.ts';
import { withNeeded } from './needed-by.ts';
import type { Offer, Offers } from './offers.ts';
import { receiveOffers } from './receive-offers.ts';
import { relink, type Relinked } from './relink.ts';

/** A skill that is to be installed. */
export interface Wanted {
  readonly incoming: Incoming;
  /** Whether a person asked for it. */
  readonly direct: boolean;
}

/** One whose place among the others is known. */
export interface Planned extends Wanted {
  /** As `id@version`, in order. */
  readonly dependencies: readonly string[];
  readonly features: readonly string[];
}

export interface Plan {
  readonly planned: readonly Planned[];
  /** What stays as it is beside other versions than before. */
  readonly relinked: readonly Relinked[];
}

export interface Surroundings {
  readonly store: Store;
  readonly signal: AbortSignal;
  readonly offers: Offers;
  readonly receive: (request: string) => Promise<Incoming>;
}

/**
 * Adds what the wanted skills need, and finds everything its place. Whatever a person installed stays in its version,
 * and other skills change theirs only when it has to be.
 * @throws SkillError what `resolve` and `receive` throw; E_CONFLICT `same_id` for two wanted skills of one id
 */
export async function complete(
  wanted: readonly Wanted[],
  lock: Lockfile,
  { store, signal, offers, receive }: Surroundings,
): Promise<Plan> {
  const own = distinctById(wanted);
  const installed = await readCandidates(lock, store, new Set(own.keys()));
  const offered = new Map<Candidate, Offer>();
  const resolution = await resolve(
    [...[...own.values()].map(({ incoming }) => candidateOf(incoming.manifest)), ...staying(lock, installed)],
    {
      versionsOf: async (id) => {
        const there = [...installed.values()].filter((one) => one.id === id || one.provides.has(id));
        const more = await offers.candidates(id);
        for (const offer of more) offered.set(offer, offer);
        return [...there, ...more];
      },
      signal,
      prefer: new Map([...installed].map(([id, { version }]) => [id, version])),
    },
  );
  const fresh = [...resolution.values()].flatMap(({ candidate }) => offered.get(candidate) ?? []);
  const received = await receiveOffers(fresh, { store, receive });
  const all = [...own.values(), ...received.map((incoming) => ({ incoming, direct: false }))];
  return {
    planned: all.map((one) => ({ ...one, ...placeOf(resolution, one.incoming.id) })),
    relinked: relink(lock, resolution, new Set(all.map(({ incoming }) => incoming.id))),
  };
}

/** What is not here because of others. */
function staying(lock: Lockfile, installed: ReadonlyMap<string, Candidate>): readonly Candidate[] {
  const ids = (some: readonly LockedSkill[]): readonly string[] => some.map(({ id }) => id);
  const skills = [...lock.skills.values()];
  const needed = withNeeded(lock, ids(skills.filter(({ direct }) => direct)));
  return ids(skills.filter(({ id, direct }) => direct || !needed.has(id))).flatMap((id) => installed.get(id) ?? []);
}

function distinctById(wanted: readonly Wanted[]): ReadonlyMap<string, Wanted> {
  const own = new Map<string, Wanted>();
  for (const one of wanted) {
    const { id, source } = one.incoming;
    const other = own.get(id)?.incoming;
    if (other !== undefined && other.source !== source)
      throw new SkillError('E_CONFLICT', `two different skills that are to be installed are called ${id}`, {
        hint: 'install one of them; a home holds one version of a skill',
        details: { reason: 'same_id', sources: [other.source, source] },
      });
    if (other === undefined) own.set(id, one);
  }
  return own;
}

function placeOf(resolution: Resolution, id: string): Pick<Chosen, 'dependencies' | 'features'> {
  const chosen = resolution.get(id);
  return { dependencies: chosen?.dependencies ?? [], features: chosen?.features ?? [] };
}
