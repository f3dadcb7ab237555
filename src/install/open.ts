import { userInfo } from 'node:os';
import { type Config, readConfig } from '../config/config.ts';
import { DISK } from '../files/disk.ts';
import type { Home } from '../home/home.ts';
import { type Ledger, openLedger } from '../ledger/index.ts';
import { Store } from '../store/store.ts';
import type { Supply } from './fetch.ts';
import type { Installation } from './installation.ts';
import { supplyOf } from './supply.ts';

/** What is installed in a home, and where more may come from. Nothing is on disk before something changes. */
export interface OpenInstallation {
  readonly installation: Installation;
  readonly config: Config;
  readonly supply: Supply;
  close(): void;
}

/** @throws SkillError E_USAGE for a configuration that cannot be meant as it is */
export async function openInstallation(home: Home, signal: AbortSignal): Promise<OpenInstallation> {
  const config = await readConfig(home);
  const unset = openUnset(home, signal);
  return { ...unset, config, supply: supplyOf(config, unset.installation) };
}

/** What is installed in a home, whatever is set there. */
export function openUnset(home: Home, signal: AbortSignal): Pick<OpenInstallation, 'installation' | 'close'> {
  let ledger: Ledger | undefined;
  const actor = userName();
  const installation: Installation = {
    home,
    files: DISK,
    store: new Store(home.store, DISK),
    now: () => new Date(),
    record(event) {
      ledger ??= openLedger(home.ledger, { durable: true });
      ledger.append({ actor, ...event });
    },
    signal,
  };
  return { installation, close: () => ledger?.close() };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user without an entry in the system's list.
    return `uid ${process.getuid?.() ?? '?'}`;
  }
}
