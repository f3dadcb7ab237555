export { CapabilityDenied, type ErrorCode, GuestError, SkillError } from '../host/index.ts';
export type { LedgerEvent } from './ledger/index.ts';
export type { Grant } from './policy/grant.ts';
export type { LimitDecision, LimitDecisions } from './policy/limits.ts';
export type { RunEvent, RunListener } from './runtime/events.ts';
export type { Callable, RunOptions, RunResult } from './runtime/run.ts';
export { createRuntime, type Runtime, type RuntimeOptions, type ToolListing } from './runtime/runtime.ts';
