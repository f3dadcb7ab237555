import { type GuestContext, OutputSink } from '../abi/context.ts';
import { openClock } from '../abi/clock.ts';
import { openRandom } from '../abi/random.ts';
import type { GuestCall, Outcome } from '../wire/messages.ts';
import type { CompiledModule } from './compiled-module.ts';
import { Guest } from './guest.ts';

/** Runs the calls of one worker, each with an instance of its own, or all with the same one. */
export class Runner {
  readonly #module: CompiledModule;
  readonly #reuse: boolean;
  /** The instance that the next call gets. */
  #next: Guest | undefined;
  /** What making an instance takes, once it is known that no call can make a difference to it. */
  #startCost: number | undefined;
  #canPrepare = true;

  constructor(module: CompiledModule, reuse: boolean) {
    this.#module = module;
    this.#reuse = reuse;
  }

  run(call: GuestCall, hostCall: GuestContext['hostCall']): Outcome {
    const guest = this.#next ?? new Guest(this.#module);
    const context: GuestContext = {
      hostCall,
      args: call.args,
      roots: call.roots,
      messageBytes: call.messageBytes,
      stdin: call.stdin,
      stdout: new OutputSink(call.outputBytes, 'output_kb'),
      stderr: new OutputSink(call.logBytes, 'log_kb'),
      clock: openClock(call.clock),
      random: openRandom(call.seed),
    };
    let finish = guest.call(call, context);
    // Far more than is allowed would count as an attack on the other side.
    if (finish.result.length > call.outputBytes) finish = { kind: 'output-limit', result: 'output_kb' };
    this.#startCost = guest.startCost;
    const outcome = {
      status: 0,
      message: '',
      ...finish,
      stdout: context.stdout.bytes(),
      stderr: context.stderr.bytes(),
      memoryBytes: guest.memory.bytes(),
      fuelUsed: guest.fuel.used,
    };
    this.#next = this.#reuse && guest.isSound ? guest : undefined;
    this.#next?.fuel.rest();
    return outcome;
  }

  /**
   * Makes the instance of the next call ahead of it. Only where that asks nothing of the host: then it is the same whenever
   * it is made, and ends as it did before.
   */
  prepare(): void {
    if (!this.#canPrepare || this.#next !== undefined || this.#startCost === undefined) return;
    const guest = new Guest(this.#module);
    if (guest.startAhead(this.#startCost)) this.#next = guest;
    else this.#canPrepare = false;
  }
}
