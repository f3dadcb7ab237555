import type { GuestClock, GuestContext, OutputSink } from '../abi/context.ts';

/** Stands for the call that is on, for an instance that is there before its call begins, or after it has ended. */
export class CallContext implements GuestContext {
  #call: GuestContext | undefined;
  #wasAsked = false;

  /** Something was asked of it: what the guest did until now may depend on the call. */
  get wasAsked(): boolean {
    return this.#wasAsked;
  }

  begin(call: GuestContext): void {
    this.#call = call;
  }

  end(): void {
    this.#call = undefined;
  }

  readonly hostCall: GuestContext['hostCall'] = (operation, ...args) => this.#on.hostCall(operation, ...args);
  readonly random: GuestContext['random'] = (bytes) => this.#on.random(bytes);

  get roots(): readonly string[] {
    return this.#on.roots;
  }

  get messageBytes(): number {
    return this.#on.messageBytes;
  }

  get args(): readonly string[] {
    return this.#on.args;
  }

  get stdin(): Uint8Array {
    return this.#on.stdin;
  }

  get stdout(): OutputSink {
    return this.#on.stdout;
  }

  get stderr(): OutputSink {
    return this.#on.stderr;
  }

  get clock(): GuestClock {
    return this.#on.clock;
  }

  /** Refuses what a guest asks for before it is called. */
  missing(): never {
    this.#wasAsked = true;
    throw new Error('the guest asked for something before it was called');
  }

  get #on(): GuestContext {
    this.#wasAsked = true;
    return this.#call ?? this.missing();
  }
}
