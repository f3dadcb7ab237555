import { GuestError } from '../errors.ts';
import { type OutputStream, type ProcessStart, startProcess } from './start-process.ts';

/** A program that is kept running, and written to. */
export interface OpenProgram {
  /** Replaced by whoever listens; before, nothing is lost but nothing is heard. */
  onOutput: (stream: OutputStream, chunk: Uint8Array) => void;
  readonly write: (text: string) => void;
  /** Ends it with all it started; the first reason counts. */
  readonly end: (why: Error) => void;
  /** Why it ended; it never rejects. */
  readonly ended: Promise<Error>;
  /** As last seen. */
  readonly usage: { readonly memoryBytes: number; readonly cpuMs: number };
}

/** Starts a program and leaves it open. */
export function openProgram(start: ProcessStart): OpenProgram {
  let settle: (why: Error) => void = () => undefined;
  const ended = new Promise<Error>((resolve) => (settle = resolve));
  const running = startProcess(start, {
    onOutput: (stream, chunk) => program.onOutput(stream, chunk),
    onEnd: (end) => settle('failure' in end ? end.failure : endedItself(start.name, end.exitCode)),
  });
  const program: OpenProgram = {
    onOutput: () => undefined,
    write: (text) => void running?.stdin.write(text),
    end: (why) => running?.end(why),
    ended,
    get usage() {
      return { memoryBytes: running?.watch.peak ?? 0, cpuMs: running?.watch.cpuMs ?? 0 };
    },
  };
  return program;
}

function endedItself(name: string, status: number): GuestError {
  return new GuestError('E_GUEST_DIED', `${name} ended with status ${status}, and its session with it`, {
    hint: 'the next request begins a new one',
    details: { status },
  });
}
