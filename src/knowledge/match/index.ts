export { buildMatchIndex, type MatchSource, updateMatchIndex } from './build.ts';
export type { MatchDocument } from './document.ts';
export type { MatchReason, MatchRule } from './explain.ts';
export type { Match, MatchOptions } from './match.ts';
export { type MatchIndex, openMatchIndex } from './open-index.ts';
export { THRESHOLD } from './weights.ts';
