/** Where the API of OpenTelemetry keeps what an SDK set up; part of its contract between versions. */
const REGISTRY = Symbol.for('opentelemetry.js.api.1');

/** Whether this program has set up an SDK: otherwise nobody would hear, and the API need not be loaded. */
export function hasOpenTelemetry(): boolean {
  return Object.hasOwn(globalThis, REGISTRY);
}
