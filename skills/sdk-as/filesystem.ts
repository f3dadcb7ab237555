// The functions of `skillhost:guest/filesystem@0.1.0`. The compiler imports only those a guest calls.
import { room, takeBytes, takeString, toUtf8 } from './abi';
import { Answer, HostError, takeError } from './host-error';

// @ts-ignore: decorator
@external("skillhost:guest/filesystem@0.1.0", "read-file")
declare function hostReadFile(path: usize, pathLength: i32, answer: usize): void;

// @ts-ignore: decorator
@external("skillhost:guest/filesystem@0.1.0", "write-file")
declare function hostWriteFile(path: usize, pathLength: i32, contents: usize, length: i32, answer: usize): void;

// @ts-ignore: decorator
@external("skillhost:guest/filesystem@0.1.0", "list-directory")
declare function hostListDirectory(path: usize, pathLength: i32, answer: usize): void;

export enum FileKind {
  file,
  directory,
  other,
}

export class Entry {
  constructor(
    readonly name: string,
    readonly kind: FileKind,
  ) {}
}

export function readFile(path: string): Answer<Uint8Array> {
  const name = toUtf8(path);
  const answer = room(16);
  hostReadFile(name.dataStart, name.byteLength, answer);
  const error = takeError(answer);
  if (error != null) return new Answer<Uint8Array>(null, error);
  return new Answer(takeBytes(load<usize>(answer, 4), load<usize>(answer, 8)), null);
}

/** Creates or replaces the file; null when that worked. */
export function writeFile(path: string, contents: Uint8Array): HostError | null {
  const name = toUtf8(path);
  const answer = room(16);
  hostWriteFile(name.dataStart, name.byteLength, contents.dataStart, contents.byteLength, answer);
  return takeError(answer);
}

/** Sorted by name. */
export function listDirectory(path: string): Answer<Entry[]> {
  const name = toUtf8(path);
  const answer = room(16);
  hostListDirectory(name.dataStart, name.byteLength, answer);
  const error = takeError(answer);
  if (error != null) return new Answer<Entry[]>(null, error);
  const items = load<usize>(answer, 4);
  const count = load<i32>(answer, 8);
  const entries = new Array<Entry>();
  for (let i = 0; i < count; i++) {
    const item = items + 12 * i;
    entries.push(new Entry(takeString(load<usize>(item), load<usize>(item, 4)), load<u8>(item, 8)));
  }
  return new Answer(entries, null);
}
