import { quoteForShell, SkillError } from '../../host/index.ts';
import { readConfig } from '../config/config.ts';
import { readLockfile } from '../lockfile/file.ts';
import { findMissing, isLinked, type Lockfile } from '../lockfile/lockfile.ts';
import { checkTree } from '../store/check-tree.ts';
import { tidy, unnamedIn } from './change.ts';
import type { Installation } from './installation.ts';
import { trustOfHome } from './judge-signature.ts';

/** Something of a home that is not as it should be. */
export interface Ailment {
  /**
   * `leftover` and `unnamed` take room only; `damaged` keeps a skill from loading; `lockfile` and `incomplete` all of them;
   * `config` keeps commands from beginning.
   */
  readonly kind: 'leftover' | 'unnamed' | 'damaged' | 'lockfile' | 'incomplete' | 'config';
  /** What it is about: a path, or the id of a skill. */
  readonly what: string;
  readonly why: string;
  /** What mends it. */
  readonly fix: string;
  readonly isMended: boolean;
}

/**
 * Looks at what is installed: the lock file, every tree, what processes left that were killed.
 * @param repair removes what takes room only; what is damaged `restore` fetches
 */
export async function diagnose(
  installation: Installation,
  { repair }: { readonly repair: boolean },
): Promise<readonly Ailment[]> {
  const found = await look(installation);
  if (!repair || found.length === 0 || found.some(({ kind }) => kind === 'lockfile')) return found;
  await tidy(installation);
  const left = new Set((await look(installation)).map(({ what }) => what));
  return found.map((ailment) => ({ ...ailment, isMended: !left.has(ailment.what) }));
}

async function look(installation: Installation): Promise<readonly Ailment[]> {
  const { home } = installation;
  const config = await ailing('config', home.config, async () => {
    trustOfHome(await readConfig(home), home);
    return [];
  });
  const installed = await ailing('lockfile', home.lock, async () => {
    const lock = await readLockfile(home.lock);
    return [...incompleteIn(lock), ...damagedIn(lock, installation), ...roomTakers(lock, installation)];
  });
  return [...config, ...installed];
}

const REFUSED = { config: 'E_USAGE', lockfile: 'E_LOCKFILE' } as const;

/** What is found, or the file that keeps it from being looked for. */
async function ailing(
  kind: keyof typeof REFUSED,
  what: string,
  find: () => Promise<readonly Ailment[]>,
): Promise<readonly Ailment[]> {
  try {
    return await find();
  } catch (error) {
    if (!(error instanceof SkillError) || error.code !== REFUSED[kind]) throw error;
    const { message, hint = '' } = error;
    return [{ kind, what, why: message, fix: hint, isMended: false }];
  }
}

function incompleteIn(lock: Lockfile): readonly Ailment[] {
  const missing = findMissing(lock);
  if (missing === undefined) return [];
  const { id, requested } = missing.of;
  const why = `it needs ${missing.missing}, which is not installed`;
  return [{ kind: 'incomplete', what: id, why, fix: `skill add ${quoteForShell(requested)}`, isMended: false }];
}

function damagedIn({ skills }: Lockfile, { store }: Installation): readonly Ailment[] {
  return [...skills.values()].flatMap((skill): Ailment[] => {
    const { id, integrity } = skill;
    const why = isLinked(skill) ? undefined : checkTree(store.pathOf(integrity), integrity);
    return why === undefined
      ? []
      : [{ kind: 'damaged', what: id, why, fix: 'skill install --frozen', isMended: false }];
  });
}

function roomTakers(lock: Lockfile, { store }: Installation): readonly Ailment[] {
  const unnamed = unnamedIn(store, lock).map((hash) => ['unnamed', store.pathOf(hash), 'no entry names it'] as const);
  const leftovers = store.leftovers().map((path) => ['leftover', path, 'its process was ended'] as const);
  return [...unnamed, ...leftovers].map(([kind, what, why]) => ({
    kind,
    what,
    why,
    fix: 'skill doctor',
    isMended: false,
  }));
}
