import { isDeepStrictEqual } from 'node:util';
import { escapeInvisible, quote } from '../../host/index.ts';
import type { Unmet } from '../recipe/test/judge-run.ts';
import { describeDivergence } from '../recording/replay.ts';
import type { RunResult } from '../runtime/run.ts';
import type { Trial } from './run-case.ts';
import type { ToolCase } from './tool-case.ts';

const MOST_SHOWN = 300;

/** Compares what came of a case with what it expects; an empty list means that it passed. */
export function judgeCase(of: ToolCase, { result, divergence, unexpected, fileOf }: Trial): readonly Unmet[] {
  return [
    ...[...new Set(unexpected)].map((line) => ({
      expected: 'an entry of mock_http or mock_commands for every call',
      actual: `none fits ${quote(line)}`,
    })),
    ...(divergence === undefined
      ? []
      : [{ expected: `the same as in ${of.recording}`, actual: describeDivergence(divergence) }]),
    ...judgeResult(of, result),
    ...judgeError(of, result),
    ...[...of.expectedFiles].flatMap(([path, text]) => judgeFile(path, text, fileOf(path))),
  ];
}

function judgeResult(
  { expectedResult, expectedContains, expectedError, recording }: ToolCase,
  result: RunResult,
): Unmet[] {
  if (!result.ok) {
    // Of a recording a failure may be what is expected.
    if (expectedError !== undefined || recording !== undefined) return [];
    return [{ expected: 'it succeeds', actual: `${result.error.code}: ${result.error.message}` }];
  }
  const value = plain(result.result);
  const wrong: Unmet[] = [];
  if (expectedResult !== undefined && !isDeepStrictEqual(plain(expectedResult.value), value))
    wrong.push({ expected: `the result ${show(expectedResult.value)}`, actual: show(value) });
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  for (const part of expectedContains)
    if (!text.includes(part)) wrong.push({ expected: `the result contains ${quote(part)}`, actual: show(value) });
  return wrong;
}

function judgeError({ expectedError, expectedMessage }: ToolCase, result: RunResult): Unmet[] {
  if (result.ok)
    return expectedError === undefined && expectedMessage === undefined
      ? []
      : [{ expected: `it fails with ${expectedError ?? quote(expectedMessage ?? '')}`, actual: 'it succeeds' }];
  const { code, message } = result.error;
  const wrong: Unmet[] = [];
  if (expectedError !== undefined && expectedError !== code)
    wrong.push({ expected: `it fails with ${expectedError}`, actual: `${code}: ${message}` });
  if (expectedMessage !== undefined && !message.includes(expectedMessage))
    wrong.push({ expected: `it says ${quote(expectedMessage)}`, actual: `it says ${quote(message, MOST_SHOWN)}` });
  return wrong;
}

function judgeFile(path: string, expected: string, actual: string | undefined): Unmet[] {
  if (expected === actual) return [];
  const what = actual === undefined ? 'there is no such file' : `it holds ${quote(actual, MOST_SHOWN)}`;
  return [{ expected: `${path} holds ${quote(expected, MOST_SHOWN)}`, actual: what }];
}

/** As JSON would have it: bytes are text, what is undefined is not there. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  return JSON.parse(JSON.stringify(value ?? null)) as unknown;
}

/** A text in quotes, anything else as JSON: the number 1 is not the text "1". */
function show(value: unknown): string {
  if (typeof value === 'string') return quote(value, MOST_SHOWN);
  const text = JSON.stringify(value);
  return escapeInvisible(text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text);
}
