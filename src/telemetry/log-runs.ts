import pino, { type DestinationStream } from 'pino';
import type { RunEvent } from '../runtime/events.ts';

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type EventLevel = (typeof LOG_LEVELS)[number];

/**
 * Writes a JSON line for each event, with the correlation id of its run. Denials and failures are warnings, host calls and
 * texts are for whoever looks closely.
 * @param to a stream, or undefined for standard output
 */
export function logRuns(level: EventLevel, to?: DestinationStream): (event: RunEvent) => void {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (severity) => ({ severity }) },
    },
    to ?? pino.destination(1),
  );
  return (event) => {
    // What a guest logs is a field like any other, its level as well.
    logger[levelOf(event)](event);
  };
}

function levelOf(event: RunEvent): EventLevel {
  switch (event.type) {
    case 'finished':
      return event.ok ? 'info' : 'warn';
    case 'decision':
      return event.result === 'denied' ? 'warn' : 'debug';
    case 'alert':
      return 'error';
    case 'log':
      return event.level;
    case 'retry':
    case 'fallback':
    case 'breaker':
      return 'warn';
    case 'host-call':
    case 'text':
    case 'progress':
      return 'debug';
    case 'started':
    case 'cached':
      return 'info';
  }
}
