// cspell:ignore onnx
import { basename, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { NO_CAPABILITIES, type ModuleDescription, SkillError, quote } from '../../host/index.ts';
import { MANIFEST_FILES } from '../manifest/format.ts';
import type { Manifest, Problem } from '../manifest/manifest.ts';
import { parseManifest } from '../manifest/parse-manifest.ts';
import { checkKind, checkTail } from './file-kinds.ts';
import { type Finding, SEVERITIES } from './finding.ts';
import { scanHidden } from './hidden-text.ts';
import { extensionOf, languageOf } from './languages.ts';
import { checkModule, inspect } from './module-strings.ts';
import { checkOverAsk } from './over-ask.ts';
import { checkReach } from './reach.ts';
import { isModule, type ReadFile, readSkill } from './read-skill.ts';
import { scanText, type TextFile } from './scan-text.ts';
import { scoreOf, type Score } from './score.ts';
import { combine } from './signals.ts';

/** What was found in a skill, worst first, and what that comes to. */
export interface Analysis {
  readonly id: string;
  /** The folder. */
  readonly path: string;
  readonly files: number;
  readonly findings: readonly Finding[];
  readonly score: Score;
}

/** Of one file; the worst are kept. */
const MOST_OF_FILE = 50;
/** Where a module of the skill SDK is, which no manifest names. */
const BUILT_MODULE = 'bin/skill.wasm';

export interface AnalysisOptions {
  /** Milliseconds after which no further file is looked at; 30,000 when nothing is said. */
  readonly withinMs?: number;
  /** Ends it between two files. */
  readonly signal?: AbortSignal;
}

const WITHIN_MS = 30_000;

/**
 * Looks at every file of a skill. Nothing of it is run, links are not followed, and what is read is bounded, as is the time
 * that it takes: what is left out is a finding.
 * @throws SkillError E_NOT_FOUND when there is no such folder; the reason of `signal`
 */
export async function analyzeSkill(dir: string, options: AnalysisOptions = {}): Promise<Analysis> {
  const path = resolve(dir);
  const read = openSkill(path, dir);
  const { manifest, findings: missed } = await readManifest(read.files, basename(path));
  const declared = manifest?.executable?.module ?? BUILT_MODULE;
  const texts = read.files.filter(isText).map(toText);
  const modules = await Promise.all(
    read.files
      .filter(({ bytes, size }) => isModule(bytes) && bytes.length === size)
      .map(async (file) => ({ file, ...(await inspect(file.path, file.bytes)) })),
  );
  const module: ModuleDescription | undefined = modules.find(({ file }) => file.path === declared)?.module;
  const found = [
    ...read.findings,
    ...missed,
    ...read.files.flatMap((file) => [...checkKind(file, declared), ...checkTail(file)]),
    ...(await scanEach(texts, options)),
    ...combine(texts),
    ...checkReach(texts, manifest),
    ...modules.flatMap(({ file, module: described, findings }) => [
      ...findings,
      ...checkModule(file, described, manifest?.capabilities ?? NO_CAPABILITIES),
    ]),
    ...checkOverAsk(manifest, { files: texts, module }),
  ];
  const findings = cutEach(found);
  return { id: manifest?.id ?? basename(path), path, files: read.files.length, findings, score: scoreOf(findings) };
}

/** What is in each text by itself, file by file: whoever waits may stop it between two. */
async function scanEach(
  texts: readonly TextFile[],
  { withinMs = WITHIN_MS, signal }: AnalysisOptions,
): Promise<readonly Finding[]> {
  const end = performance.now() + withinMs;
  const found: Finding[] = [];
  for (const [i, file] of texts.entries()) {
    if (performance.now() >= end) return [...found, leftOut(file, texts.length - i)];
    found.push(...scanHidden(file.path, file.text), ...scanText(file));
    await setImmediate();
    signal?.throwIfAborted();
  }
  return found;
}

function leftOut({ path: file }: TextFile, count: number): Finding {
  return {
    rule: 'took_too_long',
    severity: 'high',
    file,
    why: `it took too long to look at the files before this one; this and ${count - 1} more were not looked at`,
    fix: 'remove what the skill does not need, or split it into several',
  };
}

function openSkill(path: string, dir: string): ReturnType<typeof readSkill> {
  try {
    return readSkill(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new SkillError('E_NOT_FOUND', `there is no folder ${quote(dir)} that can be read: ${code}`, {
      hint: 'give the folder of a skill',
      cause: error,
    });
  }
}

/** What the manifest says; that there is none, or one with errors, is a finding: what it asks for is then not known. */
async function readManifest(
  files: readonly ReadFile[],
  folder: string,
): Promise<{ readonly manifest: Manifest | undefined; readonly findings: readonly Finding[] }> {
  const file = MANIFEST_FILES.find((name) => files.some(({ path }) => path === name));
  const bytes = files.find(({ path }) => path === file)?.bytes;
  if (file === undefined || bytes === undefined) return { manifest: undefined, findings: [NO_MANIFEST] };
  const { manifest, problems } = await parseManifest(bytes, { file, folder });
  const error = problems.find(({ severity }) => severity === 'error');
  return { manifest, findings: error === undefined ? [] : [brokenManifest(file, error)] };
}

const NO_MANIFEST: Finding = {
  rule: 'no_manifest',
  severity: 'high',
  file: MANIFEST_FILES[0],
  why: 'the folder has no manifest that can be read, so nobody knows what the skill asks for',
  fix: 'give the folder of a skill',
};

function brokenManifest(file: string, { line, column, message }: Problem): Finding {
  return {
    rule: 'broken_manifest',
    severity: 'high',
    file,
    ...(line !== undefined && { line, column }),
    why: `the manifest has an error, so nobody knows what the skill asks for: ${message}`,
    fix: 'skill validate tells all its errors',
  };
}

const BINARY = new Set(
  'png jpg jpeg gif webp ico bmp pdf woff woff2 ttf otf mp3 mp4 wav zip gz tgz docx xlsx pptx wasm pyc so dll exe dylib bin npy npz parquet pt onnx'.split(
    ' ',
  ),
);

/** Text, or something that would be read as text all the same. */
function isText({ path, bytes }: ReadFile): boolean {
  if (isModule(bytes)) return false;
  const extension = extensionOf(path.split('/').at(-1) ?? '');
  if (BINARY.has(extension)) return false;
  if (!bytes.subarray(0, 8_192).includes(0)) return true;
  return languageOf(path, '') !== 'text';
}

function toText({ path, bytes }: ReadFile): TextFile {
  const text = decode(bytes);
  return { path, text, language: languageOf(path, text) };
}

function decode(bytes: Uint8Array): string {
  const [a, b] = bytes;
  if (a === 0xff && b === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (a === 0xfe && b === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/** The worst of each file, and how many more there are; worst first, then by place. */
function cutEach(findings: readonly Finding[]): readonly Finding[] {
  const files = new Map<string, Finding[]>();
  for (const one of findings) {
    const others = files.get(one.file);
    if (others === undefined) files.set(one.file, [one]);
    else others.push(one);
  }
  const kept: Finding[] = [];
  for (const [file, of] of files) {
    const ordered = onePerLine(of.toSorted(byWeight));
    kept.push(...ordered.slice(0, MOST_OF_FILE));
    const more = ordered.length - MOST_OF_FILE;
    if (more > 0)
      kept.push({
        rule: 'more_findings',
        severity: 'info',
        file,
        why: `there are ${more} more findings, none worse`,
        fix: 'mend these first',
      });
  }
  return kept.toSorted(byWeight);
}

/** Of the findings of a rule on one line, the first. */
function onePerLine(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ rule, line, why }) => seen.size < seen.add(`${rule} ${line ?? why}`).size);
}

function byWeight(a: Finding, b: Finding): number {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
    (a.line ?? 0) - (b.line ?? 0) ||
    (a.column ?? 0) - (b.column ?? 0) ||
    (a.rule < b.rule ? -1 : 1)
  );
}
