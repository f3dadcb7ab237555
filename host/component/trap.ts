/** The guest did what the canonical ABI forbids; its instance is of no further use. */
export class Trap extends Error {
  override readonly name = 'Trap';
}

export function trap(message: string): never {
  throw new Trap(message);
}

/** The `err` of a component-level `result`: thrown by host functions, and by calls into a guest. */
export class ResultError extends Error {
  override readonly name = 'ResultError';
  readonly payload: unknown;

  constructor(payload: unknown) {
    super('the function returned err');
    this.payload = payload;
  }
}
