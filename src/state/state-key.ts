import { createHash } from 'node:crypto';
import { sep } from 'node:path';
import type { ReadySkill } from '../skill/skill.ts';

/**
 * By what a skill's values are kept: its id, where that was installed; elsewhere its id and its place, for a folder may call
 * itself whatever it likes.
 * @param store where installed skills lie
 */
export function stateKey({ id, path }: Pick<ReadySkill, 'id' | 'path'>, store: string): string {
  if (path.startsWith(store + sep)) return id;
  return `${id}@${createHash('sha256').update(path).digest('hex').slice(0, 16)}`;
}
