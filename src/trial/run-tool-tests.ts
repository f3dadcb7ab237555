import { SkillError } from '../../host/index.ts';
import type { Problem } from '../manifest/manifest.ts';
import { parseCases } from '../recipe/test/parse-cases.ts';
import { readTestFile } from '../recipe/test/read-test-file.ts';
import type { Unmet } from '../recipe/test/judge-run.ts';
import type { ReadySkill } from '../skill/skill.ts';
import { judgeCase } from './judge-case.ts';
import { readToolCase } from './read-tool-case.ts';
import { runCase } from './run-case.ts';
import type { ToolCase } from './tool-case.ts';

/** Where a skill keeps the tests of its tools. */
const TOOL_TESTS = 'tests/tool_test.yaml';

export interface ToolCaseResult {
  readonly name: string;
  readonly tool: string;
  readonly line: number;
  /** Empty when the case passed. */
  readonly failures: readonly Unmet[];
  readonly logged: readonly string[];
  readonly durationMs: number;
}

export interface ToolTestReport {
  /** Whether the skill has tests of its tools. */
  readonly isThere: boolean;
  readonly cases: readonly ToolCaseResult[];
  /** What is wrong with the tests themselves. */
  readonly problems: readonly Problem[];
  /** How many of the tools any case ran, and the names of the others; undefined when no case ran. */
  readonly coverage: { readonly run: number; readonly of: number; readonly never: readonly string[] } | undefined;
}

/** Runs the tests of the tools of a skill, one after the other, each in a world of its own. */
export async function runToolTests(skill: ReadySkill, isWanted: (name: string) => boolean): Promise<ToolTestReport> {
  const { cases, problems, isThere } = await readToolTests(skill);
  const results: ToolCaseResult[] = [];
  for (const test of cases.filter(({ name }) => isWanted(name))) {
    const started = performance.now();
    const { name, tool, line } = test;
    const { failures, logged } = await runCase(skill, test, (trial) => ({
      failures: judgeCase(test, trial),
      logged: trial.logged,
    })).catch(cannotRun);
    results.push({ name, tool, line, failures, logged, durationMs: Math.round(performance.now() - started) });
  }
  return { isThere, cases: results, problems, coverage: results.length === 0 ? undefined : coverageOf(skill, results) };
}

/** A case that names what is not there has failed, and the others run. */
function cannotRun(error: unknown): Pick<ToolCaseResult, 'failures' | 'logged'> {
  if (!(error instanceof SkillError)) throw error;
  return { failures: [{ expected: 'it can be run', actual: `${error.code}: ${error.message}` }], logged: [] };
}

/** The cases of a skill, and what is wrong with the file they are in. */
export async function readToolTests(skill: ReadySkill): Promise<{
  readonly isThere: boolean;
  readonly cases: readonly ToolCase[];
  readonly problems: readonly Problem[];
}> {
  const bytes = await readTestFile(skill.path, TOOL_TESTS);
  if (bytes === undefined) return { isThere: false, cases: [], problems: [] };
  if ('code' in bytes) return { isThere: true, cases: [], problems: [bytes] };
  const tools = ownTools(skill);
  const example = 'write test_cases: and below it - name: …, tool: …, input: …, expected_result: …';
  const parsed = await parseCases<ToolCase>(bytes, {
    file: TOOL_TESTS,
    example,
    read: (table) => readToolCase(table, tools),
  });
  return { isThere: true, ...parsed };
}

/** Recipes have tests of their own. */
function ownTools({ tools }: ReadySkill): readonly string[] {
  return tools.filter(({ action }) => action.type !== 'recipe').map(({ name }) => name);
}

function coverageOf(skill: ReadySkill, results: readonly ToolCaseResult[]): ToolTestReport['coverage'] {
  const all = ownTools(skill);
  const never = all.filter((name) => !results.some(({ tool }) => tool === name));
  return { run: all.length - never.length, of: all.length, never };
}
