import { checkValues } from './check-values.ts';
import { decodeText } from './decode-text.ts';
import { MANIFEST_BYTES, type ManifestFile } from './format.ts';
import { loadFormat } from './load-format.ts';
import type { Manifest, Problem } from './manifest.ts';
import { placeFindings } from './place-findings.ts';
import { Report } from './report.ts';
import { TableReader } from './table-reader.ts';

interface ParseOptions {
  readonly file: ManifestFile;
  /** The name of the skill's folder. */
  readonly folder?: string;
  /** Unknown fields are errors, not warnings. */
  readonly strict?: boolean;
}

interface Parsed {
  /** Undefined exactly when one of the problems is an error. */
  readonly manifest: Manifest | undefined;
  /** All at once, sorted by position. */
  readonly problems: Problem[];
}

/**
 * Turns the bytes of a manifest, of any format, into one in which no field needs checking again. Never throws, whatever
 * the bytes.
 */
export async function parseManifest(
  bytes: Uint8Array,
  { file, folder, strict = false }: ParseOptions,
): Promise<Parsed> {
  const format = await loadFormat(file);
  const report = new Report({ strict, syntax: format.syntax });
  const source = decodeText(bytes, report, MANIFEST_BYTES[file]);
  const parsed = source === undefined ? undefined : format.parse(source, report);
  const manifest =
    parsed !== undefined && checkValues(parsed.table, report)
      ? format.read(new TableReader(parsed.table, [], report), { file, folder })
      : undefined;
  const problems = await placeFindings(report.findings, {
    file,
    loadPlaces: async () => parsed?.places ?? (source === undefined ? undefined : await format.loadPlaces(source)),
  });
  return { manifest: report.hasErrors ? undefined : manifest, problems };
}
