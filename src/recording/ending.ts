import type { RunResult } from '../runtime/run.ts';
import type { Ending } from './recording.ts';
import type { WireJson } from './wire-json.ts';

/** How a run ended, as far as it must be the same when it is replayed. */
export function endingOf(result: RunResult): Ending {
  const { usage, stderr } = result;
  const used = usage.fuel === undefined ? {} : { fuel: usage.fuel };
  if (result.ok) return { ok: true, result: resultJson(result.result), ...used, stderr };
  const { code, message } = result.error;
  return { ok: false, code, message, ...used, stderr };
}

/** A value that is JSON or bytes, as JSON that tells the two apart. */
export function resultJson(value: unknown): WireJson {
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64') };
  return { json: (value ?? null) as WireJson };
}
