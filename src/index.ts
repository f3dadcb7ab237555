export { CapabilityDenied, type ErrorCode, GuestError, SkillError } from '../host/index.ts';
export type { LedgerEvent } from './ledger/index.ts';
export type { Grant } from './policy/grant.ts';
export type { LimitDecision, LimitDecisions } from './policy/limits.ts';
export type { CatalogEntry, EntryDetails, ListedTool } from './catalog/entry.ts';
export type { ContextAugmentation, Dropped, OfferedRecipe, SkillUse, TokenCount } from './knowledge/augmentation.ts';
export type { Found } from './knowledge/search.ts';
export type { Manifest, Problem } from './manifest/manifest.ts';
export type { Confirm, ConfirmQuestion } from './runtime/confirm.ts';
export type { RunEvent, RunListener } from './runtime/events.ts';
export type { Callable, RunOptions, RunResult } from './runtime/run.ts';
export {
  createRuntime,
  type Runtime,
  type RuntimeAugmentOptions,
  type RuntimeOptions,
  type ToolListing,
} from './runtime/runtime.ts';
