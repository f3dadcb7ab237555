import type { CatalogEntry } from '../catalog/entry.ts';
import type { Problem } from '../manifest/manifest.ts';
import { NotReadable, readWithin } from '../skill/read-within.ts';
import { augment } from './augment.ts';
import { type Failure, judgeCase } from './judge-case.ts';
import { type KnowledgeCase, parseKnowledgeTests } from './knowledge-test.ts';
import { MatchCache } from './match-cache.ts';

/** Where a skill keeps the tests of its knowledge. */
const KNOWLEDGE_TESTS = 'tests/knowledge_test.md';

export interface CaseResult {
  readonly name: string;
  readonly line: number;
  /** Empty when the case passed. */
  readonly failures: readonly Failure[];
}

export interface TestReport {
  /** Whether the skill has tests. */
  readonly isThere: boolean;
  readonly cases: readonly CaseResult[];
  /** What is wrong with the tests themselves. */
  readonly problems: readonly Problem[];
}

const MOST_BYTES = 256 * 1024;

/**
 * Runs the tests of what a skill knows. Its neighbours are matched against as well, so that a prompt for one of them is
 * no prompt for it.
 */
export async function runKnowledgeTests(
  skill: CatalogEntry,
  neighbours: readonly CatalogEntry[],
  isWanted: (name: string) => boolean,
): Promise<TestReport> {
  const source = await readTests(skill.path);
  if (source === undefined) return { isThere: false, cases: [], problems: [] };
  if (typeof source !== 'string') return { isThere: true, cases: [], problems: [source] };
  const { cases, problems } = parseKnowledgeTests(source, KNOWLEDGE_TESTS);
  const others = neighbours.filter(({ id, path, ready }) => ready && id !== skill.id && path !== skill.path);
  const index = new MatchCache(undefined, '').open([...others, skill]);
  const results: CaseResult[] = [];
  for (const test of cases.filter(({ name }) => isWanted(name))) {
    const { skills, systemContext } = await augment(test.input.text, [skill], index, { tokens: 'exact' });
    const files = skills.flatMap((use) => use.files);
    results.push({ name: test.name, line: test.line, failures: judge(test, files, systemContext) });
  }
  return { isThere: true, cases: results, problems };
}

function judge(test: KnowledgeCase, files: readonly string[], context: string): readonly Failure[] {
  return judgeCase(test, { files, context });
}

/** The text, why there is none that can be read, or undefined when there is no such file. */
async function readTests(folder: string): Promise<string | Problem | undefined> {
  try {
    const bytes = await readWithin(folder, KNOWLEDGE_TESTS, MOST_BYTES);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (error instanceof NotReadable) return unreadable(message);
    return unreadable(error instanceof TypeError ? 'it is not UTF-8' : `it cannot be read: ${code ?? message}`);
  }
}

function unreadable(message: string): Problem {
  const fix = `a file of tests is a regular file of UTF-8 text, of at most ${MOST_BYTES / 1024} KiB`;
  return { severity: 'error', code: 'K_TEST_UNREADABLE', file: KNOWLEDGE_TESTS, message, fix };
}
