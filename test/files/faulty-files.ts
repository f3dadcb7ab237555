import { DISK } from '../../src/files/disk.ts';
import type { Files } from '../../src/files/files.ts';

/** Thrown by everything a process would have done after it was killed. */
export class Dead extends Error {}

export interface Fault {
  /** Which call fails: the first is 1. */
  readonly at: number;
  /**
   * `dies`: the process is killed before the call; `dies-after`: just behind it; `half`: while it writes a file. A code of
   * the system, such as `ENOSPC`: the call fails once, or with `-on` at its end from then on.
   */
  readonly how: 'dies' | 'dies-after' | 'half' | `E${string}`;
}

/** The disk, of which one call goes wrong. `calls` counts all. */
export interface FaultyFiles extends Files {
  readonly calls: readonly string[];
}

export function faultyFiles(fault?: Fault): FaultyFiles {
  const calls: string[] = [];
  let dead = false;
  const guarded = <Args extends readonly unknown[]>(name: keyof Files, act: (...args: Args) => void) => {
    return (...args: Args): void => {
      if (dead) throw new Dead();
      calls.push(name);
      if (fault === undefined) return act(...args);
      const isNow = calls.length === fault.at;
      if (fault.how.startsWith('E')) {
        const [code = '', on] = fault.how.split('-');
        if (isNow || (on === 'on' && calls.length > fault.at)) throw systemError(code, name, String(args[0]));
        return act(...args);
      }
      if (!isNow) return act(...args);
      dead = true;
      if (fault.how === 'half' && name === 'writeNew') {
        const [path, bytes, mode] = args as unknown as [string, Uint8Array, number];
        DISK.writeNew(path, bytes.subarray(0, bytes.length >> 1), mode);
      } else if (fault.how !== 'dies') act(...args);
      throw new Dead();
    };
  };
  return {
    calls,
    makeDirectory: guarded('makeDirectory', DISK.makeDirectory),
    writeNew: guarded('writeNew', DISK.writeNew),
    rename: guarded('rename', DISK.rename),
    link: guarded('link', DISK.link),
    remove: guarded('remove', DISK.remove),
    removeDirectory: guarded('removeDirectory', DISK.removeDirectory),
    chmod: guarded('chmod', DISK.chmod),
    syncDirectory: guarded('syncDirectory', DISK.syncDirectory),
  };
}

function systemError(code: string, syscall: string, path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${syscall} '${path}'`), { code, syscall, path });
}
