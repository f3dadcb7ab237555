/** The functions of `wit/skillhost.wit`, as a guest in JavaScript imports them. */
export interface HostModules {
  readonly command: {
    readonly execute: (
      program: string,
      args: readonly string[],
      stdin: Uint8Array,
    ) => { readonly exitCode: number; readonly stdout: Uint8Array; readonly stderr: Uint8Array };
  };
  readonly filesystem: {
    readonly readFile: (path: string) => Uint8Array;
    readonly writeFile: (path: string, contents: Uint8Array) => void;
    readonly listDirectory: (path: string) => readonly { readonly name: string; readonly kind: HostFileKind }[];
    readonly stat: (path: string) => {
      readonly kind: HostFileKind;
      readonly size: bigint;
      readonly modified: bigint;
    };
  };
  readonly http: {
    readonly fetch: (request: {
      readonly method: string;
      readonly url: string;
      readonly headers: readonly { readonly name: string; readonly value: string }[];
      readonly body: Uint8Array;
    }) => {
      readonly status: number;
      readonly headers: readonly { readonly name: string; readonly value: string }[];
      readonly body: Uint8Array;
    };
  };
  readonly env: { readonly get: (name: string) => string };
  readonly secrets: { readonly get: (name: string) => string };
  readonly state: {
    readonly get: (key: string) => Uint8Array;
    readonly set: (key: string, value: Uint8Array) => void;
    readonly delete: (key: string) => void;
    readonly keys: () => readonly string[];
  };
  readonly cache: {
    readonly get: (key: string) => Uint8Array;
    readonly set: (key: string, value: Uint8Array, ttlMs: bigint) => void;
  };
  readonly log: { readonly log: (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void };
}

type HostFileKind = 'file' | 'directory' | 'other';
