import { SkillError } from '../../../host/errors.ts';

/** What an act is refused with: its code, undefined when it is not. Anything but a SkillError is thrown on. */
export function codeOf(act: () => unknown): string | undefined {
  return refusalOf(act)?.code;
}

export function refusalOf(act: () => unknown): SkillError | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof SkillError) return error;
    throw error;
  }
}
