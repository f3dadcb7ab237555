import ignore from 'ignore';
import { CapabilityDenied, type Reading } from '../../host/index.ts';
import type { ContextFiles } from '../manifest/tool-settings.ts';

/** One file that is put behind a prompt. */
export interface ContextFile {
  /** Relative to the folder of the run, with `/`. */
  readonly path: string;
  readonly text: string;
}

export interface ChosenFiles {
  readonly files: readonly ContextFile[];
  /** What fits the patterns and is not taken, each with its reason. */
  readonly left: readonly { readonly path: string; readonly why: string }[];
}

const FILES = 50;
const FILE_KB = 100;
/** Of all folders together: a home is not to be walked through for one prompt. */
const MOST_ENTRIES = 20_000;
const MOST_DEPTH = 32;

/**
 * The files that a conversation takes along, in the order of their paths. Patterns are as in `.gitignore`: one without a
 * slash fits at any depth, one that ends with a slash is a folder. Every folder and file is read through the gate.
 * @throws CapabilityDenied when the folder may not be read
 */
export function chooseFiles(
  { patterns, excludePatterns, maxFiles = FILES, maxFileSizeKb = FILE_KB }: ContextFiles,
  reading: Pick<Reading, 'list' | 'read'>,
): ChosenFiles {
  const wanted = ignore().add([...patterns]);
  const unwanted = ignore().add(['.git/', ...excludePatterns]);
  const files: ContextFile[] = [];
  const left: { path: string; why: string }[] = [];
  for (const path of walk(reading, (one) => unwanted.ignores(one))) {
    if (!wanted.ignores(path)) continue;
    if (files.length >= maxFiles) {
      left.push({ path, why: `max_files = ${maxFiles} are taken already` });
      continue;
    }
    const read = readText(path, maxFileSizeKb, reading);
    if ('text' in read) files.push({ path, text: read.text });
    else left.push({ path, why: read.why });
  }
  return { files, left };
}

function* walk(reading: Pick<Reading, 'list'>, isUnwanted: (path: string) => boolean): Generator<string> {
  let entries = 0;
  const visit = function* (folder: string, depth: number): Generator<string> {
    for (const { name, kind } of listQuietly(reading, folder)) {
      if (++entries > MOST_ENTRIES) return;
      const path = folder === '' ? name : `${folder}/${name}`;
      if (isUnwanted(kind === 'directory' ? `${path}/` : path)) continue;
      if (kind === 'file') yield path;
      else if (kind === 'directory' && depth < MOST_DEPTH) yield* visit(path, depth + 1);
    }
  };
  yield* visit('', 1);
}

/** A folder below that went, or may not be read, has nothing to give; the first one must be readable. */
function listQuietly(reading: Pick<Reading, 'list'>, folder: string): ReturnType<Reading['list']> {
  try {
    return reading.list(folder === '' ? '.' : folder);
  } catch (error) {
    if (folder === '' && error instanceof CapabilityDenied) throw error;
    if (error instanceof Error && ('code' in error || error instanceof CapabilityDenied)) return [];
    throw error;
  }
}

function readText(
  path: string,
  mostKb: number,
  reading: Pick<Reading, 'read'>,
): { readonly text: string } | { readonly why: string } {
  try {
    const bytes = reading.read(path, mostKb);
    if (bytes.includes(0)) return { why: 'it is no text' };
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (error) {
    if (error instanceof TypeError) return { why: 'it is no UTF-8' };
    if (error instanceof CapabilityDenied) return { why: error.message };
    const { code } = error as { readonly code?: unknown };
    if (code === 'too-large') return { why: `it is larger than max_file_size_kb = ${mostKb}` };
    if (typeof code === 'string') return { why: code };
    throw error;
  }
}
