import { createHash } from 'node:crypto';
import {
  type Capabilities,
  type CapabilityName,
  NO_CAPABILITIES,
  quote,
  type Rule,
  SkillError,
} from '../../host/index.ts';
import { nearest } from '../manifest/nearest.ts';
import { checkRuleText } from '../manifest/rule-text.ts';

/** What a person grants, by capability: paths, hosts, names, programs. */
export type Grant = Readonly<Partial<Record<GrantableCapability, readonly string[]>>>;

const GRANTABLE = [
  'filesystem_read',
  'filesystem_write',
  'network',
  'env_read',
  'secrets_access',
  'terminal_exec',
  'messaging',
] as const satisfies readonly CapabilityName[];
export type GrantableCapability = (typeof GRANTABLE)[number];

export function isGrantable(name: string): name is GrantableCapability {
  return GRANTABLE.some((known) => known === name);
}

/** Parses `CAP=SCOPE[,SCOPE…]` as written after `--grant`. @throws SkillError E_USAGE */
export function parseGrant(text: string): Grant {
  const at = text.indexOf('=');
  const name = at === -1 ? text : text.slice(0, at);
  const capability = GRANTABLE.find((known) => known === name);
  if (capability === undefined) {
    const similar = nearest(name, GRANTABLE);
    throw new SkillError('E_USAGE', `--grant ${quote(text)}: there is no capability ${quote(name)}`, {
      hint: `${similar === undefined ? '' : `did you mean ${similar}? `}one of ${GRANTABLE.join(', ')}`,
    });
  }
  if (at === -1 || at === text.length - 1) {
    throw new SkillError('E_USAGE', `--grant ${quote(text)}: it says nothing of what is granted`, {
      hint: `write --grant ${capability}=${EXAMPLES[capability]}`,
    });
  }
  const scope = text.slice(at + 1);
  // Methods of a network rule are separated by commas as well.
  return { [capability]: capability === 'network' ? [scope] : scope.split(',') };
}

const EXAMPLES: Readonly<Record<GrantableCapability, string>> = {
  filesystem_read: './data',
  filesystem_write: './out',
  network: 'api.example.org',
  env_read: 'LANG',
  secrets_access: 'github-token',
  terminal_exec: 'git',
  messaging: 'reviewer',
};

export function mergeGrants(grants: readonly Grant[]): Grant {
  const merged: Partial<Record<GrantableCapability, string[]>> = {};
  for (const grant of grants) {
    for (const capability of GRANTABLE) {
      const scopes = grant[capability];
      if (scopes !== undefined) merged[capability] = [...(merged[capability] ?? []), ...scopes];
    }
  }
  return merged;
}

/**
 * What a manifest requests, as a grant of all of it. A secret is granted by its name alone, so `*` is left out: it is no
 * name.
 */
export function requestOf(capabilities: Capabilities): Grant {
  const { terminalExec } = capabilities;
  const texts = (rules: readonly Rule[]): string[] => rules.map(({ text }) => text);
  const all: Record<GrantableCapability, string[]> = {
    filesystem_read: texts(capabilities.filesystemRead),
    filesystem_write: texts(capabilities.filesystemWrite),
    network: texts(capabilities.network),
    env_read: texts(capabilities.envRead),
    secrets_access: texts(capabilities.secretsAccess).filter((name) => name !== '*'),
    terminal_exec: texts(terminalExec.commands),
    messaging: texts(capabilities.messaging),
  };
  return Object.fromEntries(Object.entries(all).filter(([, scopes]) => scopes.length > 0));
}

/** A grant as it is written behind `--grant`, each part of it by itself. */
export function showGrant(grant: Grant): readonly string[] {
  return GRANTABLE.flatMap((capability) => {
    const scopes = grant[capability] ?? [];
    // Methods of a network rule are separated by commas as well.
    if (capability === 'network') return scopes.map((scope) => `${capability}=${scope}`);
    return scopes.length === 0 ? [] : [`${capability}=${scopes.join(',')}`];
  });
}

/** @throws SkillError E_USAGE for a scope that is not well-formed */
export function requireGrant(grant: Grant): void {
  for (const capability of GRANTABLE) for (const text of grant[capability] ?? []) requireScope(capability, text);
}

/** A grant as rules. @throws SkillError E_USAGE for a scope that is not well-formed */
export function capabilitiesOf(grant: Grant): Capabilities {
  const rules = (capability: GrantableCapability): Rule[] =>
    (grant[capability] ?? []).map((text) => {
      requireScope(capability, text);
      return { text, origin: '--grant' };
    });
  return {
    filesystemRead: rules('filesystem_read'),
    filesystemWrite: rules('filesystem_write'),
    network: rules('network'),
    envRead: rules('env_read'),
    secretsAccess: rules('secrets_access'),
    messaging: rules('messaging'),
    terminalExec: { ...NO_CAPABILITIES.terminalExec, commands: rules('terminal_exec') },
  };
}

function requireScope(capability: GrantableCapability, text: string): void {
  const wrong = checkRuleText(capability, text);
  if (wrong === undefined) return;
  throw new SkillError('E_USAGE', `the grant ${capability}=${quote(text)} ${wrong}`, {
    hint: `such as ${capability}=${EXAMPLES[capability]}`,
  });
}

/** One string for a skill and everything it was granted: runs share a guest process only when theirs are equal. */
export function trustOf(hash: string, grant: Grant, surroundings: readonly string[]): string {
  const granted = GRANTABLE.map((capability) => [capability, grant[capability] ?? []]);
  return createHash('sha256')
    .update(JSON.stringify([hash, granted, surroundings]))
    .digest('hex');
}
