import type { GuestContext } from '../abi/context.ts';
import type { GuestCall } from '../wire/messages.ts';
import { CallContext } from './call-context.ts';
import type { CompiledModule } from './compiled-module.ts';
import { startComponent } from './component-guest.ts';
import { startCore } from './core-guest.ts';
import { explain, type Finish } from './finish.ts';
import { FuelTank } from './fuel-tank.ts';
import { MemoryMeter } from './memory-meter.ts';
import type { Surroundings } from './surroundings.ts';

/** One instance of a module, with everything it is linked to. */
export class Guest implements Surroundings {
  readonly context = new CallContext();
  readonly memory = new MemoryMeter();
  readonly fuel = new FuelTank();
  readonly #module: CompiledModule;
  #enter: ((call: GuestCall) => Finish) | undefined;
  #hasFailed = false;
  #startCost: number | undefined;

  constructor(module: CompiledModule) {
    this.#module = module;
  }

  /** It can be called again. */
  get isSound(): boolean {
    return !this.#hasFailed && !this.fuel.isEmpty;
  }

  /** The instructions that making it took, if nothing of that can depend on a call. */
  get startCost(): number | undefined {
    return this.#startCost;
  }

  /** Makes the instance before its call, with as much fuel as that took the last time. @returns false when it went otherwise */
  startAhead(startCost: number): boolean {
    this.fuel.begin(startCost);
    try {
      this.#start();
    } catch {
      return false;
    }
    return this.#startCost === startCost && !this.fuel.isEmpty;
  }

  /** Runs one call. Never throws: whatever happens becomes a finish. */
  call(call: GuestCall, context: GuestContext): Finish {
    this.context.begin(context);
    this.fuel.begin(call.fuel);
    try {
      if (this.fuel.isEmpty) return OUT_OF_FUEL;
      const finish = (this.#enter ?? this.#start(call))(call);
      return this.fuel.isEmpty ? OUT_OF_FUEL : finish;
    } catch (error) {
      this.#hasFailed = true;
      return this.fuel.isEmpty ? OUT_OF_FUEL : explain(error);
    } finally {
      this.context.end();
    }
  }

  #start(call?: GuestCall): (call: GuestCall) => Finish {
    const module = this.#module;
    this.#enter = module.kind === 'component' ? startComponent(module, this) : startCore(module, this, call);
    if (!this.context.wasAsked) this.#startCost = this.fuel.used;
    return this.#enter;
  }
}

const OUT_OF_FUEL: Finish = { kind: 'out-of-fuel', result: '' };
