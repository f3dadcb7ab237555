import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { decide } from '../../host/index.ts';
import type { Execution } from '../executor/executor.ts';
import { readCapped } from '../skill/read-capped.ts';
import type { ReadySkill } from '../skill/skill.ts';

const MOST_BYTES = 64 * 1024 * 1024;

/**
 * What a result depends on beside its input: so that none is good any more when one of these is another. Undefined where
 * that cannot be said.
 */
export async function dependenceOf(
  execution: Pick<Execution, 'skill' | 'grant' | 'layers' | 'env' | 'cwd' | 'seed' | 'clock'>,
  load: (reference: string) => Promise<ReadySkill>,
): Promise<unknown> {
  const { skill, cwd, seed, clock } = execution;
  const { files = [] } = skill.manifest?.cache ?? {};
  const dependencies = skill.manifest?.dependencies ?? [];
  const digests = files.map((path) => digestOf(join(cwd, path)));
  if (digests.includes(undefined)) return undefined;
  return {
    seed,
    clock,
    environment: grantedVariables(execution),
    files: digests,
    dependencies: await Promise.all(dependencies.map(({ id }) => hashOf(id, load))),
  };
}

function grantedVariables({ grant, env, layers }: Pick<Execution, 'grant' | 'env' | 'layers'>): unknown {
  if ((grant.env_read ?? []).length === 0) return [];
  const all = layers();
  return Object.entries(env).filter(([name]) => decide({ capability: 'env_read', name }, all).allowed);
}

/**
 * Only a digest is kept, and nobody is shown it: what the file holds stays its own. A file that is not there is as good as
 * any; of a folder, or of more than is read, nothing can be said.
 */
function digestOf(path: string): string | undefined {
  try {
    return createHash('sha256').update(readCapped(path, MOST_BYTES)).digest('hex');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'none' : undefined;
  }
}

async function hashOf(id: string, load: (reference: string) => Promise<ReadySkill>): Promise<string> {
  try {
    return (await load(id)).hash;
  } catch {
    // One that is not here: the skill does without it.
    return '';
  }
}
