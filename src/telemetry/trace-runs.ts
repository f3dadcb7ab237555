import { type Counter, type Histogram, metrics, type Span, SpanStatusCode, trace } from '@opentelemetry/api';
import type { RunEvent } from '../runtime/events.ts';

const SCOPE = 'skillhost';

interface Instruments {
  readonly runs: Counter;
  readonly duration: Histogram;
  readonly denials: Counter;
  readonly retries: Counter;
}

/**
 * Tells OpenTelemetry of runs: a span for each, below the one that is active where it was called, with its decisions, host
 * calls and attempts as events; and counts of runs, denials and attempts, with how long runs took. The API alone is used:
 * where all of it goes is for whoever sets up an SDK.
 * @returns what is to be told of every event
 */
export function traceRuns(): (event: RunEvent) => void {
  const tracer = trace.getTracer(SCOPE);
  const instruments = makeInstruments();
  const open = new Map<string, { readonly span: Span; readonly began: number; readonly labels: Labels }>();
  return (event) => {
    if (event.type === 'started') {
      const labels = { 'skillhost.skill': event.skill, 'skillhost.tool': event.tool };
      const span = tracer.startSpan(`run ${event.skill}`, {
        attributes: { ...labels, 'skillhost.run': event.run, 'skillhost.hash': event.hash },
      });
      open.set(event.run, { span, began: performance.now(), labels });
      return;
    }
    const known = open.get(event.run);
    if (known === undefined) return;
    const { span, began, labels } = known;
    if (event.type !== 'finished') return note(event, { span, labels, instruments });
    open.delete(event.run);
    const outcome = { ...labels, 'skillhost.outcome': event.ok ? 'ok' : (event.code ?? 'failed') };
    instruments.runs.add(1, outcome);
    instruments.duration.record(performance.now() - began, outcome);
    if (!event.ok) span.setStatus({ code: SpanStatusCode.ERROR, message: event.code ?? 'failed' });
    span.end();
  };
}

type Labels = Readonly<Record<string, string>>;

/** Resources and messages stay out: a trace goes to others than the ledger does. */
function note(
  event: RunEvent,
  { span, labels, instruments }: { readonly span: Span; readonly labels: Labels; readonly instruments: Instruments },
): void {
  switch (event.type) {
    case 'decision': {
      const { capability, result, layer } = event;
      span.addEvent('decision', { capability, result, layer });
      if (result === 'denied') instruments.denials.add(1, { ...labels, capability, layer });
      return;
    }
    case 'host-call':
      span.addEvent('host call', { operation: event.operation, result: event.result, durationMs: event.durationMs });
      return;
    case 'retry':
      span.addEvent('retry', { attempt: event.attempt, code: event.code, waitMs: event.waitMs });
      instruments.retries.add(1, { ...labels, code: event.code });
      return;
    case 'fallback':
      span.addEvent('fallback', { to: event.to, code: event.code });
      return;
    case 'breaker':
      span.addEvent('breaker', { state: event.state });
      return;
    case 'cached':
      span.addEvent('cached');
      return;
    default:
      return;
  }
}

function makeInstruments(): Instruments {
  const meter = metrics.getMeter(SCOPE);
  return {
    runs: meter.createCounter('skillhost.runs', { description: 'runs that ended, by skill, tool and outcome' }),
    duration: meter.createHistogram('skillhost.run.duration', { unit: 'ms', description: 'how long runs took' }),
    denials: meter.createCounter('skillhost.denials', { description: 'what the gate refused' }),
    retries: meter.createCounter('skillhost.retries', { description: 'attempts that failed and were made again' }),
  };
}
