import { quote, SkillError } from '../../../host/index.ts';
import { describeSkill } from '../../catalog/entry.ts';
import type { CaseResult, TestReport } from '../../knowledge/run-tests.ts';
import { describeProblem } from '../../manifest/describe-problem.ts';
import type { ReadySkill } from '../../skill/skill.ts';
import { type Context, parseFormat } from '../context.ts';
import { printData } from '../print.ts';
import { inline, type Terminal, wrap } from '../terminal.ts';

export interface TestFlags {
  readonly filter?: string;
  readonly format: string;
}

const FAILED = 1;
const INVALID = 5;

/** `skill test SKILL…`: runs the tests that skills bring with them. */
export async function test(
  references: readonly string[],
  flags: TestFlags,
  { terminal, openRuntime }: Context,
): Promise<number> {
  const format = parseFormat(flags.format, ['text', 'json']);
  const { runKnowledgeTests } = await import('../../knowledge/run-tests.ts');
  const runtime = await openRuntime({ spare: false });
  const reports: (TestReport & { readonly skill: string })[] = [];
  try {
    const neighbours = await runtime.skills();
    for (const reference of references) {
      const skill = await runtime.skill(reference);
      const isWanted = (name: string): boolean => name.includes(flags.filter ?? '');
      const entry = { ...describeSkill(skill), path: skill.path, signature: skill.hash };
      reports.push({ skill: skill.id, ...(await runKnowledgeTests(entry, neighbours, isWanted)) });
      refuseNoTests(skill, reports.at(-1));
    }
  } finally {
    await runtime.close();
  }
  refuseNoCases(reports, flags.filter);
  if (format === 'json') await printData(reports, format, terminal);
  else for (const report of reports) print(report, terminal);
  if (reports.some(({ problems }) => problems.some(({ severity }) => severity === 'error'))) return INVALID;
  return reports.some(({ cases }) => cases.some(({ failures }) => failures.length > 0)) ? FAILED : 0;
}

/** A skill without tests has not passed any. */
function refuseNoTests({ id, path }: ReadySkill, report: TestReport | undefined): void {
  if (report?.isThere === true) return;
  throw new SkillError('E_NOT_FOUND', `the skill ${id} has no tests`, {
    hint: `write ${path}/tests/knowledge_test.md: a heading "## Test: NAME", below it **Input prompt**: and **Expected files loaded**:`,
  });
}

/** Nor has a filter that leaves none. */
function refuseNoCases(reports: readonly TestReport[], filter: string | undefined): void {
  if (filter === undefined || reports.some(({ cases, problems }) => cases.length + problems.length > 0)) return;
  throw new SkillError('E_NOT_FOUND', `no test has ${quote(filter)} in its name`, {
    hint: 'skill test without --filter shows the names of all',
  });
}

function print(report: TestReport & { readonly skill: string }, terminal: Terminal): void {
  terminal.out(`${inline(report.skill)}\n`);
  for (const problem of report.problems) terminal.out(`  ${problem.severity}: ${inline(describeProblem(problem))}\n`);
  for (const result of report.cases) printCase(result, terminal);
  const failed = report.cases.filter(({ failures }) => failures.length > 0).length;
  terminal.out(`  ${report.cases.length - failed} passed, ${failed} failed\n`);
}

function printCase({ name, failures }: CaseResult, terminal: Terminal): void {
  const mark = failures.length === 0 ? terminal.style('green', 'ok') : terminal.style('red', 'failed');
  terminal.out(`  ${mark} ${inline(name)}\n`);
  for (const { expected, actual } of failures) {
    terminal.out(`${wrap(`    expected ${inline(expected)}`, terminal.width, '      ')}\n`);
    terminal.out(`${wrap(`    but      ${inline(actual)}`, terminal.width, '      ')}\n`);
  }
}
