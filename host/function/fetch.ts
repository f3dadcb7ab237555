import { Agent, request as send } from 'undici';
import type { CheckedUrl } from '../capability/gate.ts';
import { FIXED } from '../limits.ts';
import { HostCallRefusal } from '../wire/refusal.ts';
import type { WireValue } from '../wire/codec.ts';
import { bytes, list, text } from '../wire/parse-message.ts';
import { type HostFunction, invalid, type RunScope, tooLarge } from './scope.ts';

type Header = readonly [name: string, value: string];

interface Exchange {
  readonly method: string;
  readonly headers: readonly Header[];
  readonly body: Uint8Array;
}

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}$/;
// The characters a header value must not hold.
const BAD_VALUE = /[^\t\x20-\x7e\x80-\xff]/;
// Set by the connection, or able to turn one request into two.
const RESERVED = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
  'expect',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
]);
const PERSONAL = new Set(['authorization', 'cookie']);

/** `http.fetch(method, url, headers, body)` → `[status, headers, body]`. Every hop passes the gate. */
export const fetchFunction: HostFunction = (args, scope) =>
  withDeadline(scope, (signal) => followHops(args, scope, signal));

/**
 * Gives `work` a signal that aborts when the run ends, or after `http_ms`. A timer holds it: signals made of other signals,
 * and of nothing but time, are collected on Node 20 while somebody still waits for them.
 */
async function withDeadline<T>(
  { signal, limits }: Pick<RunScope, 'signal' | 'limits'>,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(signal.reason);
  const late = new DOMException('the exchange took too long', 'TimeoutError');
  const timer = setTimeout(() => controller.abort(late), limits.http_ms);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

async function followHops(
  [method, url, headers, body]: readonly WireValue[],
  scope: RunScope,
  signal: AbortSignal,
): Promise<WireValue> {
  let exchange: Exchange = {
    method: text(method, 'method'),
    headers: parseHeaders(headers),
    body: bytes(body, 'body'),
  };
  let target = text(url, 'url');
  for (let hop = 0; hop <= FIXED.http_redirects.limit; hop++) {
    const checked = await checkHop(target, exchange.method, { scope, signal });
    const answer = await exchangeOnce(checked, exchange, { scope, signal });
    if (answer.location === undefined) return [answer.status, answer.headers, answer.body];
    const next = URL.canParse(answer.location, checked.url.href)
      ? new URL(answer.location, checked.url)
      : invalid('the server redirects to something that is no URL');
    exchange = afterRedirect(exchange, answer.status, next.origin === checked.url.origin);
    target = next.href;
  }
  throw new HostCallRefusal(
    'failed',
    `the server redirects more than http_redirects = ${FIXED.http_redirects.limit} times`,
  );
}

function parseHeaders(value: WireValue | undefined): Header[] {
  const headers = list(value, 'headers').map((entry): Header => {
    const [name, content] = list(entry, 'a header');
    return [text(name, 'a header name'), text(content, 'a header value')];
  });
  if (headers.length > FIXED.http_headers.limit)
    invalid(`${headers.length} headers; http_headers = ${FIXED.http_headers.limit}`);
  for (const [name, content] of headers) {
    if (!TOKEN.test(name) || BAD_VALUE.test(content))
      invalid(`the header ${JSON.stringify(name.slice(0, 60))} is malformed`);
    if (RESERVED.has(name.toLowerCase())) invalid(`the header ${name} is set by the host`);
  }
  return headers;
}

/** What browsers do: 303, and 301/302 after POST, become GET; what identifies the caller stays with its origin. */
function afterRedirect(exchange: Exchange, status: number, sameOrigin: boolean): Exchange {
  const becomesGet = status === 303 || ((status === 301 || status === 302) && exchange.method === 'POST');
  const headers = exchange.headers.filter(([name]) => {
    const lower = name.toLowerCase();
    if (!sameOrigin && PERSONAL.has(lower)) return false;
    return !(becomesGet && lower.startsWith('content-'));
  });
  if (becomesGet && exchange.method !== 'HEAD') return { method: 'GET', headers, body: new Uint8Array() };
  return { ...exchange, headers };
}

interface Surroundings {
  readonly scope: RunScope;
  /** Aborted at the end of the run, and at the end of the time for the exchange. */
  readonly signal: AbortSignal;
}

/** A look-up of a name cannot be called off, but nobody has to wait for it. */
async function checkHop(target: string, method: string, { scope, signal }: Surroundings): Promise<CheckedUrl> {
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = (): void => reject(explain(signal.reason, scope));
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([scope.gate.url(target, method), aborted]);
  } finally {
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
  }
}

interface Answer {
  readonly status: number;
  readonly headers: Header[];
  readonly body: Uint8Array;
  readonly location: string | undefined;
}

async function exchangeOnce(
  { url, method, addresses }: CheckedUrl,
  { headers, body }: Exchange,
  { scope, signal }: Surroundings,
): Promise<Answer> {
  // The name was resolved and checked already; the connection gets those addresses and asks nobody again.
  const agent = new Agent({
    connect: { timeout: FIXED.http_connect_ms.limit, lookup: (_host, _options, done) => done(null, [...addresses]) },
    headersTimeout: FIXED.http_idle_ms.limit,
    bodyTimeout: FIXED.http_idle_ms.limit,
    pipelining: 0,
  });
  try {
    // Told of an end that has come already, the client would connect all the same.
    signal.throwIfAborted();
    const response = await send(url, {
      method: method as 'GET',
      headers: headers.flat(),
      body: body.length > 0 ? Buffer.from(body) : null,
      dispatcher: agent,
      signal,
    });
    const answered = Object.entries(response.headers).flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value ?? '']).map((one): Header => [name, one]),
    );
    const location =
      response.statusCode >= 300 && response.statusCode < 400
        ? answered.find(([name]) => name === 'location')?.[1]
        : undefined;
    const most: Most =
      location === undefined
        ? { name: 'message_kb', kb: scope.limits.message_kb }
        : { name: 'http_redirect_kb', kb: FIXED.http_redirect_kb.limit };
    return { status: response.statusCode, headers: answered, body: await readBody(response.body, most), location };
  } catch (error) {
    throw explain(error, scope);
  } finally {
    await agent.destroy();
  }
}

interface Most {
  readonly name: string;
  readonly kb: number;
}

async function readBody(body: AsyncIterable<Uint8Array>, { name, kb }: Most): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > kb * 1024) tooLarge(`the response is over ${kb * 1024} bytes; ${name} = ${kb}`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function explain(error: unknown, { limits, signal }: RunScope): Error {
  if (error instanceof HostCallRefusal || signal.aborted) return error as Error;
  const { name, code = '', message } = error as NodeJS.ErrnoException;
  if (name === 'TimeoutError') return new HostCallRefusal('timeout', `no answer within http_ms = ${limits.http_ms}`);
  if (code.includes('TIMEOUT') || code === 'ETIMEDOUT') {
    const limit = code === 'UND_ERR_CONNECT_TIMEOUT' ? 'http_connect_ms' : 'http_idle_ms';
    return new HostCallRefusal('timeout', `the server does not answer; ${limit} = ${FIXED[limit].limit}`);
  }
  return new HostCallRefusal('failed', `the request failed: ${code || message}`);
}
