import { ResultError } from '../../component/trap.ts';
import type { GuestContext } from '../context.ts';
import { defineInterface, type HostInterface } from '../functions.ts';
import { Budget } from './budget.ts';
import { FutureResponse } from './http/exchange.ts';
import { checkField, type Entry, Fields, isToken, toText } from './http/fields.ts';
import {
  type IncomingBody,
  IncomingRequest,
  type IncomingResponse,
  type OutgoingBody,
  OutgoingRequest,
  OutgoingResponse,
  ResponseOutparam,
  type Tagged,
} from './http/messages.ts';
import { type IoError, Pollable } from './io.ts';

export { IncomingRequest, ResponseOutparam };

const AUTHORITY = /^[^\s/?#\\@]+$/;
const PATH = /^[/?][^\s#]*$/;
const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*$/;
const SCHEMES = ['HTTP', 'HTTPS'];

/** There are never any trailers. */
class FutureTrailers {
  #taken = false;

  take(): unknown {
    if (this.#taken) return { tag: 'err', val: undefined };
    this.#taken = true;
    return { tag: 'ok', val: { tag: 'ok', val: null } };
  }
}

const OPTIONS = ['connect-timeout', 'first-byte-timeout', 'between-bytes-timeout'];

export function httpInterfaces(context: GuestContext): [string, HostInterface][] {
  const timeouts = OPTIONS.flatMap((name) => [
    [`[method]request-options.${name}`, (self: Map<string, bigint>) => self.get(name) ?? null],
    [
      `[method]request-options.set-${name}`,
      (self: Map<string, bigint>, value: bigint | null) => (value === null ? self.delete(name) : self.set(name, value)),
    ],
  ]) as [string, (...args: never[]) => unknown][];
  const budget = new Budget('http_kept_bytes');
  const types = defineInterface({
    'http-error-code': ({ code }: IoError) => (typeof code === 'object' ? code : null),
    '[constructor]fields': () => new Fields([], budget),
    '[static]fields.from-list': (entries: Entry[]) =>
      new Fields(
        entries.map(([name, value]) => checkField(name, value)),
        budget,
      ),
    '[method]fields.get': (self: Fields, name: string) => self.get(name),
    '[method]fields.has': (self: Fields, name: string) => self.get(name).length > 0,
    '[method]fields.set': (self: Fields, name: string, values: Uint8Array[]) => self.set(name, values),
    '[method]fields.delete': (self: Fields, name: string) => self.delete(name),
    '[method]fields.append': (self: Fields, name: string, value: Uint8Array) => self.append(name, value),
    '[method]fields.entries': (self: Fields) => self.entries,
    '[method]fields.clone': (self: Fields) => new Fields(self.entries, budget),
    '[constructor]request-options': () => new Map<string, bigint>(),
    ...Object.fromEntries(timeouts),
    '[constructor]outgoing-request': (headers: Fields) => new OutgoingRequest(headers, budget),
    '[method]outgoing-request.body': (self: OutgoingRequest) => self.body(),
    '[method]outgoing-request.headers': (self: OutgoingRequest) => self.headers,
    '[method]outgoing-request.method': (self: OutgoingRequest) => self.method,
    '[method]outgoing-request.set-method': (self: OutgoingRequest, method: Tagged) => {
      if (method.tag === 'other' && !isToken(String(method.val))) throw new ResultError(undefined);
      self.method = method;
    },
    '[method]outgoing-request.scheme': (self: OutgoingRequest) => self.scheme,
    '[method]outgoing-request.set-scheme': (self: OutgoingRequest, scheme: Tagged | null) => {
      if (scheme !== null && !SCHEMES.includes(scheme.tag) && !SCHEME.test(String(scheme.val)))
        throw new ResultError(undefined);
      self.scheme = scheme;
    },
    '[method]outgoing-request.authority': (self: OutgoingRequest) => self.authority,
    '[method]outgoing-request.set-authority': (self: OutgoingRequest, authority: string | null) => {
      if (authority !== null && !AUTHORITY.test(authority)) throw new ResultError(undefined);
      self.authority = authority;
    },
    '[method]outgoing-request.path-with-query': (self: OutgoingRequest) => self.path,
    '[method]outgoing-request.set-path-with-query': (self: OutgoingRequest, path: string | null) => {
      if (path !== null && path !== '' && !PATH.test(path)) throw new ResultError(undefined);
      self.path = path;
    },
    '[method]outgoing-body.write': (self: OutgoingBody) => self.stream(),
    '[static]outgoing-body.finish': (self: OutgoingBody, _trailers: unknown) => {
      self.state = 'finished';
    },
    '[constructor]outgoing-response': (headers: Fields) => new OutgoingResponse(headers, budget),
    '[method]outgoing-response.status-code': (self: OutgoingResponse) => self.status,
    '[method]outgoing-response.set-status-code': (self: OutgoingResponse, status: number) => {
      if (status < 100 || status > 999) throw new ResultError(undefined);
      self.status = status;
    },
    '[method]outgoing-response.headers': (self: OutgoingResponse) => self.headers,
    '[method]outgoing-response.body': (self: OutgoingResponse) => self.body(),
    '[method]response-outparam.send-informational': () => {
      throw new ResultError({ tag: 'internal-error', val: 'informational responses are not sent' });
    },
    '[static]response-outparam.set': (self: ResponseOutparam, response: ResponseOutparam['response']) =>
      void (self.response = response),
    '[method]incoming-request.method': (self: IncomingRequest) => self.method,
    '[method]incoming-request.path-with-query': (self: IncomingRequest) => self.path,
    '[method]incoming-request.scheme': () => ({ tag: 'HTTP' }),
    '[method]incoming-request.authority': (self: IncomingRequest) => self.authority,
    '[method]incoming-request.headers': (self: IncomingRequest) => self.headers,
    '[method]incoming-request.consume': (self: IncomingRequest) => self.consume(),
    '[method]incoming-response.status': (self: IncomingResponse) => self.status,
    '[method]incoming-response.headers': (self: IncomingResponse) => self.headers,
    '[method]incoming-response.consume': (self: IncomingResponse) => self.consume(),
    '[method]incoming-body.stream': (self: IncomingBody) => self.stream(),
    '[static]incoming-body.finish': () => new FutureTrailers(),
    '[method]future-trailers.subscribe': () => new Pollable(),
    '[method]future-trailers.get': (self: FutureTrailers) => self.take(),
    '[method]future-incoming-response.subscribe': (self: FutureResponse) => self.subscribe(),
    '[method]future-incoming-response.get': (self: FutureResponse) => self.take(),
  });
  const handler = defineInterface({
    handle: (request: OutgoingRequest, _options: unknown) => new FutureResponse(context, request),
  });
  return [
    ['wasi:http/types', types],
    ['wasi:http/outgoing-handler', handler],
  ];
}

/** What a guest answered to `wasi:http/incoming-handler`, as plain values. */
export function readResponse({
  response,
}: ResponseOutparam): { status: number; headers: [string, string][]; body: Uint8Array } | { error: string } {
  if (response === undefined) return { error: 'the guest set no response' };
  if (response.tag === 'err') return { error: response.val.tag };
  const { status, headers, content } = response.val;
  return { status, headers: headers.entries.map(([name, value]) => [name, toText(value)]), body: content.bytes() };
}
