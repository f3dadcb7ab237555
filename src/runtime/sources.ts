import { FIXED, type SecretSource, type StateStore } from '../../host/index.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Secrets from the environment: `github-token` is `SKILLHOST_SECRET_GITHUB_TOKEN`. */
export function secretsFromEnvironment(env: Environment): SecretSource {
  return {
    get: (name) => Promise.resolve(env[`${SECRET_PREFIX}${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`]),
  };
}

const SECRET_PREFIX = 'SKILLHOST_SECRET_';

/** The environment without the variables that hold secrets: those have a door of their own. */
export function withoutSecrets(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith(SECRET_PREFIX)));
}

/** Each skill's own key-value store, in memory: it lives as long as its runtime. */
export class StateStores {
  readonly #stores = new Map<string, MemoryStore>();

  of(skillId: string): StateStore {
    let store = this.#stores.get(skillId);
    if (store === undefined) {
      store = new MemoryStore();
      this.#stores.set(skillId, store);
    }
    return store;
  }
}

class MemoryStore implements StateStore {
  readonly #values = new Map<string, Uint8Array>();
  #size = 0;

  get(key: string): Uint8Array | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: Uint8Array): void {
    const grown = this.#size + value.length - (this.#values.get(key)?.length ?? -key.length);
    const most = FIXED.state_bytes.limit;
    if (grown > most)
      throw Object.assign(new Error(`the state would have ${grown} bytes; state_bytes = ${most}`), { code: 'ENOSPC' });
    this.#values.set(key, value.slice());
    this.#size = grown;
  }

  delete(key: string): void {
    const value = this.#values.get(key);
    if (value === undefined) return;
    this.#size -= value.length + key.length;
    this.#values.delete(key);
  }

  keys(): readonly string[] {
    return [...this.#values.keys()];
  }
}
