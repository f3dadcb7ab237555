import { quote, SkillError } from '../../host/index.ts';
import type { Target } from './check-target.ts';
import type { DownloadAnswer, DownloadRequest } from './download.ts';
import { explain, shownUrl } from './explain.ts';

export type Exchange = Pick<DownloadRequest, 'method' | 'headers' | 'body' | 'most'>;

const HEADER_BYTES = 16 * 1024;

/**
 * Asks once, over a connection of its own to an address that was checked. Neither proxies nor other addresses of the
 * environment are looked at. Nothing is unpacked on the way, so `most` is what arrives and what is kept.
 * @throws SkillError E_NETWORK, E_TIMEOUT, E_PACKAGE; the reason of the signal
 */
export async function exchange(
  { url, addresses }: Target,
  { method = 'GET', headers = {}, body, most }: Exchange,
  { signal, stallMs }: { readonly signal: AbortSignal; readonly stallMs: number },
): Promise<DownloadAnswer> {
  const { Agent, request } = await import('undici');
  const agent = new Agent({
    connect: {
      timeout: stallMs,
      lookup: (_host, _options, done) => done(null, [...addresses]),
      // Whatever NODE_TLS_REJECT_UNAUTHORIZED says.
      rejectUnauthorized: true,
    },
    headersTimeout: stallMs,
    bodyTimeout: stallMs,
    maxHeaderSize: HEADER_BYTES,
    pipelining: 0,
  });
  try {
    // Told of an end that has come already, the client would connect all the same.
    signal.throwIfAborted();
    const others = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'accept-encoding');
    const asked = { ...Object.fromEntries(others), 'accept-encoding': 'identity' };
    const response = await request(url, { method, headers: asked, body: body ?? null, dispatcher: agent, signal });
    const answered = firstOfEach(response.headers);
    const isWanted = response.statusCode >= 200 && response.statusCode < 300;
    const isPacked = (answered['content-encoding'] ?? 'identity').toLowerCase() !== 'identity';
    if (isPacked && isWanted)
      throw refuse('content_encoding', url, `sends it packed as ${quote(answered['content-encoding'] ?? '')}`);
    // An error that is packed is told by its status.
    const bytes =
      isPacked || isRedirect(response.statusCode) ? new Uint8Array() : await readBody(response.body, most, url);
    return { status: response.statusCode, headers: answered, bytes, url: url.href };
  } catch (error) {
    throw signal.aborted ? (signal.reason as Error) : explain(error, url, stallMs);
  } finally {
    await agent.destroy();
  }
}

export function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

async function readBody(body: AsyncIterable<Uint8Array>, most: number, url: URL): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > most)
      throw new SkillError('E_PACKAGE', `${shownUrl(url)} sends more than ${most} bytes`, {
        hint: 'a package is not that large; look at what the address leads to',
        details: { reason: 'too_large' },
      });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function firstOfEach(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const first: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(headers)) first[name.toLowerCase()] = [value].flat()[0] ?? '';
  return first;
}

function refuse(reason: string, url: URL, what: string): SkillError {
  return new SkillError('E_NETWORK', `${shownUrl(url)} ${what}`, {
    hint: 'whoever runs the server mends that',
    details: { reason },
  });
}
