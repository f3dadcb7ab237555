import type { ErrorCode, GateRecord, HostCallEvent, LogLevel, Usage } from '../../host/index.ts';
import type { Alert } from '../config/alert-rules.ts';
import type { Attempt } from './resilience.ts';
import type { Progress } from '../recipe/ports.ts';

/** What happens during runs, in order. `run` tells runs apart. */
export type RunEvent = { readonly run: string } & (
  | { readonly type: 'started'; readonly skill: string; readonly tool: string; readonly hash: string }
  | ({ readonly type: 'decision' } & GateRecord)
  | ({ readonly type: 'host-call' } & HostCallEvent)
  | ({ readonly type: 'alert' } & Alert)
  | { readonly type: 'cached' }
  | { readonly type: 'text'; readonly text: string }
  | Attempt
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'log'; readonly level: LogLevel; readonly message: string }
  | {
      readonly type: 'finished';
      readonly ok: boolean;
      readonly code: ErrorCode | undefined;
      readonly usage: Usage | undefined;
    }
);

export type RunListener = (event: RunEvent) => void;

const MAX_WAITING = 10_000;

/** Hands events to callbacks and to async iterations. A slow iteration loses the oldest events, never the newest. */
export class EventHub {
  readonly #listeners = new Set<RunListener>();

  /** @returns a function that ends it */
  on(listener: RunListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  emit(event: RunEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        // A defect of whoever listens must not end a run halfway, nor stay hidden.
        process.emitWarning(error instanceof Error ? error : String(error));
      }
    }
  }

  /** All events from now on, until the iteration is left or `signal` aborts. */
  async *iterate(signal: AbortSignal): AsyncGenerator<RunEvent, void, void> {
    const waiting: RunEvent[] = [];
    let wake = (): void => undefined;
    const off = this.on((event) => {
      if (waiting.length >= MAX_WAITING) waiting.shift();
      waiting.push(event);
      wake();
    });
    const onAbort = (): void => wake();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      while (!signal.aborted) {
        const next = waiting.shift();
        if (next !== undefined) yield next;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      off();
      signal.removeEventListener('abort', onAbort);
    }
  }
}
