import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';

interface Open {
  readonly fd: number;
  readonly append: boolean;
  at: number;
}

/** Carries out the lines that test/fixtures/guests/posix.c understands, on this machine's own files, and answers alike. */
export class NativeFiles {
  readonly #folder: string;
  readonly #open = new Map<string, Open>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  perform(line: string): string {
    const [verb = '', slot = '', first = '', second = ''] = line.split(' ');
    if (verb === 'open') {
      this.#open.set(slot, { fd: openSync(join(this.#folder, second), first), append: first.startsWith('a'), at: 0 });
      return 'ok';
    }
    const file = this.#open.get(slot);
    if (file === undefined) return 'closed';
    const size = fstatSync(file.fd).size;
    switch (verb) {
      case 'read': {
        const bytes = readAt(file.fd, Number(first), file.at);
        file.at += bytes.length;
        return `ok ${bytes.length} ${hash(bytes)}${bytes.length < Number(first) ? ' end' : ''}`;
      }
      case 'pread': {
        const bytes = readAt(file.fd, Number(first), Number(second));
        return `ok ${bytes.length} ${hash(bytes)}`;
      }
      case 'write': {
        const bytes = filled(Number(first), Number(second));
        if (bytes.length === 0) return 'ok 0';
        const at = file.append ? size : file.at;
        writeSync(file.fd, bytes, 0, bytes.length, file.append ? null : at);
        file.at = at + bytes.length;
        return `ok ${bytes.length}`;
      }
      case 'pwrite':
        return `ok ${writeSync(file.fd, filled(64, Number(first)), 0, 64, Number(second))}`;
      case 'seek':
        file.at = Number(first) + (second === 'e' ? size : second === 'c' ? file.at : 0);
        return 'ok';
      case 'tell':
        return `ok ${file.at}`;
      case 'truncate':
        ftruncateSync(file.fd, Number(first));
        return 'ok';
      case 'size':
        return `ok ${size}`;
      case 'close':
        this.#open.delete(slot);
        closeSync(file.fd);
        return 'ok';
      default:
        return 'ok';
    }
  }

  close(): void {
    for (const { fd } of this.#open.values()) closeSync(fd);
    this.#open.clear();
  }
}

function readAt(fd: number, length: number, at: number): Uint8Array {
  const bytes = new Uint8Array(length);
  return bytes.subarray(0, readSync(fd, bytes, 0, length, at));
}

/** The pattern that posix.c writes. */
export function filled(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => seed + i * 7 + (i >> 8));
}

/** FNV-1a, as posix.c prints it. */
export function hash(bytes: Uint8Array): string {
  const value = bytes.reduce((h, byte) => Math.imul(h ^ byte, 16_777_619), 2_166_136_261 | 0);
  return (value >>> 0).toString(16).padStart(8, '0');
}
