import type { PatternRule } from '../rule.ts';
import { INJECTION } from './injection.ts';
import { LASTING_HARM } from './lasting-harm.ts';
import { OBFUSCATION } from './obfuscation.ts';
import { REMOTE_CODE } from './remote-code.ts';
import { RUN_CODE } from './run-code.ts';
import { SECRETS } from './secrets.ts';
import { THEFT } from './theft.ts';

export const ALL_RULES: readonly PatternRule[] = [
  ...RUN_CODE,
  ...OBFUSCATION,
  ...REMOTE_CODE,
  ...LASTING_HARM,
  ...THEFT,
  ...SECRETS,
  ...INJECTION,
];

/** Rules whose matches mean the same in code of any language. */
export const EVERYWHERE_RULES: ReadonlySet<PatternRule> = new Set([...SECRETS, ...INJECTION]);

/** Rules for texts in the data of a module. */
export const STRING_RULES: readonly PatternRule[] = [...REMOTE_CODE, ...LASTING_HARM, ...THEFT, ...SECRETS].filter(
  ({ id }) =>
    [
      'reverse_shell',
      'drop_host',
      'chat_drop',
      'mines',
      'embedded_secret',
      'private_key',
      'cloud_metadata',
      'runs_download',
      'public_address',
    ].includes(id),
);
