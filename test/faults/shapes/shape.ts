import type { Limits } from '../../../host/limits.ts';

/** One way a guest may misbehave, and what its call must come to. */
export interface Shape {
  readonly name: string;
  /** WebAssembly text, or bytes where text would be too long; the round says which, if there are several. */
  readonly wasm?: string | ((round: number) => Uint8Array);
  /** So many zeros follow the bytes. */
  readonly padding?: number;
  /** Instead of a guest process: what `hostile-guest.mjs` does, with its parameter. */
  readonly hostile?: readonly [mode: string, parameter?: string];
  readonly tool: string;
  readonly input?: Readonly<Record<string, unknown>>;
  readonly limits?: Partial<Limits>;
  /** The code of the error; `ok` when the guest is simply told no. */
  readonly code: string;
  /** The limit that the error names; where the module differs by round, one for each in turn. */
  readonly limit?: string | readonly string[];
}

/** What a module needs so that its own skill can show that it is at your service again. */
export const ONE = '(func (export "one") (result i32) (i32.const 1))';
