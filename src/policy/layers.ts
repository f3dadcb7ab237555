import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Layer, resolveLayer } from '../../host/index.ts';
import type { Home } from '../home/home.ts';
import type { ReadySkill } from '../skill/skill.ts';
import { capabilitiesOf, type Grant } from './grant.ts';

export interface Surroundings {
  readonly home: Home;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The voices that all must say yes: what the skill declares, then what a person granted. A bare module declares nothing
 * and has no such voice; whoever runs it speaks for it.
 */
export function layersOf(skill: ReadySkill, grant: Grant, { home, cwd, env }: Surroundings): Layer[] {
  const anchors = {
    cwd,
    home: env['HOME'] ?? homedir(),
    cache: join(home.cache, skill.id),
    state: join(home.state, skill.id),
  };
  const around = { anchors, path: env['PATH'] ?? '' };
  const granted = resolveLayer({ name: 'grant', source: '--grant' }, capabilitiesOf(grant), around);
  if (skill.manifest === undefined) return [granted];
  const { file, capabilities } = skill.manifest;
  return [resolveLayer({ name: 'manifest', source: join(skill.path, file) }, capabilities, around), granted];
}
