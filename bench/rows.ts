import { agentStart } from './agent-start.ts';
import { firstRun, hotReload } from './authoring.ts';
import { coldRun } from './cold-run.ts';
import { hostCall } from './host-call.ts';
import { hostImport } from './host-import.ts';
import { idleMemory } from './idle-memory.ts';
import { installMany, installOne } from './install.ts';
import { installFrozen } from './install-frozen.ts';
import { kill } from './kill.ts';
import type { Row } from './kit/row.ts';
import { listSkills } from './list-skills.ts';
import { metering } from './metering.ts';
import { cacheHit, programTool, sessionRequest } from './native-tools.ts';
import { recipeStep } from './recipe-step.ts';
import { throughput } from './throughput.ts';
import { warmCall } from './warm-call.ts';
import { warmReuse } from './warm-reuse.ts';

/** Every promised number, in the order of the design. */
export const ROWS: readonly Row[] = [
  warmCall,
  warmReuse,
  hostCall,
  hostImport,
  coldRun,
  throughput,
  metering,
  kill,
  idleMemory,
  listSkills,
  agentStart,
  recipeStep,
  programTool,
  sessionRequest,
  cacheHit,
  installOne,
  installMany,
  installFrozen,
  firstRun,
  hotReload,
];
