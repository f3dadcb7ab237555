// The function of `skillhost:guest/http@0.1.0`.
import { putString, room, takeBytes, takeString, toUtf8 } from './abi';
import { Answer, takeError } from './host-error';

// @ts-ignore: decorator
@external("skillhost:guest/http@0.1.0", "fetch")
declare function hostFetch(
  method: usize,
  methodLength: i32,
  url: usize,
  urlLength: i32,
  headers: usize,
  headerCount: i32,
  body: usize,
  bodyLength: i32,
  answer: usize,
): void;

export class Header {
  constructor(
    readonly name: string,
    readonly value: string,
  ) {}
}

export class Response {
  constructor(
    readonly status: i32,
    readonly headers: Header[],
    readonly body: Uint8Array,
  ) {}

  /** The first header of that name, which is given in lower case; null when there is none. */
  header(name: string): string | null {
    for (let i = 0; i < this.headers.length; i++) {
      if (this.headers[i].name.toLowerCase() == name) return this.headers[i].value;
    }
    return null;
  }
}

/** One exchange without a request body. */
export function fetch(method: string, url: string, headers: Header[]): Answer<Response> {
  const verb = toUtf8(method);
  const target = toUtf8(url);
  const answer = room(24);
  hostFetch(
    verb.dataStart,
    verb.byteLength,
    target.dataStart,
    target.byteLength,
    putHeaders(headers),
    headers.length,
    0,
    0,
    answer,
  );
  const error = takeError(answer);
  if (error != null) return new Answer<Response>(null, error);
  return new Answer(
    new Response(
      load<i32>(answer, 4),
      takeHeaders(load<usize>(answer, 8), load<i32>(answer, 12)),
      takeBytes(load<usize>(answer, 16), load<usize>(answer, 20)),
    ),
    null,
  );
}

/** Lays headers out as `list<header>` and returns the address of the first; the host expects two strings for each. */
export function putHeaders(headers: Header[]): usize {
  const items = room(16 * headers.length);
  for (let i = 0; i < headers.length; i++) {
    putString(items + 16 * i, headers[i].name);
    putString(items + 16 * i + 8, headers[i].value);
  }
  return items;
}

function takeHeaders(items: usize, count: i32): Header[] {
  const headers = new Array<Header>();
  for (let i = 0; i < count; i++) {
    const item = items + 16 * i;
    const name = takeString(load<usize>(item), load<usize>(item, 4));
    headers.push(new Header(name, takeString(load<usize>(item, 8), load<usize>(item, 12))));
  }
  return headers;
}
