import { quote } from '../../../host/index.ts';
import { matchesGlob } from '../glob.ts';
import type { RecipeCase } from './recipe-test.ts';
import type { CaseEnd } from './run-case.ts';

/** One expectation that was not met. */
export interface Unmet {
  readonly expected: string;
  readonly actual: string;
}

type Expected = Pick<RecipeCase, 'expectedResult' | 'expectedMessage' | 'expectedCommands'>;

/** Compares what came of a case with what it expects; an empty list means that it passed. */
export function judgeRun(expected: Expected, { end, calls, unexpected }: CaseEnd): readonly Unmet[] {
  return [
    ...[...new Set(unexpected)].map((line) => ({
      expected: 'an entry of mock_commands for every command',
      actual: `none fits ${quote(line)}`,
    })),
    ...judgeResult(expected, end),
    ...judgeMessage(expected, end),
    ...judgeCommands(expected, calls),
  ];
}

function judgeResult({ expectedResult }: Expected, end: CaseEnd['end']): Unmet[] {
  if (resultOf(end) === expectedResult) return [];
  const said = saidOf(end).join('; ');
  return [{ expected: `it ends as ${expectedResult}`, actual: `${describeEnd(end)}${said === '' ? '' : `: ${said}`}` }];
}

function resultOf(end: CaseEnd['end']): string {
  if ('broken' in end) return 'broken';
  return 'refused' in end ? 'invalid' : end.result;
}

function describeEnd(end: CaseEnd['end']): string {
  if ('broken' in end) return 'it cannot be run to its end';
  return 'refused' in end ? 'its parameters are refused (invalid)' : `it ends as ${end.result}`;
}

/** What a run says of its end: why it failed, what is not as it must be, what could not be undone. */
function saidOf(end: CaseEnd['end']): readonly string[] {
  if ('broken' in end) return [end.broken];
  if ('refused' in end) return [end.refused];
  const { failure, problems, rollbackErrors, steps } = end;
  return [
    ...(failure === undefined ? [] : [`${failure.at}: ${failure.message}`]),
    ...problems,
    ...rollbackErrors.map(({ undo, error }) => `${undo} failed: ${error.message}`),
    // Of a run that went on in spite of it.
    ...steps.flatMap(({ step, error }) =>
      error === undefined || step === failure?.at ? [] : [`${step}: ${error.message}`],
    ),
  ];
}

function judgeMessage({ expectedMessage }: Expected, end: CaseEnd['end']): Unmet[] {
  const said = saidOf(end);
  if (expectedMessage === undefined || said.some((text) => text.includes(expectedMessage))) return [];
  const actual = said.length === 0 ? 'it says nothing' : `it says ${quote(said.join('; '))}`;
  return [{ expected: `it says ${quote(expectedMessage)}`, actual }];
}

function judgeCommands({ expectedCommands }: Expected, calls: readonly string[]): Unmet[] {
  if (expectedCommands === undefined) return [];
  const differs = firstDifference(expectedCommands, calls);
  if (differs === undefined) return [];
  const { pattern, call } = differs;
  const expected = pattern === undefined ? 'no further command' : `the command ${quote(pattern)}`;
  if (call === undefined) return [{ expected, actual: 'nothing runs any more' }];
  return [{ expected, actual: `${quote(call)} runs` }];
}

const ANY = '**';

/** Where the commands leave what is expected; `**` takes as few of them as it can. */
function firstDifference(
  patterns: readonly string[],
  calls: readonly string[],
): { readonly pattern: string | undefined; readonly call: string | undefined } | undefined {
  let [at, from] = [0, 0];
  let open: readonly [at: number, from: number] | undefined;
  while (at < patterns.length || from < calls.length) {
    const [pattern, call] = [patterns[at], calls[from]];
    if (pattern === ANY) {
      at += 1;
      open = [at, from];
    } else if (pattern !== undefined && call !== undefined && matchesGlob(pattern, call)) {
      at += 1;
      from += 1;
    } else {
      if (open === undefined || call === undefined) return { pattern, call };
      open = [open[0], open[1] + 1];
      [at, from] = open;
    }
  }
  return undefined;
}
