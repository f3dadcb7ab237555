import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { systemError } from '../capability/walk.ts';
import { SkillError } from '../errors.ts';
import { quote } from '../quote.ts';
import { OPTIONS_FD, type SandboxLaunch, STATUS_FD } from './launch.ts';

/** What the sandbox says where the program cannot be started, and the code the system has for it. */
const START_FAILURES: readonly (readonly [RegExp, string])[] = [
  [/^bwrap: execvp .*: No such file or directory\n$/s, 'ENOENT'],
  [/^bwrap: execvp .*: Permission denied\n$/s, 'EACCES'],
  [/^bwrap: execvp .*: Exec format error\n$/s, 'ENOEXEC'],
  [/^bwrap: execvp .*: Argument list too long\n$/s, 'E2BIG'],
];

/** Talks with a sandbox: tells it its options, and hears whether the program was started at all. */
export class SandboxStatus {
  readonly #options: Writable;
  readonly #status: Readable;
  #heard = '';

  constructor(child: ChildProcess, { options }: SandboxLaunch) {
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
    if (killedBy !== null || this.#heard.includes('"exit-code"')) return undefined;
    const said = Buffer.from(stderr).toString();
    const code = START_FAILURES.find(([pattern]) => pattern.test(said))?.[1];
    if (code !== undefined) return systemError(code, `${quote(name)} cannot be started`);
    return new SkillError('E_UNAVAILABLE', `the sandbox for ${quote(name)} cannot be set up: ${quote(said.trim())}`, {
      hint: 'see that what was granted is there, and that bubblewrap works: bwrap --ro-bind / / true',
    });
  }
}
