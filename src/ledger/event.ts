const EVENTS = [
  'installed',
  'removed',
  'enabled',
  'disabled',
  'granted',
  'revoked',
  'loaded',
  'started',
  'used',
  'denied',
  'failed',
  'killed',
  'mutated',
  'finished',
] as const;
const RESULTS = ['allowed', 'denied', 'ok', 'error'] as const;

/** The text fields of an event that may be left out. */
const TEXT_FIELDS = [
  'run',
  'actor',
  'skill',
  'version',
  'hash',
  'tool',
  'capability',
  'resource',
  'layer',
  'rule',
  'reason',
  'isolation',
  'code',
] as const;
const COUNT_FIELDS = ['durationMs', 'hostCalls', 'memoryBytes', 'fuel', 'seed', 'clock'] as const;

/** Every field of an event, in the order it is written and exported. */
export const EVENT_FIELDS = ['event', 'result', ...TEXT_FIELDS, ...COUNT_FIELDS] as const;

/** Something worth knowing later: who did what, with which skill, and which rule decided. */
export interface LedgerEvent {
  readonly event: (typeof EVENTS)[number];
  /** The correlation id of the run. */
  readonly run?: string;
  readonly actor?: string;
  readonly skill?: string;
  readonly version?: string;
  readonly hash?: string;
  readonly tool?: string;
  readonly capability?: string;
  readonly resource?: string;
  readonly result: (typeof RESULTS)[number];
  readonly layer?: string;
  readonly rule?: string;
  readonly reason?: string;
  readonly isolation?: string;
  readonly durationMs?: number;
  readonly hostCalls?: number;
  readonly memoryBytes?: number;
  readonly fuel?: number;
  readonly seed?: number;
  /** Where the clock of the run began, in milliseconds since 1970; the real clock is not told. */
  readonly clock?: number;
  readonly code?: string;
}

const MAX_RESOURCE = 2048;
const MAX_TEXT = 512;

/**
 * Copies the known fields of an event, each cut to its length. Undefined when a field has the wrong type.
 * Nothing else is copied: a field nobody thought about could hold a secret.
 */
export function parseEvent(source: object): LedgerEvent | undefined {
  const fields = source as Readonly<Record<string, unknown>>;
  const event: Record<string, unknown> = {};
  for (const name of EVENT_FIELDS) {
    const value = fields[name];
    if (value === undefined) continue;
    event[name] = typeof value === 'string' ? cut(value, name === 'resource' ? MAX_RESOURCE : MAX_TEXT) : value;
  }
  return isEvent(event) ? event : undefined;
}

function isEvent(fields: Readonly<Record<string, unknown>>): fields is Readonly<Record<string, unknown>> & LedgerEvent {
  const { event, result } = fields;
  return (
    EVENTS.some((name) => name === event) &&
    RESULTS.some((name) => name === result) &&
    TEXT_FIELDS.every((name) => fields[name] === undefined || typeof fields[name] === 'string') &&
    COUNT_FIELDS.every((name) => fields[name] === undefined || Number.isFinite(fields[name]))
  );
}

/** The mark counts towards the length, so that cutting twice changes nothing. */
function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const mark = `… [cut, was ${text.length} characters]`;
  return `${text.slice(0, max - mark.length)}${mark}`;
}
