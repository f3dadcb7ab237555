import { ERROR_CODES, type ErrorCode } from '../../host/index.ts';
import { nearest } from '../manifest/nearest.ts';
import type { TableReader } from '../manifest/table-reader.ts';
import { checkInnerPath, checkLabel, type TextCheck } from '../manifest/text-checks.ts';
import { tablesOf } from '../recipe/read/read-tables.ts';
import { readScalar } from '../recipe/read/read-template.ts';
import { checkGlob, readMock, readTexts } from '../recipe/test/read-case.ts';
import type { MockResponse, ToolCase } from './tool-case.ts';

const MOST_STATUS = 599;
const MOST_TIMES = 1_000;

/** One case; what is wrong with it is in the report of its table. */
export function readToolCase(table: TableReader, tools: readonly string[]): Omit<ToolCase, 'line'> {
  const hasResult = table.has('expected_result');
  const read = {
    name: table.requiredText('name', { check: checkLabel(128), example: 'a text of three words' }),
    tool: readTool(table, tools),
    input: table.value('input'),
    args: table.texts('args') ?? [],
    stdin: readScalar(table, 'stdin'),
    seed: table.whole('seed', { min: 0, max: Number.MAX_SAFE_INTEGER }),
    responses: tablesOf(table, 'mock_http').map(readResponse),
    commands: tablesOf(table, 'mock_commands').map(readMock),
    model: table.text('mock_model'),
    files: readFiles(table, 'files'),
    env: readTexts(table, 'env'),
    secrets: readTexts(table, 'secrets'),
    recording: table.text('recording', checkInnerPath),
    expectedResult: hasResult ? { value: table.value('expected_result') } : undefined,
    expectedContains: table.texts('expected_contains') ?? [],
    expectedError: readErrorCode(table),
    expectedMessage: table.text('expected_message'),
    expectedFiles: readFiles(table, 'expected_files'),
  };
  table.finish();
  return read;
}

function readTool(table: TableReader, tools: readonly string[]): string {
  const name = table.requiredText('tool', { example: tools[0] ?? 'count' });
  if (name === '' || tools.includes(name)) return name;
  const meant = nearest(name, tools) ?? tools.join(', ');
  const fix = tools.length === 0 ? 'the skill has no tools' : `write ${meant}`;
  table.fault('tool', name, { code: 'M_UNKNOWN_NAME', wrong: 'is no tool of the skill', fix });
  return name;
}

function readErrorCode(table: TableReader): ErrorCode | undefined {
  const known = Object.keys(ERROR_CODES) as ErrorCode[];
  return table.oneOf('expected_error', known);
}

function readResponse(table: TableReader): MockResponse {
  const body = table.value('body');
  const response = {
    request: table.requiredText('request', { check: checkRequest, example: 'GET https://api.example.org/*' }),
    status: table.whole('status', { min: 100, max: MOST_STATUS }) ?? 200,
    headers: readTexts(table, 'headers'),
    body: typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body),
    times: table.whole('times', { min: 1, max: MOST_TIMES }),
  };
  table.finish();
  return response;
}

const checkRequest: TextCheck = (text) =>
  /^(?:[A-Z]+|\*) \S/.test(text)
    ? checkGlob(text)
    : { code: 'R_TEST_GLOB', wrong: 'has no method and URL', fix: 'write such as "GET https://api.example.org/*"' };

/** Contents by paths that stay inside of the folder. */
function readFiles(table: TableReader, key: string): ReadonlyMap<string, string> {
  const files = readTexts(table, key);
  const section = table.section(key);
  for (const path of files.keys()) {
    const fault = checkInnerPath(path);
    if (fault !== undefined) section.keyFault(path, fault);
  }
  return files;
}
