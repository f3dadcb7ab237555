import { MANIFEST_CEILINGS } from '../../manifest/ceilings.ts';
import { checkValues } from '../../manifest/check-values.ts';
import { decodeText } from '../../manifest/decode-text.ts';
import { formatField } from '../../manifest/field-path.ts';
import type { PlaceTree } from '../../manifest/locate.ts';
import type { Problem } from '../../manifest/manifest.ts';
import { parseYaml } from '../../manifest/parse-yaml.ts';
import { placeFindings } from '../../manifest/place-findings.ts';
import { Report } from '../../manifest/report.ts';
import { YAML } from '../../manifest/syntax.ts';
import { TableReader } from '../../manifest/table-reader.ts';
import { tablesOf } from '../read/read-tables.ts';

/** What every case of a file of tests has. */
interface Named {
  readonly name: string;
  /** Where it stands, 1-based. */
  readonly line: number;
}

/**
 * Reads the `test_cases` of a YAML file, each by `read`, and every problem at once, with its place. Cases of a file with a
 * problem are not handed out: a slip in one could make another pass. Never throws for what the file holds.
 */
export async function parseCases<Case extends Named>(
  bytes: Uint8Array,
  {
    file,
    example,
    read,
  }: {
    readonly file: string;
    /** What to write where there is none. */
    readonly example: string;
    readonly read: (table: TableReader) => Omit<Case, 'line'>;
  },
): Promise<{ readonly cases: readonly Case[]; readonly problems: readonly Problem[] }> {
  const report = new Report({ strict: true, syntax: YAML });
  const text = decodeText(bytes, report, MANIFEST_CEILINGS.bytes);
  const parsed = text === undefined ? undefined : parseYaml(text, report, { scalars: 'typed' });
  const isReadable = parsed !== undefined && checkValues(parsed.table, report);
  const cases = isReadable ? readCases(new TableReader(parsed.table, [], report), example, read) : [];
  const places = Promise.resolve(parsed?.places);
  const problems = await placeFindings(report.findings, { file, loadPlaces: () => places });
  if (report.hasErrors) return { cases: [], problems };
  return { cases: cases.map((one, i) => ({ ...one, line: lineOf(parsed?.places, i) }) as Case), problems };
}

function lineOf(places: PlaceTree | undefined, index: number): number {
  return places?.children.get('test_cases')?.children.get(String(index))?.place.line ?? 1;
}

function readCases<Case extends Pick<Named, 'name'>>(
  root: TableReader,
  fix: string,
  read: (table: TableReader) => Case,
): Case[] {
  const tables = tablesOf(root, 'test_cases');
  root.finish();
  if (tables.length === 0) {
    root.report.error({ code: 'R_TEST_NONE', path: ['test_cases'], message: 'there is no case', fix });
  }
  const cases = tables.map(read);
  const names = cases.map(({ name }) => name);
  for (const [i, name] of names.entries()) {
    if (name === '' || names.indexOf(name) === i) continue;
    const path = ['test_cases', i, 'name'];
    const message = `${formatField(path)} is the name of a case before`;
    root.report.error({ code: 'R_TEST_DUPLICATE', path, message, fix: 'choose another name' });
  }
  return cases;
}
