import type { Value } from './value.ts';

/** One carrying out of a step: of a `for_each`, one item. Places, counted from 0. */
export interface Turn {
  readonly step: number;
  readonly item: number;
}

/** What a step printed. The end of its lines is dropped, as a shell does. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  /** Secrets were taken out of it, so it is not what was printed. */
  readonly isRedacted?: boolean;
  /** The step was settled by hand: it happened, and what it printed is not known. */
  readonly isLost?: boolean;
}

export interface Failure {
  readonly code: string;
  readonly message: string;
  /** What mends it, where that is known. */
  readonly hint?: string;
}

/** What is to be undone: an entry of `rollback`, or a whole sub-recipe. */
export interface UndoTask {
  /** The entry; undefined for the rollback of the sub-recipe that a step ran. */
  readonly entry: number | undefined;
  /** What it undoes; undefined for an entry that undoes whatever ran. */
  readonly turn: Turn | undefined;
}

/** `rolled_back`: somebody had it undone. */
export const RESULTS = ['success', 'partial', 'failed', 'declined', 'precondition_failed', 'rolled_back'] as const;
export type RunResultName = (typeof RESULTS)[number];

/** How a person settles what nobody knows: it happened, it is to be done again, or it is left as it may be. */
export type Settlement = 'done' | 'redo' | 'left';

/** All that is needed to go on with a run: written before what it tells of happens, or right after. */
export type Entry =
  | {
      readonly type: 'begun';
      readonly run: string;
      readonly skill: string;
      /** The skill's folder. */
      readonly path: string;
      readonly recipe: string;
      readonly digest: string;
      readonly time: string;
      readonly cwd: string;
      /** Without secrets. */
      readonly parameters: Readonly<Record<string, Value>>;
      readonly secrets: readonly string[];
      readonly grant: Readonly<Record<string, readonly string[]>>;
      /** The run whose step this is. */
      readonly parent?: string;
    }
  | { readonly type: 'checked'; readonly problems: readonly string[] }
  /** Its condition does not hold, or cannot be told. */
  | { readonly type: 'skipped'; readonly step: number; readonly error?: Failure }
  | { readonly type: 'expanded'; readonly step: number; readonly items: readonly string[] }
  | ({
      readonly type: 'started';
      readonly attempt: number;
      /** The run of a sub-recipe. */ readonly child?: string;
    } & Turn)
  | ({
      readonly type: 'ended';
      readonly durationMs: number;
      readonly output?: Output;
      readonly error?: Failure;
      /** Another attempt may help. */
      readonly mayRetry?: boolean;
    } & Turn)
  | ({ readonly type: 'declined' } & Turn)
  | { readonly type: 'verified'; readonly index: number; readonly error?: Failure }
  /** Its operator wants it undone. */
  | { readonly type: 'recalled' }
  | { readonly type: 'undoing'; readonly task: number }
  | { readonly type: 'undone'; readonly task: number; readonly error?: Failure }
  | { readonly type: 'settled'; readonly as: Settlement }
  | { readonly type: 'stopped' }
  | { readonly type: 'finished'; readonly result: RunResultName };
