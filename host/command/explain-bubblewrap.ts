import { systemError } from '../capability/walk.ts';
import { SkillError } from '../errors.ts';
import { quote } from '../quote.ts';
import type { SandboxEnd } from './launch.ts';

/** What the sandbox says where the program cannot be started, and the code the system has for it. */
const START_FAILURES: readonly (readonly [RegExp, string])[] = [
  [/^bwrap: execvp .*: No such file or directory\n$/s, 'ENOENT'],
  [/^bwrap: execvp .*: Permission denied\n$/s, 'EACCES'],
  [/^bwrap: execvp .*: Exec format error\n$/s, 'ENOEXEC'],
  [/^bwrap: execvp .*: Argument list too long\n$/s, 'E2BIG'],
];

/** Why the program was not started: it was, once the sandbox tells an exit code. */
export function explainBubblewrap({ name, heard, stderr }: SandboxEnd): Error | undefined {
  if (heard.includes('"exit-code"')) return undefined;
  const code = START_FAILURES.find(([pattern]) => pattern.test(stderr))?.[1];
  if (code !== undefined) return systemError(code, `${quote(name)} cannot be started`);
  return new SkillError('E_UNAVAILABLE', `the sandbox for ${quote(name)} cannot be set up: ${quote(stderr.trim())}`, {
    hint: 'see that what was granted is there, and that bubblewrap works: bwrap --ro-bind / / true',
  });
}
