import { createRequire } from 'node:module';
import type * as Package from '@photostructure/sqlite';
import { SkillError } from '../../host/index.ts';

type Value = string | number | bigint | Uint8Array | null;

export interface Statement {
  get(...values: readonly Value[]): unknown;
  all(...values: readonly Value[]): unknown[];
  run(...values: readonly Value[]): unknown;
}

/** As much of `DatabaseSync` as is used here. */
export interface Connection {
  /** Whether a transaction is open: SQLite ends one itself for some errors. */
  readonly isTransaction: boolean;
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

interface Library {
  readonly DatabaseSync: new (path: string, options: { readonly timeout: number }) => Connection;
}

/**
 * Node's own SQLite, from the first line of releases in which it is no experiment: before, loading it warns at the terminal
 * of whoever runs a skill, and some of what came with Node 22 and 24 could lose pages that two processes write.
 */
const SETTLED_SINCE = 26;

let loaded: Library | undefined;

/** Opens a database. The library is loaded for the first one: that takes longer than all that is done with it. @throws SkillError E_UNSUPPORTED */
export function connect(path: string, waitMs: number): Connection {
  loaded ??= load();
  return new loaded.DatabaseSync(path, { timeout: waitMs });
}

function load(): Library {
  const isSettled = Number.parseInt(process.versions.node, 10) >= SETTLED_SINCE;
  const own = isSettled ? builtIn() : undefined;
  if (own !== undefined) return own;
  try {
    return createRequire(import.meta.url)('@photostructure/sqlite') as typeof Package;
  } catch (error) {
    // A platform without a binary in the package: one that warns is better than none.
    const other = builtIn();
    if (other !== undefined) return other;
    const what = `there is no SQLite for ${process.platform} on ${process.arch} and Node ${process.versions.node}`;
    throw new SkillError('E_UNSUPPORTED', what, { hint: 'Node 22.13 and later have their own', cause: error });
  }
}

/** Undefined where this Node has none, or hides it behind a flag. */
function builtIn(): Library | undefined {
  return process.getBuiltinModule?.('node:sqlite') as Library | undefined;
}
