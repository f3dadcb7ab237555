import { type Capabilities, SkillError } from '../../host/index.ts';
import type { GrantRules } from '../config/config.ts';
import type { LockedSkill } from '../lockfile/lockfile.ts';
import { type Grant, mergeGrants, requestOf } from '../policy/grant.ts';
import { beyondGrant, commonGrant, withoutCapabilities } from '../policy/limit-grant.ts';
import { loadSkill } from '../skill/load-skill.ts';
import { readFolder } from '../tree/read-folder.ts';
import type { FileTree } from '../tree/file-tree.ts';
import type { RawFile } from '../tree/raw-file.ts';
import type { InstallAsker } from './asker.ts';
import { compareFiles } from './compare-files.ts';
import type { Incoming } from './incoming.ts';
import type { Installation } from './installation.ts';
import { isSameOrigin } from './judge-change.ts';

/** A skill on its way in; a linked one has no tree. */
type Proposed = Pick<Incoming, 'manifest' | 'warnings' | 'analyze'> & { readonly tree?: FileTree };

/**
 * What a skill is granted when it is installed: of what was granted before, that which it still asks for; of what it newly
 * asks for, that which whoever installs it says yes to. What was refused before is not asked for again. A skill from
 * elsewhere inherits nothing.
 * @throws SkillError E_DECLINED when it is not to be installed
 */
export async function decideGrant(
  { manifest, warnings, analyze, tree }: Proposed,
  { skill, before, direct }: { skill: LockedSkill; before: LockedSkill | undefined; direct: boolean },
  { asker, rules }: { readonly asker: InstallAsker; readonly rules: GrantRules },
  installation: Installation,
): Promise<Grant> {
  const never = new Set([...rules.neverGrant, ...rules.alwaysConfirm]);
  const asks = withoutCapabilities(requestOf(manifest.capabilities), never);
  const heir = before !== undefined && isSameOrigin(before, skill) ? before : undefined;
  const old = heir === undefined ? undefined : await capabilitiesBefore(heir, installation);
  const fresh =
    old === undefined
      ? asks
      : withWidened(beyondGrant(asks, requestOf(old)), { asks, old, now: manifest.capabilities });
  const answer = await asker.decide({
    id: skill.id,
    version: skill.version,
    source: skill.source,
    signer: skill.signature?.signer,
    description: manifest.description,
    asks,
    fresh,
    programs: manifest.capabilities.terminalExec,
    warnings,
    analyze,
    before: before && {
      version: before.version,
      granted: before.granted,
      files: tree && compareFiles(filesOf(before, installation), tree),
    },
    isDependency: !direct,
  });
  if (answer === undefined)
    throw new SkillError('E_DECLINED', `${skill.id} ${skill.version} is not installed: it was not agreed to`, {
      hint: 'nothing was changed',
    });
  // A scope in words of one's own may cover what is newly asked for: it goes when that is asked for.
  const hasFresh = Object.keys(fresh).length > 0;
  const kept = heir === undefined ? {} : hasFresh ? beyondGrant(commonGrant(heir.granted, asks), fresh) : heir.granted;
  return withoutCapabilities(distinct(mergeGrants([kept, answer])), never);
}

/** What a skill that is installed asks for; undefined when that cannot be told, and for a linked one. */
export async function capabilitiesBefore(
  { integrity }: LockedSkill,
  { store }: Installation,
): Promise<Capabilities | undefined> {
  if (integrity === '') return undefined;
  const skill = await loadSkill(store.pathOf(integrity));
  return skill.ready ? skill.manifest?.capabilities : undefined;
}

/** A program that may be started otherwise than before is a new one to ask for: by other words, or no longer blocked. */
function withWidened(
  fresh: Grant,
  { asks, old, now }: { readonly asks: Grant; readonly old: Capabilities; readonly now: Capabilities },
): Grant {
  const blocked = new Set(now.terminalExec.blocked.map(({ text }) => text));
  const isUnblocked = old.terminalExec.blocked.some(({ text }) => !blocked.has(text));
  const widened = (asks.terminal_exec ?? []).filter(
    (program) => isUnblocked || wordsFor(old, program) !== wordsFor(now, program),
  );
  return distinct(mergeGrants([fresh, { terminal_exec: widened }]));
}

/** The patterns of a program's arguments, as one text. */
function wordsFor({ terminalExec }: Capabilities, program: string): string {
  return JSON.stringify(
    terminalExec.args
      .get(program)
      ?.map(({ text }) => text)
      .toSorted() ?? [],
  );
}

/** The files of what is installed; none where they cannot be read, so that all are shown as new. */
function filesOf({ integrity }: LockedSkill, { store }: Installation): readonly RawFile[] {
  if (integrity === '') return [];
  try {
    return readFolder(store.pathOf(integrity));
  } catch {
    return [];
  }
}

/** Each scope once, in order: the same grant is written the same way. */
export function distinct(grant: Grant): Grant {
  const entries = Object.entries(grant).map(([name, scopes]) => [name, [...new Set(scopes)].toSorted()] as const);
  return Object.fromEntries(entries.filter(([, scopes]) => scopes.length > 0));
}
