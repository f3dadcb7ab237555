import { systemError } from '../../capability/walk.ts';
import { SkillError } from '../../errors.ts';
import { quote } from '../../quote.ts';
import type { SandboxEnd } from '../launch.ts';
import { BECOME, type Report } from './orders.ts';

/** Why the program was not started, by what the launcher said: the program itself cannot write there. */
export function explainLandlock({ name, heard, stderr }: SandboxEnd): Error | undefined {
  const reports = reportsIn(heard);
  const failed = reports.flatMap((report) => ('failed' in report ? [report.failed] : []))[0];
  if (failed === undefined && reports.length > 0) return undefined;
  if (failed?.step === BECOME) return systemError(failed.code, `${quote(name)} cannot be started`);
  const why = failed === undefined ? quote(stderr.trim()) : `it could not ${failed.step}: ${quote(failed.message)}`;
  return new SkillError('E_UNAVAILABLE', `the sandbox for ${quote(name)} cannot be set up: ${why}`, {
    hint: 'see that what was granted is there, and that namespaces work: unshare --user --map-current-user --keep-caps --mount --net --pid --fork true',
  });
}

function reportsIn(heard: string): Report[] {
  return heard
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Report);
}
