import { quote, quoteForShell, SkillError } from '../../host/index.ts';
import { analyze } from '../analyze/analyze.ts';
import { readLockfile } from '../lockfile/file.ts';
import { findMissing, isLinked, type LockedSkill } from '../lockfile/lockfile.ts';
import { checkQuickly } from '../store/check-quickly.ts';
import { parseTree } from '../tree/file-tree.ts';
import { changeInstalled, inStore, type StagedTree, sweepLeftovers } from './change.ts';
import { fetchPackage, type Supply } from './fetch.ts';
import { findSkills } from './find-skills.ts';
import type { Incoming } from './incoming.ts';
import { refuseFindings } from './refuse-findings.ts';
import type { Installation } from './installation.ts';

export interface RestoreOptions {
  readonly supply: Supply;
  /** As in `AddOptions`; policy may have changed since. */
  readonly judge: (skill: LockedSkill, staged: Pick<Incoming, 'tree' | 'fetched'>) => Promise<void>;
}

/**
 * Makes the store hold what the lock file names, byte for byte, from where it names it; the lock file stays as it is. What
 * is there already is not fetched.
 * @returns those that were fetched
 * @throws SkillError E_INTEGRITY when a source has other files now, E_LOCKFILE, and what sources throw; then nothing is kept
 */
export async function restore(options: RestoreOptions, installation: Installation): Promise<readonly LockedSkill[]> {
  const lock = await readLockfile(installation.home.lock);
  const missing = findMissing(lock);
  if (missing !== undefined)
    throw new SkillError('E_LOCKFILE', `${missing.of.id} needs ${missing.missing}, which the lock file does not have`, {
      hint: `put back the last good lock file, or run: skill add ${quoteForShell(missing.of.requested)}`,
      details: { reason: 'incomplete' },
    });
  const { store, home } = installation;
  const wanted = [...lock.skills.values()].filter(
    (skill) =>
      !isLinked(skill) && checkQuickly(store.pathOf(skill.integrity), skill.integrity, home.cache) !== undefined,
  );
  sweepLeftovers(installation);
  if (wanted.length === 0) return [];
  const staged: StagedTree[] = [];
  try {
    for (const skill of wanted) staged.push(await fetchAgain(skill, options, installation));
    await changeInstalled(installation, (now) => ({ lock: now, trees: staged, records: wanted.map(recordOf) }));
    return wanted;
  } finally {
    for (const { staged: folder } of staged) store.discardQuietly(folder);
  }
}

async function fetchAgain(
  skill: LockedSkill,
  { supply, judge }: RestoreOptions,
  installation: Installation,
): Promise<StagedTree> {
  const fetched = await fetchPackage(skill.source, supply, installation);
  const trees = findSkills(fetched.files).map(({ files }) => parseTree(files));
  const tree = trees.find(({ hash }) => hash === skill.integrity);
  if (tree === undefined)
    throw new SkillError(
      'E_INTEGRITY',
      `${skill.id} ${skill.version} is not what was installed: ${quote(skill.source, 300)} has other files now`,
      {
        hint: `find out who changed it; skill add ${skill.requested} installs what is there now, as a new decision`,
        details: { reason: 'other_files', expected: skill.integrity, found: trees.map(({ hash }) => hash) },
      },
    );
  refuseFindings(analyze(tree.files), skill.source);
  await judge(skill, { tree, fetched });
  return { tree, staged: await inStore(installation.home.root, () => installation.store.stage(tree)) };
}

function recordOf({ id, version, integrity, source }: LockedSkill) {
  return {
    event: 'installed',
    skill: id,
    version,
    hash: integrity,
    result: 'allowed',
    resource: source,
    reason: 'as the lock file says',
  } as const;
}
