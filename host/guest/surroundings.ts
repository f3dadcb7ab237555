import type { CallContext } from './call-context.ts';
import type { FuelTank } from './fuel-tank.ts';
import type { MemoryMeter } from './memory-meter.ts';

/** What an instance is linked to beside its own parts. */
export interface Surroundings {
  readonly context: CallContext;
  readonly memory: MemoryMeter;
  readonly fuel: FuelTank;
}
