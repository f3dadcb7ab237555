import { toUtf8 } from '../../sdk-as/abi';
import { listDirectory, readFile, FileKind } from '../../sdk-as/filesystem';
import { HostError } from '../../sdk-as/host-error';
import { warn } from '../../sdk-as/log';
import { textOf } from '../../sdk-as/utf8';
import { Needle } from './bytes';

const MOST_MATCHES = 1000;
const MOST_CHARACTERS = 200;
/** Four is the most a character takes. */
const MOST_BYTES = 4 * MOST_CHARACTERS;
/** Deeper than any real tree; the host does not follow links, so a loop cannot be what is met. */
const DEEPEST = 64;

export class Match {
  constructor(
    readonly path: string,
    readonly line: i32,
    readonly text: string,
  ) {}
}

/** One walk through a tree. */
export class Search {
  readonly matches: Match[] = [];
  private needle: Needle;
  private filesRead: i32 = 0;
  private firstSkipped: HostError | null = null;

  constructor(text: string) {
    this.needle = new Needle(toUtf8(text));
  }

  /** Fills `matches`; an error when the search could not be done, or when nothing at all could be read. */
  run(directory: string): HostError | null {
    const error = this.walk(directory, 0);
    if (error != null) return error;
    if (this.matches.length == MOST_MATCHES) warn('stopped at ' + MOST_MATCHES.toString() + ' lines; search a smaller directory');
    // Were this an empty list, a refusal would look like "not there".
    return this.filesRead == 0 ? this.firstSkipped : null;
  }

  private walk(directory: string, depth: i32): HostError | null {
    const listed = listDirectory(directory);
    const unlisted = listed.error;
    if (unlisted != null) return depth == 0 ? unlisted : this.skip(directory, unlisted);
    const entries = listed.value!;
    for (let i = 0; i < entries.length && this.matches.length < MOST_MATCHES; i++) {
      const name = entries[i].name;
      if (name.startsWith('.') || name == 'node_modules') continue;
      const path = below(directory, name);
      let error: HostError | null = null;
      if (entries[i].kind == FileKind.file) error = this.search(path);
      else if (entries[i].kind == FileKind.directory && depth < DEEPEST) error = this.walk(path, depth + 1);
      if (error != null) return error;
    }
    return null;
  }

  private search(path: string): HostError | null {
    const read = readFile(path);
    const unread = read.error;
    if (unread != null) return this.skip(path, unread);
    this.filesRead++;
    const bytes = read.value!;
    let at = this.needle.next(bytes, 0);
    if (at < 0 || textOf(bytes) == null) return null;
    for (let line = 1, lineStart = 0; at >= 0 && this.matches.length < MOST_MATCHES; ) {
      for (let end = lineEnd(bytes, lineStart); end < at; end = lineEnd(bytes, lineStart)) {
        line++;
        lineStart = end + 1;
      }
      const end = lineEnd(bytes, lineStart);
      this.matches.push(new Match(path, line, excerpt(bytes, lineStart, end)));
      at = this.needle.next(bytes, end);
    }
    return null;
  }

  /** Goes on without one path when only that path is the trouble; the error comes back when all others would fail too. */
  private skip(path: string, error: HostError): HostError | null {
    if (error.code != 'denied' && error.code != 'not-found' && error.code != 'too-large') return error;
    warn('skipped ' + path + ': ' + error.toString());
    if (this.firstSkipped == null) this.firstSkipped = error;
    return null;
  }
}

function below(directory: string, name: string): string {
  if (directory == '.' || directory == './') return name;
  return directory.endsWith('/') ? directory + name : directory + '/' + name;
}

function lineEnd(bytes: Uint8Array, from: i32): i32 {
  const end = bytes.indexOf(0x0a, from);
  return end < 0 ? bytes.length : end;
}

/** The start of a line, without its indentation; a line of megabytes is not decoded for its first words. */
function excerpt(bytes: Uint8Array, from: i32, to: i32): string {
  while (from < to && (bytes[from] == 0x20 || bytes[from] == 0x09)) from++;
  let end = to;
  if (to - from > MOST_BYTES) {
    end = from + MOST_BYTES;
    // Not in the middle of a character.
    while ((bytes[end] & 0xc0) == 0x80) end--;
  }
  const line = String.UTF8.decodeUnsafe(bytes.dataStart + from, end - from).trimEnd();
  if (line.length <= MOST_CHARACTERS) return end == to ? line : line + '…';
  const last = line.charCodeAt(MOST_CHARACTERS - 1);
  return line.substring(0, last >= 0xd800 && last <= 0xdbff ? MOST_CHARACTERS - 1 : MOST_CHARACTERS) + '…';
}
