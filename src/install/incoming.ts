import { quote, SkillError } from '../../host/index.ts';
import { analyze } from '../analyze/analyze.ts';
import { describeProblem } from '../manifest/describe-problem.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { loadSkill } from '../skill/load-skill.ts';
import { isArchivePath } from '../source/path.ts';
import type { Fetched } from '../source/source.ts';
import { parseTree } from '../tree/file-tree.ts';
import { inStore, type StagedTree } from './change.ts';
import type { SkillFolder } from './find-skills.ts';
import type { Installation } from './installation.ts';
import { describeFinding, refuseFindings } from './refuse-findings.ts';

/** A skill that was fetched and checked, and is not installed. */
export interface Incoming extends StagedTree {
  readonly id: string;
  readonly manifest: Manifest;
  /** What was asked for, and what it turned out to be. */
  readonly requested: string;
  readonly source: string;
  readonly fetched: Pick<Fetched, 'resolved' | 'wasExpected' | 'signatures'>;
  /** What whoever installs it is told. */
  readonly warnings: readonly string[];
  /** The worst that `skill analyze` says of it. It takes a while, so only somebody who is asked is told. */
  readonly analyze: () => Promise<readonly string[]>;
}

/**
 * Checks the files of a skill, from its names to its manifest, and writes them where nothing looks for them.
 * @throws SkillError E_PACKAGE, E_MANIFEST, E_STORE, E_INTEGRITY for another skill than its source says
 */
export async function receive(
  installation: Installation,
  { files, folder }: SkillFolder,
  { requested, fetched }: { readonly requested: string; readonly fetched: Fetched },
): Promise<Incoming> {
  const tree = parseTree(files);
  const findings = analyze(tree.files);
  refuseFindings(findings, requested);
  const staged = await inStore(installation.home.root, () => installation.store.stage(tree));
  try {
    const manifest = await loadManifest(staged, requested);
    requireClaimed(manifest, fetched);
    return {
      id: manifest.id,
      manifest,
      tree,
      staged,
      // A path means something else elsewhere.
      requested: atFolder(fetched.resolved.startsWith('file:') ? fetched.resolved : requested, folder),
      source: atFolder(fetched.resolved, folder),
      fetched,
      warnings: [...findings.map(describeFinding), ...keptWords(fetched.resolved)],
      analyze: () => criticalOf(staged, installation.signal),
    };
  } catch (error) {
    installation.store.discard(staged);
    throw error;
  }
}

/** What somebody may not know of their own request. */
function keptWords(resolved: string): readonly string[] {
  if (!/^https?:[^#]*\?/.test(resolved)) return [];
  return ['what follows ? in the address is kept in skills.lock and in the ledger: it should be no password'];
}

const MOST_TOLD = 5;

async function criticalOf(staged: string, signal: AbortSignal): Promise<readonly string[]> {
  const { analyzeSkill } = await import('../analyze/analyze-skill.ts');
  const { findings } = await analyzeSkill(staged, { signal });
  const told = findings
    .filter(({ severity, rule }) => severity === 'critical' || rule === 'took_too_long')
    .map(({ file, line, rule, why }) => `${quote(file)}${line === undefined ? '' : `, line ${line}`}: ${rule}: ${why}`);
  const more = told.length - MOST_TOLD;
  return more > 0 ? [...told.slice(0, MOST_TOLD), `and ${more} more; skill analyze shows all`] : told;
}

/** A request for one folder of what a request means. */
export function atFolder(request: string, folder: string): string {
  if (folder === '') return request;
  if (request.startsWith('file:') && !isArchivePath(request))
    return `${request.replace(/\/$/, '')}/${folder.split('/').map(encodeURIComponent).join('/')}`;
  if (/[#&]/.test(folder))
    throw new SkillError(
      'E_PACKAGE',
      `the folder ${quote(folder)} of ${quote(request, 300)} cannot be asked for by its name`,
      {
        hint: 'its author renames it: # and & have a meaning in what is asked for',
      },
    );
  return `${request}${request.includes('#') ? '&' : '#'}sub=${folder}`;
}

/** The manifest of a staged skill. What its author is warned of, `skill validate` says. */
async function loadManifest(staged: string, request: string): Promise<Manifest> {
  const skill = await loadSkill(staged);
  const errors = skill.problems.filter(({ severity }) => severity === 'error');
  if (!skill.ready || skill.manifest === undefined)
    throw new SkillError(
      'E_MANIFEST',
      `${quote(request, 300)} is not installed: ${errors.map(describeProblem).join('; ')}`,
      {
        hint: 'its author mends that; skill validate FOLDER shows every problem with its fix',
        details: { problems: errors },
      },
    );
  const reserved = [skill.id, ...skill.aliases].find((name) => name.startsWith('core.'));
  if (reserved !== undefined)
    throw new SkillError(
      'E_MANIFEST',
      `${quote(request, 300)} is not installed: the name ${reserved} is for what ships with skillhost`,
      { hint: 'its author chooses another namespace, such as custom' },
    );
  return skill.manifest;
}

/** Nobody gets another skill than the one a registry was asked for. */
function requireClaimed({ id, version }: Manifest, { claims, resolved }: Fetched): void {
  if (claims === undefined || (claims.id === id && claims.version === version)) return;
  throw new SkillError(
    'E_INTEGRITY',
    `${quote(resolved, 300)} holds ${id} ${version}, not ${claims.id} ${claims.version}`,
    {
      hint: 'nothing of it was used; ask whoever runs the registry',
      details: { reason: 'other_skill' },
    },
  );
}
