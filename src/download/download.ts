/** One exchange over HTTP, with redirects followed, or refused. */
export interface DownloadRequest {
  readonly url: string;
  /** Default `GET`. */
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Bytes of the answer; more are refused (E_PACKAGE). */
  readonly most: number;
  readonly signal: AbortSignal;
}

export interface DownloadAnswer {
  /** Any status; only redirects are taken care of. */
  readonly status: number;
  /** Names in lower case; the first of several. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  /** Where the answer came from, after redirects. */
  readonly url: string;
}

/**
 * Asks a server. Connects to public addresses, and to the others only for hosts the operator listed; what was checked is
 * what is connected to. @throws SkillError E_NETWORK, E_TIMEOUT, E_PACKAGE, E_DENIED, E_ABORTED
 */
export type Download = (request: DownloadRequest) => Promise<DownloadAnswer>;
