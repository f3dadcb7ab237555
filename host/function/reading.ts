import { Gate, type GateRecord } from '../capability/gate.ts';
import type { Layer } from '../capability/layer.ts';
import { CEILINGS, resolveLimits } from '../limits.ts';
import { FileFunctions } from './files.ts';
import type { RunScope } from './scope.ts';

export interface ReadingOptions {
  /** All must allow. */
  readonly layers: () => readonly Layer[];
  /** Writes a decision down before its effect; when it throws, nothing is read. */
  readonly record: (record: GateRecord) => void;
  readonly cwd: string;
}

export interface ListedEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'other';
}

/** Reads files for whoever decided to: by the gate, and as guests read theirs. */
export class Reading {
  readonly #functions = new FileFunctions().functions;
  readonly #gate: Gate;

  constructor(options: ReadingOptions) {
    this.#gate = new Gate({ ...options, path: '' });
  }

  /** In the order of their names. @throws CapabilityDenied; HostCallRefusal; NodeJS.ErrnoException */
  list(path: string): readonly ListedEntry[] {
    const entries = this.#functions['fs.list']?.([path], this.#scope(1)) as unknown as [string, ListedEntry['kind']][];
    return entries.map(([name, kind]) => ({ name, kind }));
  }

  /**
   * A whole file of at most `mostKb` KiB.
   * @throws CapabilityDenied; HostCallRefusal too-large; NodeJS.ErrnoException
   */
  read(path: string, mostKb: number): Uint8Array {
    return this.#functions['fs.read-file']?.([path], this.#scope(mostKb)) as Uint8Array;
  }

  #scope(kb: number): RunScope {
    const limits = resolveLimits({ message_kb: Math.min(kb, CEILINGS.message_kb.hard) });
    return { gate: this.#gate, limits } as unknown as RunScope;
  }
}
