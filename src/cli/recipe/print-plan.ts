import type { Plan, PlannedStep } from '../../recipe/plan.ts';
import { inline, type Terminal, wrap } from '../terminal.ts';

/** What a run would do; nothing was done. */
export function printPlan({ recipe, parameters, preconditions, steps, verification }: Plan, terminal: Terminal): void {
  const line = (text: string, indent = ''): void =>
    terminal.out(`${wrap(indent + inline(text), terminal.width, `${indent}  `)}\n`);
  line(`${recipe} would do this; nothing was done`);
  for (const [name, value] of Object.entries(parameters)) line(`${name} = ${JSON.stringify(value)}`, '  ');
  if (preconditions.length > 0) terminal.out('\nfirst looks whether this is\n');
  for (const one of preconditions) line(one, '  ');
  terminal.out('\nsteps\n');
  for (const [i, step] of steps.entries()) printStep(step, `${i + 1}/${steps.length}`, line);
  if (verification.length > 0) terminal.out('\nlast makes sure of\n');
  for (const one of verification) line(one, '  ');
}

function printStep(step: PlannedStep, at: string, line: (text: string, indent: string) => void): void {
  const runs = { yes: '', no: ' (is skipped)', depends: ' (if its condition holds then)' }[step.runs];
  line(`${at} ${step.name}${runs}`, '  ');
  line(step.does, '      ');
  if (step.forEach !== undefined) line(`for each of ${step.forEach.join(', ')}`, '      ');
  if (step.fault !== undefined) line(`would fail: ${step.fault}`, '      ');
  if (step.decision !== undefined)
    line(`${step.decision.allowed ? 'allowed' : 'denied'} by ${step.decision.layer}: ${step.decision.rule}`, '      ');
  if (step.confirmation !== 'none')
    line(step.confirmation === 'given' ? 'is confirmed by --yes' : step.confirmation, '      ');
  for (const undo of step.undoneBy) line(`undone by ${undo}`, '      ');
}
