import { quote, SkillError } from '../../../host/index.ts';
import { describeSkill } from '../../catalog/entry.ts';
import type { TestReport } from '../../knowledge/run-tests.ts';
import { describeProblem } from '../../manifest/describe-problem.ts';
import type { Problem } from '../../manifest/manifest.ts';
import type { PartCoverage, RecipeCoverage } from '../../recipe/test/coverage.ts';
import type { RecipeTestReport } from '../../recipe/test/run-recipe-tests.ts';
import type { ReadySkill } from '../../skill/skill.ts';
import type { ToolTestReport } from '../../trial/run-tool-tests.ts';
import { type Context, parseFormat } from '../context.ts';
import type { Suite } from '../junit.ts';
import { printData } from '../print.ts';
import { inline, type Terminal, wrap } from '../terminal.ts';

export interface TestFlags {
  readonly filter?: string;
  readonly format: string;
}

const FAILED = 1;
const INVALID = 5;

/** What a skill knows, tested, and under `recipes` and `tools` what it does. */
interface SkillReport extends TestReport {
  readonly skill: string;
  readonly recipes: RecipeTestReport;
  readonly tools: ToolTestReport;
}

/** `skill test SKILL…`: runs the tests that skills bring with them. */
export async function test(
  references: readonly string[],
  flags: TestFlags,
  { terminal, openRuntime }: Context,
): Promise<number> {
  const format = parseFormat(flags.format, ['text', 'json', 'junit']);
  const { runKnowledgeTests } = await import('../../knowledge/run-tests.ts');
  const { runRecipeTests } = await import('../../recipe/test/run-recipe-tests.ts');
  const { runToolTests } = await import('../../trial/run-tool-tests.ts');
  const runtime = await openRuntime({ spare: false });
  const reports: SkillReport[] = [];
  try {
    const neighbours = await runtime.skills();
    for (const reference of references) {
      const skill = await runtime.skill(reference);
      const isWanted = (name: string): boolean => name.includes(flags.filter ?? '');
      const entry = { ...describeSkill(skill), path: skill.path, signature: skill.hash };
      const knowledge = await runKnowledgeTests(entry, neighbours, isWanted);
      const recipes = await runRecipeTests(skill, isWanted);
      const report = { skill: skill.id, ...knowledge, recipes, tools: await runToolTests(skill, isWanted) };
      refuseNoTests(skill, report);
      reports.push(report);
    }
  } finally {
    await runtime.close();
  }
  refuseNoCases(reports, flags.filter);
  if (format === 'junit') terminal.out((await import('../junit.ts')).toJunit(reports.map(suiteOf)));
  else if (format === 'json') await printData(reports, format, terminal);
  else for (const report of reports) print(report, terminal);
  if (reports.some((report) => problemsOf(report).some(({ severity }) => severity === 'error'))) return INVALID;
  return reports.some((report) => casesOf(report).some(({ failures }) => failures.length > 0)) ? FAILED : 0;
}

type Case = Pick<TestReport['cases'][number], 'name' | 'failures'>;

const casesOf = ({ cases, recipes, tools }: SkillReport): readonly Case[] => [
  ...cases,
  ...recipes.cases.map((one) => ({ ...one, name: `${one.recipe}: ${one.name}` })),
  ...tools.cases.map((one) => ({ ...one, name: `${one.tool}: ${one.name}` })),
];

const problemsOf = ({ problems, recipes, tools }: SkillReport): readonly Problem[] => [
  ...problems,
  ...recipes.problems,
  ...tools.problems,
];

function suiteOf(report: SkillReport): Suite {
  return { name: report.skill, cases: casesOf(report), problems: problemsOf(report).map(describeProblem) };
}

/** A skill without tests has not passed any. */
function refuseNoTests({ id, path, recipes, tools }: ReadySkill, report: SkillReport): void {
  if (report.isThere || report.recipes.isThere || report.tools.isThere) return;
  const knowledge = `${path}/tests/knowledge_test.md: a heading "## Test: NAME", below it **Input prompt**: and **Expected files loaded**:`;
  const cases = `${path}/tests/recipe_test.yaml: test_cases:, and below it - name: …, recipe: …, mock_commands: …`;
  const calls = `${path}/tests/tool_test.yaml: test_cases:, and below it - name: …, tool: …, expected_result: …`;
  throw new SkillError('E_NOT_FOUND', `the skill ${id} has no tests`, {
    hint: `write ${recipes.length > 0 ? cases : tools.length > 0 ? calls : knowledge}`,
  });
}

/** Nor has a filter that leaves none. */
function refuseNoCases(reports: readonly SkillReport[], filter: string | undefined): void {
  const isNone = reports.every((report) => casesOf(report).length + problemsOf(report).length === 0);
  if (filter === undefined || !isNone) return;
  throw new SkillError('E_NOT_FOUND', `no test has ${quote(filter)} in its name`, {
    hint: 'skill test without --filter shows the names of all',
  });
}

function print(report: SkillReport, terminal: Terminal): void {
  terminal.out(`${inline(report.skill)}\n`);
  for (const problem of problemsOf(report)) {
    terminal.out(`  ${problem.severity}: ${inline(describeProblem(problem))}\n`);
    terminal.out(`    fix: ${inline(problem.fix)}\n`);
  }
  const cases = casesOf(report);
  for (const result of cases) printCase(result, terminal);
  for (const coverage of report.recipes.coverage) printCoverage(coverage, terminal);
  const { coverage: tools } = report.tools;
  if (tools !== undefined) printTried('', [countOf(tools, 'tools')], tools.never, terminal);
  const failed = cases.filter(({ failures }) => failures.length > 0).length;
  terminal.out(`  ${cases.length - failed} passed, ${failed} failed\n`);
}

function printCase({ name, failures }: Case, terminal: Terminal): void {
  const mark = failures.length === 0 ? terminal.style('green', 'ok') : terminal.style('red', 'failed');
  terminal.out(`  ${mark} ${inline(name)}\n`);
  for (const { expected, actual } of failures) {
    terminal.out(`${wrap(`    expected ${inline(expected)}`, terminal.width, '      ')}\n`);
    terminal.out(`${wrap(`    but      ${inline(actual)}`, terminal.width, '      ')}\n`);
  }
}

function printCoverage({ recipe, steps, rollback }: RecipeCoverage, terminal: Terminal): void {
  const parts = [countOf(steps, 'steps'), ...(rollback.of === 0 ? [] : [countOf(rollback, 'rollback entries')])];
  printTried(`${recipe}: `, parts, [...steps.never, ...rollback.never], terminal);
}

function printTried(what: string, parts: readonly string[], never: readonly string[], terminal: Terminal): void {
  const rest = never.length === 0 ? '' : `; never run: ${never.join(', ')}`;
  terminal.out(`${wrap(`  tried ${inline(what)}${parts.join(', ')}${inline(rest)}`, terminal.width, '    ')}\n`);
}

function countOf({ run, of }: Pick<PartCoverage, 'run' | 'of'>, what: string): string {
  return `${run} of ${of} ${what}`;
}
