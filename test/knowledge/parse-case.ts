import { expect } from 'vitest';
import type { Problem } from '../../src/manifest/manifest.ts';
import { type KnowledgeCase, parseKnowledgeTests } from '../../src/knowledge/knowledge-test.ts';

const FILE = 'tests/knowledge_test.md';

/** Reads a text that is to have no problem. */
export function parseSound(source: string): readonly KnowledgeCase[] {
  const { cases, problems } = parseKnowledgeTests(source, FILE);
  expect(problems).toEqual([]);
  return cases;
}

/** The problems of a text as `line:column CODE`. */
export function faultsOf(source: string): string[] {
  return problemsOf(source).map(({ line, column, code }) => `${line}:${column} ${code}`);
}

export function problemsOf(source: string): readonly Problem[] {
  const { problems } = parseKnowledgeTests(source, FILE);
  for (const problem of problems)
    expect(problem).toMatchObject({ file: FILE, code: expect.stringMatching(/^K_TEST_[A-Z_]+$/) });
  return problems;
}
