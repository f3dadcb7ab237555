import { stringify } from 'smol-toml';
import { decide, resolveLayer } from '../../host/index.ts';
import { parseRequest } from '../policy/explain.ts';
import { capabilitiesOf, type Grant, type GrantableCapability, requestOf } from '../policy/grant.ts';
import type { ReadySkill } from '../skill/skill.ts';
import { runCase } from './run-case.ts';
import { readToolTests } from './run-tool-tests.ts';
import type { ToolCase } from './tool-case.ts';

/** What a tool reached for in its trials, beside what its skill declares. */
export interface DryRun {
  readonly tool: string;
  /** How each trial ended: its name, and the code of its error. */
  readonly trials: readonly { readonly name: string; readonly code: string | undefined }[];
  /** As behind `--why`, each once. */
  readonly declared: readonly string[];
  readonly undeclared: readonly string[];
  /** Scopes of the manifest that nothing needed: `filesystem_write=./out`. */
  readonly unused: readonly string[];
  /** The least `[capabilities]` with which the same could be done. */
  readonly least: string;
}

/**
 * Runs a tool in the worlds of its cases, or of one that is empty, where servers and programs are made up and answer
 * something to everything. Nothing of this machine is touched.
 * @param input given: one trial with it
 */
export async function dryRun(skill: ReadySkill, tool: string, input?: unknown): Promise<DryRun> {
  const { cases } = await readToolTests(skill);
  const own = cases.filter((one) => one.tool === tool && one.recording === undefined);
  const worlds = input === undefined && own.length > 0 ? own : [emptyWorld(tool, input ?? {})];
  const trials: { name: string; code: string | undefined }[] = [];
  const wants = new Map<string, boolean>();
  for (const world of worlds) {
    const { result, uses } = await runCase(skill, world, (trial) => trial, { isLenient: true });
    trials.push({ name: world.name, code: result.ok ? undefined : result.error.code });
    for (const { want, isDeclared } of uses) wants.set(want, isDeclared);
  }
  const all = [...wants.keys()].toSorted();
  return {
    tool,
    trials,
    declared: all.filter((want) => wants.get(want)),
    undeclared: all.filter((want) => !wants.get(want)),
    unused: unusedOf(skill, all),
    least: leastFor(all),
  };
}

function emptyWorld(tool: string, input: unknown): ToolCase {
  const none = new Map<string, string>();
  return {
    name: 'an empty world',
    line: 1,
    tool,
    input,
    args: [],
    stdin: undefined,
    seed: undefined,
    responses: [],
    commands: [],
    model: '',
    files: none,
    env: none,
    secrets: none,
    recording: undefined,
    expectedResult: undefined,
    expectedContains: [],
    expectedError: undefined,
    expectedMessage: undefined,
    expectedFiles: none,
  };
}

/** Where wants of a trial and rules of a manifest mean the same places. */
const ANCHORS = { cwd: '/', home: '/home', cache: '/cache', state: '/state' };

function unusedOf({ manifest }: ReadySkill, wants: readonly string[]): string[] {
  const asked = manifest === undefined ? {} : requestOf(manifest.capabilities);
  const around = { anchors: ANCHORS, path: '' };
  return scopesOf(asked).flatMap(([capability, scope]) => {
    const layer = resolveLayer({ name: 'manifest', source: '' }, capabilitiesOf({ [capability]: [scope] }), around);
    const isUsed = wants.some((want) => want.startsWith(`${capability}=`) && isAllowed(want, layer));
    return isUsed ? [] : [`${capability}=${scope}`];
  });
}

function isAllowed(want: string, layer: Parameters<typeof decide>[1][number]): boolean {
  try {
    return decide(parseRequest(want, { anchors: ANCHORS, path: '' }), [layer]).allowed;
  } catch {
    return false;
  }
}

function scopesOf(grant: Grant): readonly (readonly [GrantableCapability, string])[] {
  const entries = Object.entries(grant) as readonly (readonly [GrantableCapability, readonly string[]])[];
  return entries.flatMap(([capability, scopes]) => scopes.map((scope) => [capability, scope] as const));
}

/** Rules as narrow as they can be written, for all that was wanted. */
function leastFor(wants: readonly string[]): string {
  const rules = new Map<string, Set<string>>();
  for (const want of wants) {
    const at = want.indexOf('=');
    const [capability, scope] = [want.slice(0, at), want.slice(at + 1)];
    const rule = capability === 'network' ? networkRule(scope) : scope;
    const known = rules.get(capability) ?? new Set<string>();
    rules.set(capability, known.add(capability === 'terminal_exec' ? (scope.split(' ')[0] ?? '') : rule));
  }
  const table = Object.fromEntries(
    [...rules].map(([capability, texts]) => [
      capability,
      capability === 'terminal_exec' ? { allowed: true, commands: [...texts] } : [...texts],
    ]),
  );
  return stringify({ capabilities: table });
}

function networkRule(scope: string): string {
  const [method = 'GET', url = ''] = scope.split(' ');
  return URL.canParse(url) ? `${method} ${new URL(url).origin}` : scope;
}
