import { SkillError } from '../../host/index.ts';

/** How much of one skill may run, and wait, at once. */
export interface LaneRules {
  readonly maxConcurrent: number;
  readonly queueSize: number;
}

interface Lane {
  running: number;
  rules: LaneRules;
  readonly waiting: (() => void)[];
}

/**
 * Lets so many runs go at once. Those that wait are let in by turns, one of each skill and in the order in which they came:
 * a skill that is called a thousand times keeps no other waiting for them.
 */
export class Queue {
  readonly #slots: number;
  readonly #lanes = new Map<string, Lane>();
  /** Lanes with somebody waiting; the first one is next. */
  readonly #turns: Lane[] = [];
  #running = 0;

  constructor(slots: number) {
    this.#slots = slots;
  }

  /**
   * Runs `work` when its turn comes.
   * @throws SkillError E_UNAVAILABLE when as many wait as may; the reason of `signal` when that aborts before its turn
   */
  async run<T>(skill: string, rules: LaneRules, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const lane = this.#laneOf(skill, rules);
    await this.#enter(skill, lane, signal);
    try {
      return await work();
    } finally {
      lane.running--;
      this.#running--;
      if (lane.running === 0 && lane.waiting.length === 0) this.#lanes.delete(skill);
      this.#letIn();
    }
  }

  #laneOf(skill: string, rules: LaneRules): Lane {
    const lane = this.#lanes.get(skill) ?? { running: 0, rules, waiting: [] };
    lane.rules = rules;
    this.#lanes.set(skill, lane);
    return lane;
  }

  async #enter(skill: string, lane: Lane, signal: AbortSignal | undefined): Promise<void> {
    const { queueSize } = lane.rules;
    if (lane.waiting.length === 0 && this.#hasRoom(lane)) return this.#start(lane);
    if (lane.waiting.length >= queueSize)
      throw new SkillError('E_UNAVAILABLE', `${lane.waiting.length} runs of ${skill} wait for their turn already`, {
        hint: 'call it again when some of them are done',
        details: { limit: 'execution_queue_size', value: queueSize },
      });
    if (lane.waiting.length === 0) this.#turns.push(lane);
    await new Promise<void>((resolve, reject) => {
      const start = (): void => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      };
      const onAbort = (): void => {
        lane.waiting.splice(lane.waiting.indexOf(start), 1);
        if (lane.waiting.length === 0) this.#turns.splice(this.#turns.indexOf(lane), 1);
        reject(
          new SkillError('E_ABORTED', 'the run was ended by its caller before its turn', { cause: signal?.reason }),
        );
      };
      lane.waiting.push(start);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  #hasRoom(lane: Lane): boolean {
    return this.#running < this.#slots && lane.running < lane.rules.maxConcurrent;
  }

  #start(lane: Lane): void {
    lane.running++;
    this.#running++;
  }

  #letIn(): void {
    for (let at = this.#turns.findIndex((lane) => this.#hasRoom(lane)); at !== -1;) {
      const [lane] = this.#turns.splice(at, 1);
      const start = lane?.waiting.shift();
      if (lane === undefined || start === undefined) return;
      // Behind all others, for its next one.
      if (lane.waiting.length > 0) this.#turns.push(lane);
      this.#start(lane);
      start();
      at = this.#turns.findIndex((one) => this.#hasRoom(one));
    }
  }
}
