import type { JsonSchema } from '../component/json-schema.ts';

export type GuestKind = 'component' | 'extism' | 'wasi';

/** How one tool of a module is entered. Plain strings: this crosses the process wall. */
export interface Entry {
  readonly abi: 'component' | 'component-command' | 'http-handler' | 'extism' | 'wasi-command' | 'core';
  /** The exported interface, with its version; `''` at the root. */
  readonly interfaceName: string;
  readonly name: string;
}

/** `json`: arguments by schema. `raw`: bytes in, bytes out. `command`: words and standard input in, standard output out. */
export type ToolInput = 'json' | 'raw' | 'command';

/** One thing a module can do. */
export interface GuestTool {
  readonly name: string;
  readonly input: ToolInput;
  readonly parameters: JsonSchema | undefined;
  readonly returns: JsonSchema | undefined;
  readonly entry: Entry;
}

/** What a module is, read from its bytes without compiling anything. */
export interface ModuleDescription {
  readonly kind: GuestKind;
  readonly tools: readonly GuestTool[];
  /** Exports that cannot be tools, and why. */
  readonly notTools: readonly { readonly name: string; readonly reason: string }[];
  /** Interfaces (components) or namespaces (core modules) it imports from, sorted. */
  readonly imports: readonly string[];
}
