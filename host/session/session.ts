import { randomBytes } from 'node:crypto';
import { GuestError, SkillError } from '../errors.ts';
import type { OpenProgram } from '../command/open-program.ts';
import { quote } from '../quote.ts';
import type { Driver } from './drivers.ts';
import { MarkedOutput } from './marked-output.ts';

export interface SessionRequest {
  readonly code: string;
  /** Milliseconds. */
  readonly timeoutMs: number;
  /** Of output; KiB. */
  readonly outputKb: number;
  readonly signal?: AbortSignal | undefined;
}

/** What one request printed, and why it failed if it did. */
export interface SessionReply {
  readonly stdout: string;
  readonly stderr: string;
  /** As the interpreter says it, or the status of a shell. */
  readonly error: string | undefined;
}

const MARK_BYTES = 16;
/** Of what comes while nobody asked, and belongs to the next request. */
const IDLE_BYTES = 1024 * 1024;

/**
 * A program that takes one request after another and remembers what they left. It dies with all it started when a request
 * takes too long, prints too much, or is aborted: nobody knows what state it would be in.
 */
export class Session {
  readonly #program: OpenProgram;
  readonly #driver: Driver;
  readonly #output = { stdout: new MarkedOutput(), stderr: new MarkedOutput() };
  #turn: Promise<unknown> = Promise.resolve();
  #wake = (): void => undefined;
  #failure: Error | undefined;
  #isIdle = true;

  constructor(program: OpenProgram, driver: Driver) {
    this.#program = program;
    this.#driver = driver;
    program.onOutput = (stream, chunk) => {
      this.#output[stream].add(chunk);
      const { stdout, stderr } = this.#output;
      if (this.#isIdle && stdout.size + stderr.size > IDLE_BYTES) program.end(tooMuchBetween());
      this.#wake();
    };
    void program.ended.then((why) => {
      this.#failure = why;
      this.#wake();
    });
  }

  get isOpen(): boolean {
    return this.#failure === undefined;
  }

  /** Bytes of memory and milliseconds of a processor, as last seen. */
  get usage(): OpenProgram['usage'] {
    return this.#program.usage;
  }

  /**
   * Sends one request and waits for its end; requests wait for each other.
   * @throws SkillError E_TIMEOUT, E_OUTPUT_LIMIT, E_ABORTED, E_MEMORY, E_RESOURCE; GuestError E_GUEST_DIED when the
   * program ended. After each of them the session is over.
   */
  send(request: SessionRequest): Promise<SessionReply> {
    const reply = this.#turn.then(() => this.#send(request));
    this.#turn = reply.catch(() => undefined);
    return reply;
  }

  close(): void {
    this.#program.end(new SkillError('E_ABORTED', 'the session was closed'));
  }

  async #send({ code, timeoutMs, outputKb, signal }: SessionRequest): Promise<SessionReply> {
    if (code.includes('\0')) throw new SkillError('E_INPUT', 'the code holds NUL, which no interpreter takes');
    const mark = randomBytes(MARK_BYTES).toString('hex');
    const timer = setTimeout(() => this.#program.end(tooLong(timeoutMs)), timeoutMs);
    const onAbort = (): void => this.#program.end(new SkillError('E_ABORTED', 'the run was ended by its caller'));
    if (signal?.aborted === true) onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      this.#isIdle = false;
      this.#program.write(this.#driver.encode(mark, code));
      return await this.#readReply(mark, outputKb);
    } finally {
      this.#isIdle = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  async #readReply(mark: string, outputKb: number): Promise<SessionReply> {
    const ends: { stdout?: string; stderr?: string; said?: string } = {};
    let size = 0;
    for (;;) {
      for (const stream of ['stdout', 'stderr'] as const) {
        const found = ends[stream] === undefined ? this.#output[stream].take(mark) : undefined;
        if (found === undefined) continue;
        ends[stream] = found.text.toString();
        size += found.text.length;
        if (stream === 'stderr') ends.said = found.rest;
      }
      const { stdout, stderr, said } = ends;
      const waiting =
        (stdout === undefined ? this.#output.stdout.size : 0) + (stderr === undefined ? this.#output.stderr.size : 0);
      if (size + waiting > outputKb * 1024) this.#program.end(tooMuch(outputKb));
      if (this.#failure !== undefined) throw this.#withOutput(this.#failure, ends);
      if (stdout !== undefined && stderr !== undefined) return { stdout, stderr, error: readEnd(said ?? '') };
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** What was printed before it ended is often why. */
  #withOutput(failure: Error, ends: { stdout?: string; stderr?: string }): Error {
    if (!(failure instanceof SkillError)) return failure;
    const stdout = ends.stdout ?? this.#output.stdout.text;
    const stderr = ends.stderr ?? this.#output.stderr.text;
    const details = { ...failure.details, stdout, stderr };
    const { code, message, hint } = failure;
    if (failure instanceof GuestError) return new GuestError(code, message, { hint, details, cause: failure });
    return new SkillError(code, message, { hint, details, cause: failure });
  }
}

/** What stands behind the mark: what the driver says of the request. */
function readEnd(said: string): string | undefined {
  try {
    const { error, status } = JSON.parse(said) as { error?: unknown; status?: unknown };
    if (typeof error === 'string') return error;
    return typeof status === 'number' && status !== 0 ? `status ${status}` : undefined;
  } catch {
    return `the interpreter ended it with ${quote(said, 100)}`;
  }
}

function tooLong(ms: number): SkillError {
  return new SkillError('E_TIMEOUT', `the request ran longer than timeout_ms = ${ms}, and the session was ended`, {
    hint: `raise it with --limit timeout_ms=${ms * 2}`,
    details: { limit: 'timeout_ms', value: ms, killedBy: 'timeout_ms' },
  });
}

function tooMuchBetween(): SkillError {
  return new SkillError(
    'E_OUTPUT_LIMIT',
    `the session printed more than ${IDLE_BYTES} bytes while no request ran, and was ended`,
    { hint: 'what its code leaves running must be quiet' },
  );
}

function tooMuch(kb: number): SkillError {
  return new SkillError(
    'E_OUTPUT_LIMIT',
    `the request printed more than output_kb = ${kb}, and the session was ended`,
    {
      hint: `raise it with --limit output_kb=${kb * 2}`,
      details: { limit: 'output_kb', value: kb, killedBy: 'output_kb' },
    },
  );
}
