import type { Notes } from '../../src/runtime/resilience.ts';

/** Notes that live as long as a test. */
export class MemoryNotes implements Notes {
  readonly #values = new Map<string, unknown>();

  get(scope: string, name: string): unknown {
    return this.#values.get(`${scope}\0${name}`);
  }

  set(scope: string, name: string, value: unknown): void {
    this.#values.set(`${scope}\0${name}`, value);
  }
}
