import { SkillError } from '../../host/index.ts';

/** Whether there is an answer stays unknown: a graph made to be searched for ever is given up. */
export function tooHard(why: string): SkillError {
  return new SkillError('E_CONFLICT', `which versions go together is too hard to find out: ${why}`, {
    hint: 'add fewer skills at once, or name narrower ranges',
    details: { reason: 'too_hard' },
  });
}
