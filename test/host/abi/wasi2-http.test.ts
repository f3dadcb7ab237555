import { describe, expect, it } from 'vitest';
import { HostCallError } from '../../../host/abi/context.ts';
import { IncomingRequest, readResponse, ResponseOutparam } from '../../../host/abi/wasi2/http.ts';
import { DISPOSE } from '../../../host/component/resource.ts';
import { fakeContext, interfacesOf } from './fake-context.ts';

const T = 'wasi:http/types';
const S = 'wasi:io/streams#[method]';
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const text = (value: Uint8Array): string => Buffer.from(value).toString();
const drop = (resource: unknown): void => (resource as { [DISPOSE](): void })[DISPOSE]();
const ANSWER = [
  200,
  [
    ['content-type', 'text/plain'],
    ['set-cookie', 'a'],
    ['Set-Cookie', 'b'],
  ],
  bytes('answer'),
];

function use(fetch: (...args: never[]) => unknown = () => ANSWER) {
  const context = fakeContext({ 'http.fetch': fetch as () => null });
  const { call } = interfacesOf(context);
  const fields = (...entries: [string, string][]): unknown =>
    call(
      `${T}#[static]fields.from-list`,
      entries.map(([name, value]) => [name, bytes(value)]),
    );
  const request = (...headers: [string, string][]): unknown => {
    const made = call(`${T}#[constructor]outgoing-request`, fields(...headers));
    call(`${T}#[method]outgoing-request.set-authority`, made, 'example.org');
    return made;
  };
  const send = (made: unknown): unknown => call('wasi:http/outgoing-handler#handle', made, null);
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- who names a function knows what it answers
  const get = <V = unknown>(future: unknown): V => call<V>(`${T}#[method]future-incoming-response.get`, future);
  const write = (made: unknown, content: string): unknown => {
    const body = call(`${T}#[method]outgoing-request.body`, made);
    const stream = call(`${T}#[method]outgoing-body.write`, body);
    call(`${S}output-stream.blocking-write-and-flush`, stream, bytes(content));
    drop(stream);
    return body;
  };
  return { context, call, fields, request, send, get, write };
}

describe('fields of wasi:http [R-WASI-1]', () => {
  it('are a multimap that ignores the case of names', () => {
    const { call, fields } = use();
    const made = fields(['A', '1'], ['b', '2'], ['a', '3']);
    const get = (name: string): string[] => call<Uint8Array[]>(`${T}#[method]fields.get`, made, name).map(text);
    expect(get('a')).toEqual(['1', '3']);
    expect(get('absent')).toEqual([]);
    expect(call(`${T}#[method]fields.has`, made, 'B')).toBe(true);
    call(`${T}#[method]fields.append`, made, 'B', bytes('4'));
    call(`${T}#[method]fields.set`, made, 'a', [bytes('5'), bytes('6')]);
    expect([get('b'), get('A')]).toEqual([
      ['2', '4'],
      ['5', '6'],
    ]);
    const copy = call(`${T}#[method]fields.clone`, made);
    call(`${T}#[method]fields.delete`, made, 'B');
    expect(call(`${T}#[method]fields.has`, made, 'b')).toBe(false);
    expect(call(`${T}#[method]fields.has`, copy, 'b')).toBe(true);
    expect(call<unknown[]>(`${T}#[method]fields.entries`, made)).toHaveLength(2);
    expect(call(`${T}#[method]fields.entries`, call(`${T}#[constructor]fields`))).toEqual([]);
  });

  it.each([
    ['', 'x', 'invalid-syntax'],
    ['a b', 'x', 'invalid-syntax'],
    ['a\r\nb', 'x', 'invalid-syntax'],
    ['ä', 'x', 'invalid-syntax'],
    ['a', 'x\r\ny: z', 'invalid-syntax'],
    ['a', '\0', 'invalid-syntax'],
    ['Host', 'other.example', 'forbidden'],
    ['transfer-encoding', 'chunked', 'forbidden'],
    ['Connection', 'close', 'forbidden'],
  ])('refuse %j: %j as %s', (name, value, tag) => {
    const { call, fields } = use();
    const made = fields();
    expect(fields([name, value])).toEqual({ err: { tag } });
    expect(call(`${T}#[method]fields.append`, made, name, bytes(value))).toEqual({ err: { tag } });
    expect(call(`${T}#[method]fields.set`, made, name, [bytes(value)])).toEqual({ err: { tag } });
    expect(call(`${T}#[method]fields.entries`, made)).toEqual([]);
  });

  it('cannot be changed once they belong to a message', () => {
    const { call, fields } = use();
    const headers = call(
      `${T}#[method]outgoing-request.headers`,
      call(`${T}#[constructor]outgoing-request`, fields(['a', '1'])),
    );
    const immutable = { err: { tag: 'immutable' } };
    expect(call(`${T}#[method]fields.append`, headers, 'b', bytes('2'))).toEqual(immutable);
    expect(call(`${T}#[method]fields.set`, headers, 'a', [])).toEqual(immutable);
    expect(call(`${T}#[method]fields.delete`, headers, 'a')).toEqual(immutable);
    expect(
      call(`${T}#[method]fields.append`, call(`${T}#[method]fields.clone`, headers), 'b', bytes('2')),
    ).toBeUndefined();
  });

  it('cannot fill the process', () => {
    const { call, fields } = use();
    const made = fields();
    const value = new Uint8Array(1 << 20);
    const fill = (): void => {
      for (let i = 0; i < 100; i++) call(`${T}#[method]fields.append`, made, 'a', value.fill(65));
    };
    expect(fill).toThrow('http_kept_bytes');
    drop(made);
    expect(call(`${T}#[method]fields.append`, fields(), 'a', value)).toBeUndefined();
  });
});

describe('outgoing requests of wasi:http [R-WASI-1]', () => {
  it('carry method, address, headers and body to the host, when they are waited for', () => {
    const { context, call, request, send, get, write } = use();
    const made = request(['X-One', 'ä'], ['Content-Length', '7']);
    call(`${T}#[method]outgoing-request.set-method`, made, { tag: 'post' });
    call(`${T}#[method]outgoing-request.set-scheme`, made, { tag: 'HTTP' });
    call(`${T}#[method]outgoing-request.set-authority`, made, 'example.org:8080');
    call(`${T}#[method]outgoing-request.set-path-with-query`, made, '/a?b=c');
    expect(call(`${T}#[method]outgoing-request.method`, made)).toEqual({ tag: 'post' });
    expect(call(`${T}#[method]outgoing-request.scheme`, made)).toEqual({ tag: 'HTTP' });
    expect(call(`${T}#[method]outgoing-request.authority`, made)).toBe('example.org:8080');
    expect(call(`${T}#[method]outgoing-request.path-with-query`, made)).toBe('/a?b=c');
    const future = send(made);
    const body = write(made, 'content');
    expect(context.asked).toEqual([]);
    // Its body may still grow.
    expect(get(future)).toBe(null);
    call(`${T}#[static]outgoing-body.finish`, body, null);
    const answer = get<{ val: { val: unknown } }>(future).val.val;
    const latin = Buffer.from('ä').toString('latin1');
    expect(context.asked).toEqual([
      ['http.fetch', 'POST', 'http://example.org:8080/a?b=c', [['X-One', latin]], 'content'],
    ]);
    expect(call(`${T}#[method]incoming-response.status`, answer)).toBe(200);
    expect(
      call<Uint8Array[]>(
        `${T}#[method]fields.get`,
        call(`${T}#[method]incoming-response.headers`, answer),
        'SET-COOKIE',
      ).map(text),
    ).toEqual(['a', 'b']);
    expect(get(future)).toEqual({ tag: 'err', val: undefined });
  });

  it('default to GET https, whole path', () => {
    const { context, request, send, get } = use();
    get(send(request()));
    expect(context.asked).toEqual([['http.fetch', 'GET', 'https://example.org/', [], '']]);
  });

  it('are not sent before the guest had its turn: a poll prefers whatever else is ready', () => {
    const { context, call, request, send, write } = use();
    const made = request();
    const subscribed = call(`${T}#[method]future-incoming-response.subscribe`, send(made));
    const body = call(`${T}#[method]outgoing-request.body`, made);
    const writable = call(`${S}output-stream.subscribe`, call(`${T}#[method]outgoing-body.write`, body));
    expect(call('wasi:io/poll#poll', [subscribed, writable])).toEqual([1]);
    expect(call('wasi:io/poll#[method]pollable.ready', subscribed)).toBe(false);
    expect(context.asked).toEqual([]);
    call(`${T}#[static]outgoing-body.finish`, body, null);
    expect(call('wasi:io/poll#poll', [subscribed, writable])).toEqual([0, 1]);
    expect(context.asked).toHaveLength(1);
    const other = request();
    const later = call(`${T}#[method]future-incoming-response.subscribe`, send(other));
    write(other, 'half');
    expect(call('wasi:io/poll#poll', [later])).toEqual([0]);
    expect(context.asked).toHaveLength(2);
  });

  it('refuse addresses and methods that are none', () => {
    const { call, request } = use();
    const made = request();
    const set = (what: string, value: unknown): unknown =>
      call(`${T}#[method]outgoing-request.set-${what}`, made, value);
    const refused = { err: undefined };
    for (const authority of ['', 'a b', 'a/b', 'user@host', 'host#x', 'host?x', 'host\\x'])
      expect(set('authority', authority)).toEqual(refused);
    for (const path of ['no-slash', '/a b', '/a\r\nb', '/a#b']) expect(set('path-with-query', path)).toEqual(refused);
    expect(set('method', { tag: 'other', val: 'A B' })).toEqual(refused);
    expect(set('scheme', { tag: 'other', val: 'x y' })).toEqual(refused);
    expect(set('method', { tag: 'other', val: 'PROPFIND' })).toBeUndefined();
    expect(set('scheme', { tag: 'other', val: 'ftp' })).toBeUndefined();
    for (const what of ['authority', 'path-with-query', 'scheme']) expect(set(what, null)).toBeUndefined();
  });

  it('give their body once, and each body one stream', () => {
    const { call, request } = use();
    const made = request();
    const body = call(`${T}#[method]outgoing-request.body`, made);
    expect(call(`${T}#[method]outgoing-request.body`, made)).toEqual({ err: undefined });
    call(`${T}#[method]outgoing-body.write`, body);
    expect(call(`${T}#[method]outgoing-body.write`, body)).toEqual({ err: undefined });
  });

  it('are not sent by halves', () => {
    const { context, call, request, send, get, write } = use();
    const made = request();
    drop(write(made, 'half of it'));
    expect(get(send(made))).toEqual({ tag: 'ok', val: { tag: 'err', val: { tag: 'HTTP-protocol-error' } } });
    const wrong = request(['content-length', '5']);
    call(`${T}#[static]outgoing-body.finish`, write(wrong, 'four'), null);
    expect(get(send(wrong))).toEqual({
      tag: 'ok',
      val: { tag: 'err', val: { tag: 'HTTP-request-body-size', val: 4n } },
    });
    expect(context.asked).toEqual([]);
  });

  it('cannot fill the process with bodies, and may send any number of them', () => {
    const { call, request, send, get, write } = use();
    const mebibytes = 'x'.repeat(1 << 20);
    for (let i = 0; i < 80; i++) {
      const made = request();
      call(`${T}#[static]outgoing-body.finish`, write(made, mebibytes), null);
      get(send(made));
    }
    expect(() => Array.from({ length: 80 }, () => write(request(), mebibytes))).toThrow('http_kept_bytes');
  });

  it.each([
    ['denied', { tag: 'HTTP-request-denied' }],
    ['invalid', { tag: 'HTTP-request-URI-invalid' }],
    ['not-found', { tag: 'DNS-error', val: { rcode: 'refused', 'info-code': null } }],
    ['timeout', { tag: 'connection-timeout' }],
    ['too-large', { tag: 'HTTP-response-body-size', val: null }],
    ['rate-limited', { tag: 'internal-error', val: 'refused' }],
    ['failed', { tag: 'internal-error', val: 'refused' }],
  ] as const)('fail as %s with an error code', (code, expected) => {
    const { request, send, get } = use(() => {
      throw new HostCallError(code, 'refused');
    });
    expect(get(send(request()))).toEqual({ tag: 'ok', val: { tag: 'err', val: expected } });
  });

  it('take options, which the host keeps within its own', () => {
    const { call } = use();
    const options = call(`${T}#[constructor]request-options`);
    for (const name of ['connect-timeout', 'first-byte-timeout', 'between-bytes-timeout']) {
      expect(call(`${T}#[method]request-options.${name}`, options)).toBe(null);
      call(`${T}#[method]request-options.set-${name}`, options, 5n);
      expect(call(`${T}#[method]request-options.${name}`, options)).toBe(5n);
      call(`${T}#[method]request-options.set-${name}`, options, null);
      expect(call(`${T}#[method]request-options.${name}`, options)).toBe(null);
    }
  });
});

describe('incoming messages of wasi:http [R-WASI-1]', () => {
  it('give a body once, and then its trailers, of which there are none', () => {
    const { call, request, send, get } = use();
    const response = get<{ val: { val: unknown } }>(send(request())).val.val;
    const body = call(`${T}#[method]incoming-response.consume`, response);
    expect(call(`${T}#[method]incoming-response.consume`, response)).toEqual({ err: undefined });
    const stream = call(`${T}#[method]incoming-body.stream`, body);
    expect(call(`${T}#[method]incoming-body.stream`, body)).toEqual({ err: undefined });
    expect(text(call(`${S}input-stream.blocking-read`, stream, 100n))).toBe('answer');
    expect(call(`${S}input-stream.blocking-read`, stream, 100n)).toEqual({ err: { tag: 'closed' } });
    const trailers = call(`${T}#[static]incoming-body.finish`, body);
    call('wasi:io/poll#[method]pollable.block', call(`${T}#[method]future-trailers.subscribe`, trailers));
    expect(call(`${T}#[method]future-trailers.get`, trailers)).toEqual({ tag: 'ok', val: { tag: 'ok', val: null } });
    expect(call(`${T}#[method]future-trailers.get`, trailers)).toEqual({ tag: 'err', val: undefined });
  });

  it('are read by a handler', () => {
    const { call } = use();
    const request = new IncomingRequest({
      method: 'post',
      path: '/x?y',
      authority: 'a.example',
      headers: [
        ['host', 'a.example'],
        ['b', 'c'],
      ],
      body: bytes('in'),
    });
    const ask = (what: string): unknown => call(`${T}#[method]incoming-request.${what}`, request);
    expect([ask('method'), ask('path-with-query'), ask('scheme'), ask('authority')]).toEqual([
      { tag: 'post' },
      '/x?y',
      { tag: 'HTTP' },
      'a.example',
    ]);
    expect(call(`${T}#[method]fields.append`, ask('headers'), 'd', bytes('e'))).toEqual({ err: { tag: 'immutable' } });
    expect(text(call(`${S}input-stream.read`, call(`${T}#[method]incoming-body.stream`, ask('consume')), 9n))).toBe(
      'in',
    );
    expect(
      new IncomingRequest({ method: 'PURGE', path: '/', authority: '', headers: [], body: bytes('') }).method,
    ).toEqual({ tag: 'other', val: 'PURGE' });
  });

  it('are answered by a handler', () => {
    const { call, fields } = use();
    const response = call(`${T}#[constructor]outgoing-response`, fields(['x-a', 'b']));
    expect(call(`${T}#[method]outgoing-response.status-code`, response)).toBe(200);
    expect(call(`${T}#[method]outgoing-response.set-status-code`, response, 42)).toEqual({ err: undefined });
    call(`${T}#[method]outgoing-response.set-status-code`, response, 404);
    const outparam = new ResponseOutparam();
    expect(readResponse(outparam)).toEqual({ error: 'the guest set no response' });
    expect(call(`${T}#[method]response-outparam.send-informational`, outparam, 103, fields())).toMatchObject({
      err: { tag: 'internal-error' },
    });
    const body = call(`${T}#[method]outgoing-response.body`, response);
    call(`${T}#[static]response-outparam.set`, outparam, { tag: 'ok', val: response });
    call(`${S}output-stream.write`, call(`${T}#[method]outgoing-body.write`, body), bytes('out'));
    call(`${T}#[static]outgoing-body.finish`, body, null);
    expect(readResponse(outparam)).toEqual({ status: 404, headers: [['x-a', 'b']], body: bytes('out') });
    call(`${T}#[static]response-outparam.set`, outparam, { tag: 'err', val: { tag: 'HTTP-protocol-error' } });
    expect(readResponse(outparam)).toEqual({ error: 'HTTP-protocol-error' });
  });
});
