import { realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Capabilities, CommandRules, Rule } from './capabilities.ts';
import { findProgram } from './find-program.ts';
import { type NetworkRule, parseNetworkRule } from './network-rule.ts';

/** Where the names in path rules point. */
export interface Anchors {
  /** Stands for `./`, and for `$PROJECT_ROOT`. */
  readonly cwd: string;
  /** Stands for `~`. */
  readonly home: string;
  /** The skill's own folders, for `$CACHE` and `$STATE`. */
  readonly cache: string;
  readonly state: string;
}

/** A path rule with both of its names: as written, and with links followed at the moment it was granted. */
export interface PathRule {
  readonly rule: Rule;
  readonly written: string;
  readonly real: string;
}

export interface ProgramRule {
  readonly rule: Rule;
  readonly name: string;
  /** Undefined for `*`, and for a program that is not installed. */
  readonly real: string | undefined;
}

/** One voice in a decision: the manifest, a policy, a person's grant. All must say yes. */
export interface Layer {
  /** Shown in decisions, such as `manifest` or `grant`. */
  readonly name: string;
  /** Where its rules stand, such as `skill.toml`. */
  readonly source: string;
  readonly filesystemRead: readonly PathRule[];
  readonly filesystemWrite: readonly PathRule[];
  readonly network: readonly NetworkRule[];
  readonly envRead: readonly Rule[];
  readonly secretsAccess: readonly Rule[];
  readonly commands: readonly ProgramRule[];
  readonly blocked: readonly ProgramRule[];
  readonly args: CommandRules['args'];
  /** No program is started in the open. */
  readonly needsSandbox?: boolean;
}

/** Resolves what rules name: anchors, links, programs. Done once, when the layer is made. */
export function resolveLayer(
  { name, source }: Pick<Layer, 'name' | 'source'>,
  capabilities: Capabilities,
  { anchors, path }: { readonly anchors: Anchors; readonly path: string },
): Layer {
  const { terminalExec } = capabilities;
  const paths = (rules: readonly Rule[]): PathRule[] => rules.map((rule) => resolvePath(rule, anchors));
  const programs = (rules: readonly Rule[]): ProgramRule[] =>
    rules.map((rule) => ({
      rule,
      name: rule.text,
      real: rule.text === '*' ? undefined : findProgram(rule.text, path),
    }));
  return {
    name,
    source,
    filesystemRead: paths(capabilities.filesystemRead),
    filesystemWrite: paths(capabilities.filesystemWrite),
    network: capabilities.network.map(parseNetworkRule),
    envRead: capabilities.envRead,
    secretsAccess: capabilities.secretsAccess,
    commands: programs(terminalExec.commands),
    blocked: programs(terminalExec.blocked),
    args: terminalExec.args,
  };
}

function resolvePath(rule: Rule, anchors: Anchors): PathRule {
  const written = expandPath(rule.text, anchors);
  return { rule, written, real: realPath(written) };
}

/** The absolute path that the text of a rule means. */
export function expandPath(text: string, { cwd, home, cache, state }: Anchors): string {
  const [head = '', ...rest] = text.split('/');
  const named: Readonly<Record<string, string>> = { '~': home, $PROJECT_ROOT: cwd, $CACHE: cache, $STATE: state };
  const anchor = Object.hasOwn(named, head) ? named[head] : undefined;
  return resolve(cwd, anchor === undefined ? text : join(anchor, ...rest));
}

/** The real path of what exists, with the rest as written: a grant may name a file that is still to be made. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realPath(parent), path.slice(parent.length).replace(/^\//, ''));
  }
}
