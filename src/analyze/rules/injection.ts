import type { PatternRule } from '../rule.ts';
import { FALSE_VOICES } from './false-voices.ts';
import { FORGET } from './forget.ts';
import { GIVE_AWAY } from './give-away.ts';
import { OTHER_LANGUAGES } from './other-languages.ts';
import { SECRECY } from './secrecy.ts';
import { UNASKED } from './unasked.ts';

/** What is said to a model so that it works for somebody else. */
export const INJECTION: readonly PatternRule[] = [
  ...FORGET,
  ...FALSE_VOICES,
  ...SECRECY,
  ...GIVE_AWAY,
  ...UNASKED,
  ...OTHER_LANGUAGES,
];
