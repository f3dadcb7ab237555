import { type GuestContext, HostCallError } from '../../context.ts';
import { Pollable } from '../io.ts';
import { fromText, isForbidden, toText } from './fields.ts';
import { IncomingResponse, type OutgoingRequest, type Tagged } from './messages.ts';

/** An exchange, carried out when the guest waits for it and its request is complete. It blocks: by then all is written. */
export class FutureResponse {
  readonly #context: GuestContext;
  readonly #request: OutgoingRequest;
  #outcome: Tagged | undefined;
  #taken = false;

  constructor(context: GuestContext, request: OutgoingRequest) {
    this.#context = context;
    this.#request = request;
  }

  subscribe(): Pollable {
    return new Pollable(undefined, {
      isDue: () => this.#outcome !== undefined || this.#request.complete,
      settle: () => void this.settle(),
    });
  }

  settle(): Tagged {
    if (this.#outcome !== undefined) return this.#outcome;
    try {
      this.#outcome = carryOut(this.#context, this.#request);
    } catch (error) {
      if (!(error instanceof HostCallError)) throw error;
      this.#outcome = { tag: 'err', val: errorCode(error) };
    }
    this.#request.content.clear();
    return this.#outcome;
  }

  /** `option<result<result<response, error-code>>>`: none before the request is complete, an empty error the second time. */
  take(): unknown {
    if (this.#taken) return { tag: 'err', val: undefined };
    if (this.#outcome === undefined && !this.#request.complete) return null;
    this.#taken = true;
    return { tag: 'ok', val: this.settle() };
  }
}

function carryOut({ hostCall }: GuestContext, request: OutgoingRequest): Tagged {
  const { content } = request;
  if (content.state === 'dropped') return { tag: 'err', val: { tag: 'HTTP-protocol-error' } };
  const body = content.bytes();
  const headers = request.headers.entries.map(([name, value]): [string, string] => [name, toText(value)]);
  const length = headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1];
  if (length !== undefined && length !== String(body.length))
    return { tag: 'err', val: { tag: 'HTTP-request-body-size', val: BigInt(body.length) } };
  // The connection writes these itself.
  const sent = headers.filter(([name]) => !isForbidden(name) && name.toLowerCase() !== 'content-length');
  const answer = hostCall('http.fetch', methodOf(request), urlOf(request), sent, body);
  const [status, fields, received] = answer as [number, [string, string][], Uint8Array];
  return {
    tag: 'ok',
    val: new IncomingResponse(
      status,
      fields.map(([name, value]) => [name, fromText(value)] as const),
      received,
    ),
  };
}

function methodOf({ method }: OutgoingRequest): string {
  return method.tag === 'other' ? String(method.val) : method.tag.toUpperCase();
}

function urlOf({ scheme, authority, path }: OutgoingRequest): string {
  const protocol = scheme === null ? 'https' : scheme.tag === 'other' ? String(scheme.val) : scheme.tag.toLowerCase();
  return `${protocol}://${authority ?? ''}${path?.startsWith('/') === false ? '/' : ''}${path ?? '/'}`;
}

function errorCode(error: HostCallError): Tagged {
  switch (error.code) {
    case 'denied':
      return { tag: 'HTTP-request-denied' };
    case 'invalid':
      return { tag: 'HTTP-request-URI-invalid' };
    case 'not-found':
      return { tag: 'DNS-error', val: { rcode: error.message.slice(0, 200), 'info-code': null } };
    case 'timeout':
      return { tag: 'connection-timeout' };
    case 'too-large':
      return { tag: 'HTTP-response-body-size', val: null };
    default:
      return { tag: 'internal-error', val: error.message };
  }
}
