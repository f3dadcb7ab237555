import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Layer, PROGRAM_NETWORK, resolveLayer, type Rule } from '../../host/index.ts';
import type { ToolSandbox } from '../manifest/tool-settings.ts';
import type { ReadySkill } from '../skill/skill.ts';

/**
 * What a tool is let of all that its skill is granted, as one more voice: it can take away, and never gives. What it says
 * nothing of it leaves to the others.
 */
export function toolLayer(
  { allowNetwork, allowFileWrite, allowedPaths }: ToolSandbox,
  { path, manifest }: ReadySkill,
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> },
): Layer {
  const rules = (texts: readonly string[]): Rule[] => texts.map((text) => ({ text, origin: 'sandbox' }));
  const places = rules(allowedPaths ?? ['/']);
  const all = rules(['*']);
  const home = env['HOME'] ?? homedir();
  return resolveLayer(
    { name: 'tool', source: join(path, manifest?.file ?? '') },
    {
      filesystemRead: places,
      filesystemWrite: allowFileWrite ? places : [],
      network: allowNetwork ? rules(['*', PROGRAM_NETWORK]) : [],
      envRead: all,
      secretsAccess: all,
      messaging: all,
      terminalExec: { commands: all, blocked: [], args: new Map() },
    },
    // A tool has no folders of its own beside those of its skill.
    { anchors: { cwd, home, cache: path, state: path }, path: env['PATH'] ?? '' },
  );
}
