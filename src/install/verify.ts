import { SkillError } from '../../host/index.ts';
import { readLockfile } from '../lockfile/file.ts';
import { isLinked, type LockedSkill } from '../lockfile/lockfile.ts';
import { checkTree } from '../store/check-tree.ts';
import { parseTree } from '../tree/file-tree.ts';
import { readFolder } from '../tree/read-folder.ts';
import type { Installation } from './installation.ts';
import { judgeSignature, type TrustRules } from './judge-signature.ts';
import { requireInstalled } from './remove.ts';

/** What is true of one installed skill now. */
export interface Verified {
  readonly skill: LockedSkill;
  /** What is wrong; undefined for nothing. */
  readonly fault: string | undefined;
  /** What was checked of its signatures, in order, in plain words. */
  readonly steps: readonly { readonly result: string; readonly says: string }[];
}

/**
 * Reads every file of installed skills again and compares; judges the signatures that lie in them by the policy as it is
 * now. Signatures that came beside a package were judged when it was installed and are not kept.
 * @param ids none: all
 * @throws SkillError E_NOT_FOUND, E_LOCKFILE
 */
export async function verifyInstalled(
  ids: readonly string[],
  trust: TrustRules,
  { home, store }: Installation,
): Promise<readonly Verified[]> {
  const lock = await readLockfile(home.lock);
  const wanted = ids.length > 0 ? ids.map((id) => requireInstalled(lock, id)) : [...lock.skills.values()];
  const verified: Verified[] = [];
  for (const skill of wanted) {
    if (isLinked(skill)) {
      verified.push({
        skill,
        fault: undefined,
        steps: [{ result: 'noted', says: 'It is linked: nothing of it is pinned.' }],
      });
      continue;
    }
    const path = store.pathOf(skill.integrity);
    const fault = checkTree(path, skill.integrity);
    verified.push(fault === undefined ? await judge(skill, path, trust) : { skill, fault, steps: [] });
  }
  return verified;
}

async function judge(skill: LockedSkill, path: string, trust: TrustRules): Promise<Verified> {
  const tree = parseTree(readFolder(path));
  const fetched = { resolved: skill.source, wasExpected: true, signatures: [] };
  try {
    const { steps } = await judgeSignature({ ...skill, tree, fetched }, skill, trust);
    return { skill, fault: undefined, steps };
  } catch (error) {
    if (!(error instanceof SkillError)) throw error;
    const { steps = [] } = (error.details ?? {}) as { steps?: Verified['steps'] };
    return { skill, fault: error.message, steps };
  }
}
