import { formatField } from '../../manifest/field-path.ts';
import type { TableReader } from '../../manifest/table-reader.ts';
import { parseJsonPath } from '../json-path.ts';
import type { Expectation } from '../recipe.ts';
import type { Scope, Use } from '../scope.ts';
import { readTemplate } from './read-template.ts';

const MOST_EXIT_CODE = 255;

export const EXPECT_SUCCESS: Expectation = {
  exitCode: 0,
  outputContains: undefined,
  outputMatches: undefined,
  jsonPath: undefined,
  contains: undefined,
  equals: undefined,
};

/** `expect`: without it, exit code 0. */
export function readExpect(table: TableReader, scope: Scope, use: Use): Expectation {
  const expect = table.section('expect');
  const resolve = scope.resolver(use);
  const path = expect.text('json_path');
  const expectation: Expectation = {
    exitCode: expect.whole('exit_code', { min: 0, max: MOST_EXIT_CODE }) ?? 0,
    outputContains: readTemplate(expect, 'output_contains', resolve),
    outputMatches: expect.text('output_matches'),
    jsonPath: path === undefined ? undefined : parseJsonPath(path),
    contains: readTemplate(expect, 'contains', resolve),
    equals: readTemplate(expect, 'equals', resolve),
  };
  if (expectation.outputMatches !== undefined)
    scope.patterns.push({ path: expect.at('output_matches'), text: expectation.outputMatches });
  const refuse = (key: string, wrong: string, fix: string): void => {
    const at = expect.at(key);
    expect.report.error({ code: 'M_EXPECT', path: at, message: `${formatField(at)} ${wrong}`, fix });
  };
  if (path !== undefined && expectation.jsonPath === undefined)
    refuse('json_path', 'is no path to a value', 'write names and numbers, such as $.items[0].name');
  if (path !== undefined && expectation.contains === undefined && expectation.equals === undefined)
    refuse('json_path', 'finds a value of which nothing is expected', 'add equals or contains');
  if (path === undefined && expectation.contains !== undefined)
    refuse('contains', 'stands without json_path', 'write output_contains, or add json_path');
  expect.finish();
  return expectation;
}
