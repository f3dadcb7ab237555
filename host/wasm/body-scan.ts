/**
 * A place in a function body where something has to be put in, before the instruction there. `cost` is what the
 * straight-line code before it costs, since the last stop that had a cost.
 */
export interface Stop {
  readonly kind:
    /** Other paths begin or join here. */
    | 'charge'
    /** Control leaves the function here, or may. */
    | 'leave'
    | 'call'
    | 'tail-call'
    | 'loop'
    /** An operation whose cost grows with the length on top of the stack; `index` shifts that to its cost. */
    | 'bulk'
    /** Nothing but the index of a function or global, which may change. */
    | 'function'
    | 'global';
  readonly at: number;
  /** Where the instruction ends. */
  readonly next: number;
  readonly cost: number;
  /** The index that the instruction names, or -1. */
  readonly index: number;
}

/** What a function body holds, and where it has to be changed. */
export interface BodyScan {
  /** Groups of locals as they are written, without their count. */
  readonly locals: { readonly groups: number; readonly start: number; readonly end: number };
  /** Parameters and locals together. */
  readonly localCount: number;
  readonly end: number;
  readonly stops: readonly Stop[];
  readonly hasCall: boolean;
  readonly hasLoop: boolean;
  /** A loop without calls in it: where time is spent. */
  readonly hasTightLoop: boolean;
  readonly hasBulk: boolean;
  readonly catches: boolean;
  /** What compiling it costs, in units of values alive at a join. */
  readonly compileCost: number;
}
