import type { ErrorClass } from '../../host/index.ts';

/** How failures of a tool are answered; what is undefined is not done. */
export interface Resilience {
  readonly retry: RetryRules | undefined;
  readonly breaker: BreakerRules | undefined;
  readonly healthCheck: HealthRules | undefined;
  readonly fallback: FallbackRule | undefined;
  /** Runs of the skill at once. */
  readonly maxConcurrent: number | undefined;
  /** Runs of the skill that wait for their turn; one more is refused at once. */
  readonly queueSize: number | undefined;
}

export const BACKOFF_STRATEGIES = ['none', 'fixed', 'linear', 'exponential'] as const;

export interface RetryRules {
  /** The first one included. */
  readonly maxAttempts: number;
  readonly backoff: (typeof BACKOFF_STRATEGIES)[number];
  /** Undefined: whatever may pass by itself. */
  readonly retryOn: readonly ErrorClass[] | undefined;
}

export interface BreakerRules {
  /** Failures in a row after which it opens. */
  readonly failureThreshold: number;
  /** Milliseconds until one run is let through to see. */
  readonly recoveryMs: number;
}

export interface HealthRules {
  /** Milliseconds for which an answer holds. */
  readonly intervalMs: number;
  /** Undefined: whether the program of the tool is there. */
  readonly check: FallbackRule | undefined;
}

/** A tool of the same skill, or a program with its words. */
export type FallbackRule = { readonly tool: string } | { readonly command: readonly string[] };

export const NO_RESILIENCE: Resilience = {
  retry: undefined,
  breaker: undefined,
  healthCheck: undefined,
  fallback: undefined,
  maxConcurrent: undefined,
  queueSize: undefined,
};
