import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { OPTIONS_FD, type SandboxLaunch, STATUS_FD } from './launch.ts';

/** Talks with a sandbox: tells it its options, and hears whether the program was started at all. */
export class SandboxStatus {
  readonly #options: Writable;
  readonly #status: Readable;
  readonly #explain: SandboxLaunch['explain'];
  #heard = '';

  constructor(child: ChildProcess, { options, explain }: SandboxLaunch) {
    this.#explain = explain;
    this.#options = child.stdio[OPTIONS_FD] as Writable;
    this.#status = child.stdio[STATUS_FD] as Readable;
    // One that ends before it has read them says why on its standard error.
    this.#options.on('error', () => undefined);
    this.#options.end(options.map((option) => `${option}\0`).join(''));
    this.#status.on('data', (chunk: Buffer) => (this.#heard += chunk.toString()));
  }

  destroy(): void {
    this.#options.destroy();
    this.#status.destroy();
  }

  /** Why the program was not started; undefined when it was, and what was written and its exit code are its own. */
  failure({
    name,
    killedBy,
    stderr,
  }: {
    readonly name: string;
    readonly killedBy: string | null;
    readonly stderr: Uint8Array;
  }): Error | undefined {
    if (killedBy !== null) return undefined;
    return this.#explain({ name, heard: this.#heard, stderr: Buffer.from(stderr).toString() });
  }
}
