import { DISPOSE } from '../../../component/resource.ts';
import { ResultError } from '../../../component/trap.ts';
import { ByteGatherer } from '../../gather.ts';
import type { Budget } from '../budget.ts';
import { InputStream, OutputStream, sourceOf } from '../io.ts';
import { type Entry, Fields, fromText } from './fields.ts';

export type Tagged = { readonly tag: string; readonly val?: unknown };

/** A body being written by the guest. */
export class OutgoingBody {
  readonly #budget: Budget;
  #written = new ByteGatherer();
  #taken = false;
  /** `dropped` before it was finished: what is there may be half of it. */
  state: 'open' | 'finished' | 'dropped' = 'open';

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  stream(): OutputStream {
    if (this.#taken) throw new ResultError(undefined);
    this.#taken = true;
    return new OutputStream((bytes) => {
      this.#budget.take(bytes.length);
      this.#written.push(bytes);
    });
  }

  bytes(): Uint8Array {
    return this.#written.bytes();
  }

  /** Forgets the bytes, once they were sent. */
  clear(): void {
    this.#budget.giveBack(this.#written.size);
    this.#written = new ByteGatherer();
  }

  [DISPOSE](): void {
    if (this.state === 'open') this.state = 'dropped';
  }
}

/** What requests and responses share on their way out: headers, and one body that can be taken once. */
class Outgoing {
  readonly headers: Fields;
  readonly content: OutgoingBody;
  #taken = false;

  constructor(headers: Fields, budget: Budget) {
    this.headers = new Fields(headers.entries, undefined);
    this.content = new OutgoingBody(budget);
  }

  body(): OutgoingBody {
    if (this.#taken) throw new ResultError(undefined);
    this.#taken = true;
    return this.content;
  }

  /** Nobody can write more of the body. */
  get complete(): boolean {
    return !this.#taken || this.content.state !== 'open';
  }
}

export class OutgoingRequest extends Outgoing {
  method: Tagged = { tag: 'get' };
  scheme: Tagged | null = null;
  authority: string | null = null;
  path: string | null = null;

  [DISPOSE](): void {
    this.content.clear();
  }
}

export class OutgoingResponse extends Outgoing {
  status = 200;
}

export class IncomingBody {
  readonly #bytes: Uint8Array;
  #taken = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  stream(): InputStream {
    if (this.#taken) throw new ResultError(undefined);
    this.#taken = true;
    return new InputStream(sourceOf(this.#bytes));
  }
}

class Incoming {
  readonly headers: Fields;
  readonly #content: Uint8Array;
  #taken = false;

  constructor(headers: readonly Entry[], content: Uint8Array) {
    this.headers = new Fields(headers, undefined);
    this.#content = content;
  }

  consume(): IncomingBody {
    if (this.#taken) throw new ResultError(undefined);
    this.#taken = true;
    return new IncomingBody(this.#content);
  }
}

export class IncomingResponse extends Incoming {
  readonly status: number;

  constructor(status: number, headers: readonly Entry[], content: Uint8Array) {
    super(headers, content);
    this.status = status;
  }
}

const METHODS = ['get', 'head', 'post', 'put', 'delete', 'connect', 'options', 'trace', 'patch'];

export interface PlainRequest {
  readonly method: string;
  readonly path: string;
  readonly authority: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array;
}

/** A request handed to a guest that exports `wasi:http/incoming-handler`. */
export class IncomingRequest extends Incoming {
  readonly method: Tagged;
  readonly path: string;
  readonly authority: string;

  constructor({ method, path, authority, headers, body }: PlainRequest) {
    super(
      headers.map(([name, value]) => [name, fromText(value)] as const),
      body,
    );
    this.method = METHODS.includes(method.toLowerCase())
      ? { tag: method.toLowerCase() }
      : { tag: 'other', val: method };
    this.path = path;
    this.authority = authority;
  }
}

/** Where such a guest leaves its answer. */
export class ResponseOutparam {
  response:
    | { readonly tag: 'ok'; readonly val: OutgoingResponse }
    | { readonly tag: 'err'; readonly val: Tagged }
    | undefined;
}
