import { describe, expect, it } from 'vitest';
import { SkillError } from '../../host/index.ts';
import type { RunResult } from '../../src/runtime/run.ts';
import { judgeCase } from '../../src/trial/judge-case.ts';
import type { Trial } from '../../src/trial/run-case.ts';
import type { ToolCase } from '../../src/trial/tool-case.ts';

const CASE: ToolCase = {
  name: 'a',
  line: 1,
  tool: 't',
  input: undefined,
  args: [],
  stdin: undefined,
  seed: undefined,
  responses: [],
  commands: [],
  model: undefined,
  files: new Map(),
  env: new Map(),
  secrets: new Map(),
  recording: undefined,
  expectedResult: undefined,
  expectedContains: [],
  expectedError: undefined,
  expectedMessage: undefined,
  expectedFiles: new Map(),
};

const NOTHING_USED = {
  run: 'r',
  usage: { durationMs: 1, fuel: undefined, memoryBytes: 0, hostCalls: 0 },
  denials: [],
  stderr: '',
  attempts: 1,
  instead: undefined,
};
const succeeded = (result: unknown): RunResult => ({ ...NOTHING_USED, ok: true, result });
const failed = (error: SkillError): RunResult => ({ ...NOTHING_USED, ok: false, error });
const DENIED = failed(new SkillError('E_DENIED', 'denied by grant: no'));

/** What is unmet, a line each. */
function unmet(of: Partial<ToolCase>, result: RunResult, trial: Partial<Trial> = {}): readonly string[] {
  const world = { divergence: undefined, unexpected: [], uses: [], logged: [], fileOf: () => undefined };
  return judgeCase({ ...CASE, ...of }, { result, ...world, ...trial }).map(
    ({ expected, actual }) => `${expected}; ${actual}`,
  );
}

const result = (value: unknown): Partial<ToolCase> => ({ expectedResult: { value } });

describe('a case that is met [R-TRIAL-1]', () => {
  it.each<readonly [string, Partial<ToolCase>, RunResult]>([
    ['expects nothing', {}, succeeded(undefined)],
    ['expects a text of bytes', result('héllo'), succeeded(Buffer.from('héllo'))],
    ['expects a part of bytes', { expectedContains: ['él', 'lo'] }, succeeded(Buffer.from('héllo'))],
    ['expects nothing of nothing', result(null), succeeded(undefined)],
    ['expects what JSON leaves of a result', result({ a: 1 }), succeeded({ a: 1, b: undefined })],
    ['expects it in whatever order', result({ a: [1], b: 2 }), succeeded({ b: 2, a: [1] })],
    ['expects a part of what is no text', { expectedContains: ['"a":1'] }, succeeded({ a: 1 })],
    ['expects an error', { expectedError: 'E_DENIED' }, DENIED],
    ['expects what it says as well', { expectedError: 'E_DENIED', expectedMessage: 'by grant' }, DENIED],
    ['expects only what it says', { expectedError: undefined, recording: 'r', expectedMessage: 'by grant' }, DENIED],
    ['is a recording of a failure', { recording: 'r.jsonl' }, DENIED],
  ])('%s', (_what, of, ended) => {
    expect(unmet(of, ended)).toEqual([]);
  });

  it('finds its files as they should be', () => {
    const of = { expectedFiles: new Map([['a.txt', 'x']]) };
    expect(unmet(of, succeeded(null), { fileOf: (path) => (path === 'a.txt' ? 'x' : undefined) })).toEqual([]);
  });
});

describe('a case that is not met says [R-TRIAL-1]', () => {
  it.each<readonly [string, Partial<ToolCase>, RunResult, readonly string[]]>([
    ['the value', result(1), succeeded('1'), ['the result 1; "1"']],
    ['that it is of another kind', result('[1]'), succeeded([1]), ['the result "[1]"; [1]']],
    ['JSON as JSON', result({ a: 'x' }), succeeded(['a\u202e']), ['the result {"a":"x"}; ["a\\u{202e}"]']],
    [
      'no more of it than can be read',
      result(1),
      succeeded(['z'.repeat(999)]),
      [`the result 1; ["${'z'.repeat(298)}…`],
    ],
    ['bytes as text', result('b'), succeeded(Buffer.from('a')), ['the result "b"; "a"']],
    [
      'each missing part',
      { expectedContains: ['a', 'b', 'c'] },
      succeeded('a'),
      ['the result contains "b"; "a"', 'the result contains "c"; "a"'],
    ],
    ['that it failed', {}, DENIED, ['it succeeds; E_DENIED: denied by grant: no']],
    ['that it succeeded', { expectedError: 'E_FUEL' }, succeeded(1), ['it fails with E_FUEL; it succeeds']],
    ['that it said nothing', { expectedMessage: 'no' }, succeeded(1), ['it fails with "no"; it succeeds']],
    ['the other error', { expectedError: 'E_FUEL' }, DENIED, ['it fails with E_FUEL; E_DENIED: denied by grant: no']],
    [
      'the other message',
      { expectedError: 'E_DENIED', expectedMessage: 'yes' },
      DENIED,
      ['it says "yes"; it says "denied by grant: no"'],
    ],
    [
      'the missing file',
      { expectedFiles: new Map([['a', 'x']]) },
      succeeded(1),
      ['a holds "x"; there is no such file'],
    ],
    ['what cannot be seen', result('a'), succeeded('a\u202e'), ['the result "a"; "a\\u{202e}"']],
  ])('%s', (_what, of, ended, lines) => {
    expect(unmet(of, ended)).toEqual(lines);
  });

  it('each call that no mock answers, once', () => {
    const lines = unmet({}, succeeded(1), { unexpected: ['GET x', 'GET x', 'ls'] });
    expect(lines).toEqual([
      'an entry of mock_http or mock_commands for every call; none fits "GET x"',
      'an entry of mock_http or mock_commands for every call; none fits "ls"',
    ]);
  });

  it('what is in a file instead, and no more of it than can be read', () => {
    const of = { expectedFiles: new Map([['a', 'x']]) };
    const [line = ''] = unmet(of, succeeded(1), { fileOf: () => 'y'.repeat(1_000) });
    expect(line).toMatch(/^a holds "x"; it holds "y{300}…"$/);
  });
});
