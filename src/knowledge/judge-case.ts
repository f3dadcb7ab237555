import { quote } from '../../host/index.ts';
import type { KnowledgeCase } from './knowledge-test.ts';

/** What a skill put in front of the model. */
export interface Loaded {
  /** Relative to the skill's folder or to its `knowledge/`, in any order. */
  readonly files: readonly string[];
  readonly context: string;
}

/** One expectation that was not met. */
export interface Failure {
  readonly expected: string;
  readonly actual: string;
}

/**
 * Compares what was loaded with what a case expects; an empty list means that the case passed.
 *
 * "Expected files loaded" lists exactly the files, `prompts/context.md` too: one that is not listed fails the case, and
 * `(none)` stands for no file at all. A case without that list leaves the files open. Strings are looked for letter by
 * letter; a context of white space alone is empty.
 */
export function judgeCase(test: KnowledgeCase, loaded: Loaded): readonly Failure[] {
  return [...judgeFiles(test.expectedFiles, loaded.files), ...judgeContext(test, loaded.context)];
}

function judgeFiles(listed: readonly string[] | undefined, files: readonly string[]): Failure[] {
  if (listed === undefined) return [];
  const expected = new Set(listed.map(nameInKnowledge));
  const actual = new Set(files.map(nameInKnowledge));
  const missing = [...expected].filter((file) => !actual.has(file));
  const extra = [...actual].filter((file) => !expected.has(file));
  return [
    ...missing.map((file) => ({ expected: `${quote(file)} is loaded`, actual: describeFiles(actual) })),
    ...extra.map((file) => ({ expected: `${quote(file)} is not loaded, since it is not listed`, actual: 'it is' })),
  ];
}

/** One name for a file, from whichever of the two folders it was written. */
function nameInKnowledge(file: string): string {
  return file.replace(/^(?:\.\/)?(?:knowledge\/)?/, '');
}

function describeFiles(files: ReadonlySet<string>): string {
  if (files.size === 0) return 'no file is loaded';
  return `loaded: ${[...files].map((file) => quote(file)).join(', ')}`;
}

function judgeContext(test: KnowledgeCase, context: string): Failure[] {
  const actual = context.trim() === '' ? 'the context is empty' : `the context begins ${quote(context.trim())}`;
  const missing = test.contains.filter((text) => !context.includes(text));
  const failures = missing.map((text) => ({ expected: `the context contains ${quote(text)}`, actual }));
  if (test.isEmpty && context.trim() !== '') failures.unshift({ expected: 'the context is empty', actual });
  return failures;
}
