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
import type { Recipe } from '../recipe.ts';
import { readCase } from './read-case.ts';
import type { RecipeCase } from './recipe-test.ts';

/**
 * Reads `tests/recipe_test.yaml`: cases of which every name stands for something, and every problem at once, with its
 * place. Cases of a file with a problem are not handed out: a slip in one could make another pass. Never throws for what
 * the file holds.
 * @param recipes those of the skill, for the names in the cases
 */
export async function parseRecipeTests(
  bytes: Uint8Array,
  file: string,
  recipes: readonly Recipe[],
): Promise<{ readonly cases: readonly RecipeCase[]; readonly problems: readonly Problem[] }> {
  const report = new Report({ strict: true, syntax: YAML });
  const text = decodeText(bytes, report, MANIFEST_CEILINGS.bytes);
  const parsed = text === undefined ? undefined : parseYaml(text, report, { scalars: 'typed' });
  const isReadable = parsed !== undefined && checkValues(parsed.table, report);
  const cases = isReadable ? readCases(new TableReader(parsed.table, [], report), recipes) : [];
  const places = Promise.resolve(parsed?.places);
  const problems = await placeFindings(report.findings, { file, loadPlaces: () => places });
  if (report.hasErrors) return { cases: [], problems };
  return { cases: cases.map((one, i) => ({ ...one, line: lineOf(parsed?.places, i) })), problems };
}

function lineOf(places: PlaceTree | undefined, index: number): number {
  return places?.children.get('test_cases')?.children.get(String(index))?.place.line ?? 1;
}

function readCases(root: TableReader, recipes: readonly Recipe[]): Omit<RecipeCase, 'line'>[] {
  const tables = tablesOf(root, 'test_cases');
  root.finish();
  if (tables.length === 0) {
    const fix = 'write test_cases: and below it - name: …, recipe: …, mock_commands: …';
    root.report.error({ code: 'R_TEST_NONE', path: ['test_cases'], message: 'there is no case', fix });
  }
  const cases = tables.map((table) => readCase(table, recipes));
  const names = cases.map(({ name }) => name);
  for (const [i, name] of names.entries()) {
    if (name === '' || names.indexOf(name) === i) continue;
    const path = ['test_cases', i, 'name'];
    const message = `${formatField(path)} is the name of a case before`;
    root.report.error({ code: 'R_TEST_DUPLICATE', path, message, fix: 'choose another name' });
  }
  return cases;
}
