/** What a tool can reach. By itself nothing: every call is decided by what was declared and granted. */
export interface ToolContext {
  /** A line for whoever runs the tool. */
  readonly log: (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;
  readonly http: {
    /** One exchange; needs `network`. @throws HostError */
    readonly fetch: (url: string, request?: HttpRequest) => HttpResponse;
  };
  /** Whole files; needs `filesystem_read` and `filesystem_write`. Paths are relative to where the tool is run. */
  readonly files: {
    readonly read: (path: string) => Uint8Array;
    readonly readText: (path: string) => string;
    readonly write: (path: string, contents: string | Uint8Array) => void;
    readonly list: (path: string) => readonly FileEntry[];
    readonly stat: (path: string) => FileStat;
  };
  /** A variable; needs `env_read`. Undefined when it is not set. */
  readonly env: (name: string) => string | undefined;
  /** A secret; needs `secrets_access`. Undefined when there is none of that name. */
  readonly secret: (name: string) => string | undefined;
  /** What the skill keeps, for itself. */
  readonly state: {
    readonly get: (key: string) => Uint8Array | undefined;
    readonly getText: (key: string) => string | undefined;
    readonly set: (key: string, value: string | Uint8Array) => void;
    readonly delete: (key: string) => void;
    readonly keys: () => readonly string[];
  };
  /** What the skill can make again: any of it may be gone at any time. */
  readonly cache: {
    readonly get: (key: string) => Uint8Array | undefined;
    readonly getText: (key: string) => string | undefined;
    /** For so many milliseconds at the most. */
    readonly set: (key: string, value: string | Uint8Array, ttlMs: number) => void;
  };
  /** Runs a program, never a shell; needs `terminal_exec`. */
  readonly run: (program: string, args?: readonly string[], stdin?: string | Uint8Array) => CommandOutput;
}

export interface HttpRequest {
  /** `GET` when left out. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; of several values the last. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly text: () => string;
  readonly json: () => unknown;
}

export interface FileEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'other';
}

export interface FileStat {
  readonly kind: FileEntry['kind'];
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

export interface CommandOutput {
  /** The exit status, or 128 and the signal that ended it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Why the host refused or could not do something. */
export class HostError extends Error {
  override readonly name = 'HostError';
  /** As `error-code` in `wit/skillhost.wit`. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
