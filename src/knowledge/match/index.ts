export { buildMatchIndex, type MatchSource, updateMatchIndex } from './build.ts';
export type { MatchDocument } from './document.ts';
export type { MatchReason, MatchRule } from './explain.ts';
export { type Match, type MatchIndex, type MatchOptions, openMatchIndex } from './match.ts';
export { THRESHOLD } from './weights.ts';
