import type * as Sdk from 'ai';
import { quote, SkillError } from '../../host/index.ts';
import { loadTokenizer } from '../knowledge/count-tokens.ts';
import type { ContextFile } from './context-files.ts';
import { withFiles } from './label-file.ts';
import { missingPackage, type ModelSource } from './models.ts';

export interface ConversationRequest {
  readonly prompt: string;
  readonly files: readonly ContextFile[];
  readonly model: string | undefined;
  /** Tokens that the prompt may have, with its files. */
  readonly contextWindow: number | undefined;
  /** Of the answer. */
  readonly outputKb: number;
  readonly signal: AbortSignal;
  /** Told before anything is sent. */
  readonly onPrompt: (tokens: number) => void;
  /** Told of the answer as it comes. */
  readonly onText: (text: string) => void;
}

/**
 * Sends a prompt to a language model and reads its answer.
 * @throws SkillError E_INPUT when it does not fit the window, and nothing is sent; E_NETWORK when the model cannot be had;
 * E_OUTPUT_LIMIT; the reason of `signal`
 */
export async function converse(request: ConversationRequest, models: ModelSource): Promise<string> {
  const prompt = withFiles(request.prompt, request.files);
  const { count } = await loadTokenizer();
  const tokens = count(prompt);
  requireFit(tokens, request, count);
  const model = await models.find(request.model);
  const { streamText } = await loadSdk();
  request.signal.throwIfAborted();
  request.onPrompt(tokens);
  const stop = new AbortController();
  const onAbort = (): void => stop.abort(request.signal.reason);
  request.signal.addEventListener('abort', onAbort, { once: true });
  try {
    const stream = streamText({ model, prompt, maxRetries: 0, abortSignal: stop.signal, onError: () => undefined });
    let text = '';
    let size = 0;
    for await (const part of stream.fullStream) {
      if (part.type === 'error') throw part.error;
      if (part.type !== 'text-delta') continue;
      text += part.text;
      size += Buffer.byteLength(part.text);
      if (size > request.outputKb * 1024) throw tooMuch(request.outputKb);
      request.onText(part.text);
    }
    request.signal.throwIfAborted();
    return text;
  } catch (error) {
    throw request.signal.aborted ? request.signal.reason : explain(error);
  } finally {
    request.signal.removeEventListener('abort', onAbort);
    stop.abort();
  }
}

async function loadSdk(): Promise<typeof Sdk> {
  try {
    return await import('ai');
  } catch (error) {
    throw missingPackage('ai', error);
  }
}

function requireFit(
  tokens: number,
  { files, contextWindow }: ConversationRequest,
  count: (text: string) => number,
): void {
  if (contextWindow === undefined || tokens <= contextWindow) return;
  const largest = files
    .map(({ path, text }) => ({ path, tokens: count(text) }))
    .toSorted((a, b) => b.tokens - a.tokens)
    .slice(0, 3);
  const shown = largest.map((one) => `${quote(one.path, 80)} ${one.tokens}`).join(', ');
  throw new SkillError(
    'E_INPUT',
    `the prompt has ${tokens} tokens; context_window = ${contextWindow}; nothing was sent`,
    {
      hint: largest.length === 0 ? 'give it less text' : `give it fewer files; the largest: ${shown}`,
      details: { tokens, contextWindow, largest },
    },
  );
}

function tooMuch(kb: number): SkillError {
  return new SkillError('E_OUTPUT_LIMIT', `the model answered with more than output_kb = ${kb}`, {
    hint: `raise it with --limit output_kb=${kb * 2}`,
    details: { limit: 'output_kb', value: kb, killedBy: 'output_kb' },
  });
}

/** Of these a later attempt may end otherwise. */
const PASSING = new Set([408, 409, 425, 429]);

/** What the SDK throws, without what it holds of the request: headers carry the key. */
function explain(error: unknown): SkillError {
  if (error instanceof SkillError) return error;
  const { statusCode: status, message } = error as { readonly statusCode?: unknown; readonly message?: unknown };
  const said = quote(typeof message === 'string' ? message : String(error), 300);
  if (typeof status !== 'number')
    return new SkillError('E_NETWORK', `the model cannot be reached, or answered with what is no answer: ${said}`, {
      hint: 'see that it is running, and that the address is right',
      details: { transient: true },
    });
  const transient = PASSING.has(status) || status >= 500;
  const isKey = status === 401 || status === 403;
  return new SkillError('E_NETWORK', `the model answered with status ${status}: ${said}`, {
    hint: isKey
      ? 'see to the key in SKILLHOST_MODEL_KEY'
      : transient
        ? 'try again later'
        : 'see to the model and its address',
    details: { status, transient },
  });
}
