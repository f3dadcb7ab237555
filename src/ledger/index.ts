export { exportCsv } from './csv.ts';
export type { LedgerEvent } from './event.ts';
export { type Ledger, type LedgerOptions, openLedger } from './ledger.ts';
export type { LedgerProblem, ProblemCode } from './problem.ts';
export { type LedgerFilter, readLedger } from './read.ts';
export type { LedgerRecord } from './record.ts';
export { type Verification, verifyLedger } from './verify.ts';
