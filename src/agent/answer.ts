import type { SkillError } from '../../host/index.ts';
import type { RunResult } from '../runtime/run.ts';
import { readable } from './readable.ts';

/** What a call came to. `text` is what a model reads, for both. */
export type ToolAnswer = { readonly text: string } & (
  | { readonly ok: true; /** JSON; bytes are text where they are text, else `{ base64 }`. */ readonly value: unknown }
  | { readonly ok: false; readonly error: AnswerError }
);

export interface AnswerError {
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
}

export function answerOf(result: RunResult): ToolAnswer {
  if (!result.ok) return refusal(result.error);
  const value = result.result instanceof Uint8Array ? fromBytes(result.result) : (result.result ?? null);
  return { ok: true, value, text: typeof value === 'string' ? value : JSON.stringify(value) };
}

/**
 * An error in words a model can act on. It repeats what was decided and changes nothing about it: a grant is given by
 * whoever runs the host, never by whoever reads this.
 */
export function refusal({ code, message, hint, details }: SkillError): ToolAnswer {
  const error = { code, message: readable(message), hint: hint === undefined ? undefined : readable(hint) };
  const lines = [`${code}: ${error.message}`, ...(error.hint === undefined ? [] : [`hint: ${error.hint}`])];
  lines.push(...printedOf(details));
  if (code === 'E_DENIED')
    lines.push('Only the person who runs this host can grant it; calling again changes nothing.');
  return { ok: false, error, text: lines.join('\n') };
}

const MOST_PRINTED = 2_000;

/** What a program that failed had printed, its end: there it says why. */
function printedOf(details: SkillError['details']): string[] {
  return ['stdout', 'stderr'].flatMap((name) => {
    const text = details?.[name];
    if (typeof text !== 'string' || text.trim() === '') return [];
    const end = text.trimEnd();
    return [`${name}: ${end.length > MOST_PRINTED ? '…' : ''}${readable(end.slice(-MOST_PRINTED))}`];
  });
}

function fromBytes(bytes: Uint8Array): unknown {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { base64: Buffer.from(bytes).toString('base64') };
  }
}
