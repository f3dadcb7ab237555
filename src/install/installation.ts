import type { Files } from '../files/files.ts';
import type { Home } from '../home/home.ts';
import type { LedgerEvent } from '../ledger/index.ts';
import type { Store } from '../store/store.ts';

/** What is installed in a home, and what changing it goes through. */
export interface Installation {
  readonly home: Home;
  readonly files: Files;
  readonly store: Store;
  readonly now: () => Date;
  /** Takes a record before its effect; when it throws, there is none. */
  readonly record: (event: LedgerEvent) => void;
  readonly signal: AbortSignal;
}
