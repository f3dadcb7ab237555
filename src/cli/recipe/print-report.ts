import type { Report, StepReport } from '../../recipe/report.ts';
import { inline, type Terminal } from '../terminal.ts';

/** What became of every step: what was done, undone, and is left. Why it failed is told with the error. */
export function printReport({ steps, problems, failure, rollbackErrors }: Report, terminal: Terminal): void {
  // Nothing was begun, and the error tells why.
  if (problems.length > 0) return;
  for (const step of steps) {
    const item = step.item === undefined ? '' : ` (${inline(step.item)})`;
    terminal.say(
      `  ${wordOf(step).padEnd(12)} ${step.step}${item}${step.error === undefined || step.step === failure?.at ? '' : `: ${inline(step.error.message)}`}\n`,
    );
  }
  for (const { undo, error } of rollbackErrors)
    terminal.say(`  ${terminal.style('red', 'not undone'.padEnd(12))} ${undo}: ${inline(error.message)}\n`);
}

function wordOf({ status, left }: StepReport): string {
  if (left !== true) return status;
  return status === 'done' ? 'left' : `${status}, left`;
}
