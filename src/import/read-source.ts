import { statSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { quote, SkillError } from '../../host/index.ts';
import { MANIFEST_CEILINGS } from '../manifest/ceilings.ts';
import { decodeText } from '../manifest/decode-text.ts';
import { MANIFEST_FILES, type ManifestFile } from '../manifest/format.ts';
import type { PlaceTree } from '../manifest/locate.ts';
import type { Problem } from '../manifest/manifest.ts';
import { parseJson } from '../manifest/parse-json.ts';
import { parseYaml } from '../manifest/parse-yaml.ts';
import { placeFindings } from '../manifest/place-findings.ts';
import { Report } from '../manifest/report.ts';
import { JSON_TEXT, YAML } from '../manifest/syntax.ts';
import type { Table } from '../manifest/values.ts';
import { checkValues } from '../manifest/check-values.ts';
import { readCapped, TooLarge } from '../skill/read-capped.ts';
import { parseTree } from '../tree/file-tree.ts';
import type { RawFile } from '../tree/raw-file.ts';
import { readFolder } from '../tree/read-folder.ts';

/** What is imported, as it lies there. */
export type Source = FolderSource | FileSource;

export interface FolderSource {
  readonly type: 'folder';
  readonly path: string;
  readonly manifest: ManifestFile;
  readonly files: readonly RawFile[];
}

export interface FileSource {
  readonly type: 'file';
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A file of JSON or YAML as plain values. */
export interface Parsed {
  readonly file: string;
  readonly table: Table;
  readonly report: Report;
  /** The findings of the report, with their places. */
  readonly problems: () => Promise<readonly Problem[]>;
}

export const READABLE =
  'a SKILL.md folder, a skill.json of version 2, a manifest.yaml of the skill SDK, the answer of tools/list of an MCP server, a Goose recipe';

/** @throws SkillError E_NOT_FOUND, E_USAGE, E_PACKAGE */
export function readSource(given: string): Source {
  const path = resolve(given);
  try {
    if (!statSync(path).isDirectory())
      return { type: 'file', path, bytes: readCapped(path, MANIFEST_CEILINGS.skillMdBytes) };
    return readFolderSource(path, given);
  } catch (error) {
    if (error instanceof SkillError) throw error;
    if (error instanceof TooLarge)
      throw new SkillError('E_PACKAGE', `${quote(given)}: ${error.message}`, { hint: 'give a smaller file' });
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new SkillError('E_NOT_FOUND', `${quote(given)} cannot be read: ${code}`, {
      hint: `give ${READABLE}`,
      cause: error,
    });
  }
}

function readFolderSource(path: string, given: string): FolderSource {
  const { files } = parseTree(readFolder(path, '.git'));
  const manifest = MANIFEST_FILES.find((name) => files.some((file) => file.path === name));
  if (manifest === undefined)
    throw new SkillError('E_USAGE', `${quote(given)} holds nothing that can be imported`, {
      hint: `give ${READABLE}; of the last two, the file`,
    });
  if (manifest === 'skill.toml')
    throw new SkillError('E_USAGE', `${quote(given)} has a skill.toml: it is a skill already`, {
      hint: 'skill validate FOLDER tells what is wrong with it',
    });
  return { type: 'folder', path, manifest, files };
}

/** A file that is JSON or YAML; undefined for one that is named as neither. Problems are in its report. */
export function parseFile(source: FileSource): Parsed | { readonly problems: () => Promise<readonly Problem[]> } {
  const file = basename(source.path);
  const isJson = extname(file).toLowerCase() === '.json';
  const report = new Report({ syntax: isJson ? JSON_TEXT : YAML });
  const text = decodeText(source.bytes, report, MANIFEST_CEILINGS.skillMdBytes);
  const parsed = text === undefined ? undefined : parseText(text, report);
  const shift = isJson && text !== undefined && isList(text) ? 1 : 0;
  const problems = async (): Promise<readonly Problem[]> => {
    const placed = await placeFindings(report.findings, { file, loadPlaces: () => Promise.resolve(parsed?.places) });
    return placed.map((one) => (one.line === undefined ? one : { ...one, line: Math.max(1, one.line - shift) }));
  };
  if (parsed === undefined || !checkValues(parsed.table, report) || report.hasErrors) return { problems };
  return { file, table: parsed.table, report, problems };
}

interface Values {
  readonly table: Table;
  readonly places: PlaceTree;
}

const WRAP = '{"tools":\n';

/** A list of tools may stand by itself, which the parser takes for no object. */
const isList = (text: string): boolean => /^\s*\[/.test(text);

function parseText(text: string, report: Report): Values | undefined {
  if (report.syntax === YAML) return parseYaml(text, report, { scalars: 'typed' });
  return parseJson(isList(text) ? `${WRAP}${text}}` : text, report);
}
