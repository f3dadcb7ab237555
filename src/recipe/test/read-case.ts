import { quote } from '../../../host/index.ts';
import { MANIFEST_CEILINGS } from '../../manifest/ceilings.ts';
import { nearest } from '../../manifest/nearest.ts';
import type { TableReader } from '../../manifest/table-reader.ts';
import { checkLabel, type Fault } from '../../manifest/text-checks.ts';
import { readScalar } from '../read/read-template.ts';
import { tablesOf } from '../read/read-tables.ts';
import type { Recipe } from '../recipe.ts';
import { EXPECTED_RESULTS, type MockCommand, type RecipeCase } from './recipe-test.ts';

const MOST_EXIT_CODE = 255;
const MOST_TIMES = 1_000;

/** One case; what is wrong with it is in the report of its table. */
export function readCase(table: TableReader, recipes: readonly Recipe[]): Omit<RecipeCase, 'line'> {
  const steps = recipes.flatMap((recipe) => recipe.steps.map(({ id }) => id));
  const given = table.section('parameters');
  const answers = readTexts(table, 'answers');
  for (const id of answers.keys()) checkKnown(table.section('answers'), id, { among: steps, what: 'the id of a step' });
  const read = {
    name: table.requiredText('name', { check: checkLabel(128), example: 'three commits become one' }),
    recipe: readRecipe(table, recipes),
    parameters: Object.fromEntries(given.names().map((name) => [name, given.value(name)])),
    mocks: tablesOf(table, 'mock_commands').map(readMock),
    files: table.texts('files', checkGlob) ?? [],
    env: readTexts(table, 'env'),
    notInstalled: table.texts('not_installed') ?? [],
    answers,
    declines: readDeclines(table, steps),
    expectedResult: table.oneOf('expected_result', EXPECTED_RESULTS) ?? ('success' as const),
    expectedMessage: table.text('expected_message'),
    expectedCommands: table.texts('expected_commands', checkGlob),
  };
  table.finish();
  return read;
}

function readRecipe(table: TableReader, recipes: readonly Recipe[]): string {
  const ids = recipes.map(({ id }) => id);
  const id = table.requiredText('recipe', { example: ids[0] ?? 'squash-commits' });
  if (id === '' || ids.includes(id)) return id;
  const meant = nearest(id, ids) ?? ids.join(', ');
  const fix = ids.length === 0 ? 'the skill has no recipes' : `write ${meant}`;
  table.fault('recipe', id, { code: 'M_UNKNOWN_NAME', wrong: 'is no recipe of the skill', fix });
  return id;
}

export function readMock(table: TableReader): MockCommand {
  const mock = {
    command: table.requiredText('command', { check: checkGlob, example: 'git commit *' }),
    exitCode: table.whole('exit_code', { min: 0, max: MOST_EXIT_CODE }) ?? 0,
    stdout: readScalar(table, 'stdout') ?? '',
    stderr: readScalar(table, 'stderr') ?? '',
    times: table.whole('times', { min: 1, max: MOST_TIMES }),
  };
  table.finish();
  return mock;
}

/** Its length bounds what one comparison costs. */
export function checkGlob(text: string): Fault | undefined {
  const most = MANIFEST_CEILINGS.ruleLength;
  if (text === '') return { code: 'R_TEST_GLOB', wrong: 'is empty', fix: 'write a command, * for any part of it' };
  if (text.length <= most) return undefined;
  return { code: 'R_TEST_GLOB', wrong: `has ${text.length} characters; at most ${most}`, fix: 'write * for a part' };
}

export function readTexts(table: TableReader, key: string): ReadonlyMap<string, string> {
  const section = table.section(key);
  return new Map(section.names().map((name) => [name, readScalar(section, name) ?? '']));
}

function readDeclines(table: TableReader, steps: readonly string[]): readonly string[] {
  const ids = table.texts('declines') ?? [];
  for (const id of ids) checkKnown(table, id, { among: steps, what: 'the id of a step', at: 'declines' });
  return ids;
}

function checkKnown(
  table: TableReader,
  name: string,
  { among, what, at }: { readonly among: readonly string[]; readonly what: string; readonly at?: string },
): void {
  if (among.includes(name)) return;
  const meant = nearest(name, among);
  const fault = {
    code: 'M_UNKNOWN_NAME',
    wrong: `is not ${what}`,
    fix: meant === undefined ? `the steps are ${among.slice(0, 20).join(', ')}` : `write ${quote(meant)}`,
  };
  if (at === undefined) table.keyFault(name, fault);
  else table.fault(at, name, fault);
}
