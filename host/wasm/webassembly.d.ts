// The part of the WebAssembly JavaScript API that is used here. TypeScript declares it only together with the whole DOM,
// whose globals (`fetch`, `self`, …) do not belong in this code.
declare namespace WebAssembly {
  type Imports = Record<string, Record<string, unknown>>;
  class Module {
    private readonly brand;
    constructor(bytes: Uint8Array);
  }
  class Instance {
    readonly exports: Record<string, unknown>;
    constructor(module: Module, imports?: Imports);
  }
  class Memory {
    readonly buffer: ArrayBuffer;
  }
  class Global {
    value: bigint;
    constructor(type: { readonly value: 'i64'; readonly mutable: true }, value: bigint);
  }
  class RuntimeError extends Error {}
  class CompileError extends Error {}
  class LinkError extends Error {}
  function compile(bytes: Uint8Array): Promise<Module>;
  function validate(bytes: Uint8Array): boolean;
}
