export { type EventLevel, LOG_LEVELS, logRuns } from './log-runs.ts';
