import { BULK } from './scenarios-bulk.ts';
import { CALLS } from './scenarios-calls.ts';
import { CONTROL } from './scenarios-control.ts';
import { EXCEPTIONS } from './scenarios-exceptions.ts';
import { LAYOUT } from './scenarios-layout.ts';
import type { Scenario } from './scenario.ts';

/** Modules that between them hold every instruction whose type depends on where it stands, and every form of section. */
export const SCENARIOS: readonly Scenario[] = [...CONTROL, ...CALLS, ...BULK, ...EXCEPTIONS, ...LAYOUT];
