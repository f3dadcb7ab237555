import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Anchors, type Layer, resolveLayer } from '../../host/index.ts';
import type { Home } from '../home/home.ts';
import type { ReadySkill } from '../skill/skill.ts';
import { stateKey } from '../state/state-key.ts';
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
export function layersOf(skill: ReadySkill, grant: Grant, surroundings: Surroundings): Layer[] {
  const around = { anchors: anchorsOf(skill, surroundings), path: surroundings.env['PATH'] ?? '' };
  const source = Object.keys(skill.granted).length === 0 ? '--grant' : `${surroundings.home.lock}, --grant`;
  const granted = resolveLayer({ name: 'grant', source }, capabilitiesOf(grant), around);
  if (skill.manifest === undefined) return [granted];
  const { file, capabilities } = skill.manifest;
  return [resolveLayer({ name: 'manifest', source: join(skill.path, file) }, capabilities, around), granted];
}

/** What `./`, `~`, `$PROJECT_ROOT`, `$CACHE` and `$STATE` mean for a skill. */
export function anchorsOf(skill: ReadySkill, { home, cwd, env }: Surroundings): Anchors {
  // Below a folder of their own: a skill may be called as anything else that is kept there.
  const own = join('skills', stateKey(skill, home.store));
  return { cwd, home: env['HOME'] ?? homedir(), cache: join(home.cache, own), state: join(home.state, own) };
}
