import { realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { quoteForShell, SkillError } from '../../host/index.ts';
import { describeProblem } from '../manifest/describe-problem.ts';
import { type LockedSkill, withSkills } from '../lockfile/lockfile.ts';
import { loadSkill } from '../skill/load-skill.ts';
import { parseTree } from '../tree/file-tree.ts';
import { folderOf } from '../source/path.ts';
import { unreadable } from '../source/unreadable.ts';
import type { AddOptions } from './add.ts';
import { changeInstalled } from './change.ts';
import { decideGrant } from './decide-grant.ts';
import type { Installation } from './installation.ts';
import { judgeChange } from './judge-change.ts';
import { readLockfile } from '../lockfile/file.ts';

/**
 * Links the folder of a skill in development: it is used where it is, as it is at each moment. Nothing of it is pinned, so
 * a policy that requires anything refuses it.
 * @throws SkillError E_NOT_FOUND, E_MANIFEST, E_CONFLICT, E_DECLINED, E_SIGNATURE
 */
export async function linkSkill(
  request: string,
  options: AddOptions,
  installation: Installation,
): Promise<LockedSkill> {
  const path = realFolder(folderOf(request, options.supply.cwd));
  const loaded = await loadSkill(path);
  if (!loaded.ready || loaded.manifest === undefined)
    throw new SkillError('E_MANIFEST', `it is not linked: ${loaded.problems.map(describeProblem).join('; ')}`, {
      hint: `skill validate ${quoteForShell(path)} shows every problem with its fix`,
    });
  const { manifest } = loaded;
  const source = pathToFileURL(path).href;
  const before = (await readLockfile(installation.home.lock)).skills.get(manifest.id);
  const skill: LockedSkill = {
    id: manifest.id,
    version: manifest.version,
    requested: source,
    source,
    integrity: '',
    installed: installation.now().toISOString(),
    enabled: true,
    direct: true,
    signature: undefined,
    dependencies: [],
    features: [],
    granted: {},
  };
  judgeChange(before, skill, options.allowed);
  // Whatever is in it now may be another thing at any moment, so nobody signed it and no sum was expected.
  const fetched = { resolved: source, wasExpected: false, signatures: [] };
  await options.judgeTrust({ id: skill.id, manifest, source, tree: parseTree([]), fetched }, before);
  // Whoever links a folder works on it.
  const unread = { warnings: [], analyze: () => Promise.resolve([]) };
  const granted = await decideGrant({ manifest, ...unread }, { skill, before, direct: true }, options, installation);
  const linked = { ...skill, granted };
  await changeInstalled(installation, (lock) => ({
    lock: withSkills(lock, [linked]),
    trees: [],
    records: [
      {
        event: 'installed',
        skill: skill.id,
        version: skill.version,
        result: 'allowed',
        resource: source,
        reason: 'used where it is',
      },
    ],
  }));
  return linked;
}

function realFolder(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}
