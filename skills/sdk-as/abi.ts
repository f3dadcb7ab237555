// The canonical ABI by hand: how strings, lists and records cross between a guest and its host. Offsets inside a record
// follow the component model's rules: each field at a multiple of its alignment, a string or a list as address and length.
// Nothing put in memory for the host is freed: an instance serves one call.

// cspell:words changetype
const REPLACE = String.UTF8.ErrorMode.REPLACE;

/** The host places arguments and answers with this; from then on the guest owns them. */
export function cabi_realloc(old: usize, oldSize: usize, align: usize, size: usize): usize {
  return old == 0 ? heap.alloc(size) : heap.realloc(old, size);
}

/** Replaces AssemblyScript's own `abort`, which would be an import nobody grants. */
export function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  unreachable();
}

export function takeString(at: usize, length: usize): string {
  if (length == 0) return '';
  const text = String.UTF8.decodeUnsafe(at, length);
  heap.free(at);
  return text;
}

export function takeBytes(at: usize, length: usize): Uint8Array {
  const bytes = new Uint8Array(<i32>length);
  if (length == 0) return bytes;
  memory.copy(bytes.dataStart, at, length);
  heap.free(at);
  return bytes;
}

/** Half of a surrogate pair becomes U+FFFD, because a host traps on text that is not UTF-8. */
export function toUtf8(text: string): Uint8Array {
  return Uint8Array.wrap(String.UTF8.encode(text, false, REPLACE));
}

/** Room for a record, or for the elements of a list; all zero, so enums and options need not be set to their first case. */
export function room(size: usize): usize {
  const at = heap.alloc(size);
  memory.fill(at, 0, size);
  return at;
}

export function putString(at: usize, text: string): void {
  const length = String.UTF8.byteLength(text);
  const bytes = heap.alloc(length);
  String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, bytes, false, REPLACE);
  putList(at, bytes, length);
}

/** The answer of a function that returns a string. */
export function answerString(text: string): usize {
  const answer = room(8);
  putString(answer, text);
  return answer;
}

export function putList(at: usize, items: usize, count: i32): void {
  store<usize>(at, items);
  store<i32>(at, count, 4);
}

export function putStrings(at: usize, strings: string[]): void {
  const items = room(8 * strings.length);
  for (let i = 0; i < strings.length; i++) putString(items + 8 * i, strings[i]);
  putList(at, items, strings.length);
}

/** The answer `err(message)` of a `result<T, string>` whose `ok` case takes at most `okSize` bytes, at offset 4. */
export function failure(message: string, okSize: usize): usize {
  const answer = room(4 + max<usize>(okSize, 8));
  store<u8>(answer, 1);
  putString(answer + 4, message);
  return answer;
}
