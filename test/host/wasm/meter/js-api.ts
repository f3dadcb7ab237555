/** The parts of the JavaScript interface to WebAssembly that only tests use. */
interface JavaScriptApi {
  readonly Module: new (bytes: Uint8Array) => WebAssembly.Module;
  readonly Instance: new (module: WebAssembly.Module, imports: unknown) => WebAssembly.Instance;
  readonly Global: new (type: { value: string; mutable?: boolean }, value?: unknown) => Cell;
  readonly Memory: new (type: { initial: number; maximum?: number }) => Memory;
  readonly Table: new (type: { element: string; initial: number; maximum?: number }, value?: unknown) => Table;
  readonly Tag: new (type: { parameters: readonly string[] }) => object;
  readonly Exception: (new (tag: object, payload: readonly unknown[]) => object) | undefined;
  readonly RuntimeError: new (message?: string) => Error;
  readonly LinkError: new (message?: string) => Error;
  readonly CompileError: new (message?: string) => Error;
  validate(bytes: Uint8Array): boolean;
}

export interface Cell {
  value: unknown;
}

export interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

export interface Table {
  readonly length: number;
  get(index: number): unknown;
}

export const wasm = WebAssembly as unknown as JavaScriptApi;
