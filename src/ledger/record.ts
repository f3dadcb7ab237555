import { isTime } from './entry.ts';
import { type LedgerEvent, parseEvent } from './event.ts';
import type { IntactLine } from './line.ts';

/** An event as it stands in the ledger. */
export interface LedgerRecord extends LedgerEvent {
  /** ISO 8601, UTC. */
  readonly time: string;
  /** Its place in its segment, from 1. */
  readonly seq: number;
  /** The file that holds it. */
  readonly segment: string;
}

/** Reads an intact line as a record; undefined when it is none. */
export function parseRecord({ fields }: IntactLine, segment: string): LedgerRecord | undefined {
  const { time, seq } = fields;
  const event = parseEvent(fields);
  return event !== undefined && isTime(time) && seq > 0 ? { time, segment, seq, ...event } : undefined;
}
