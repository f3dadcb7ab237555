/** Remembers the memories of a guest, to say how large they became. */
export class MemoryMeter {
  readonly #memories = new Set<WebAssembly.Memory>();

  see(exports: object): void {
    for (const value of Object.values(exports)) if (value instanceof WebAssembly.Memory) this.#memories.add(value);
  }

  bytes(): number {
    return [...this.#memories].reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
  }
}
