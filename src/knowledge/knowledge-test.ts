import { quote } from '../../host/index.ts';
import type { Problem } from '../manifest/manifest.ts';
import { nearest } from '../manifest/nearest.ts';
import { type Draft, draftCases, type DraftField } from './case-drafts.ts';
import type { CaseFault } from './case-fault.ts';
import { FIELD_NAMES, type FieldName } from './case-field.ts';
import { readEmpty, readFiles, readInput, readStrings } from './case-values.ts';

/** One case of `tests/knowledge_test.md`. */
export interface KnowledgeCase {
  readonly name: string;
  /** Of its heading, 1-based. */
  readonly line: number;
  /** A topic is looked up as it is; a prompt is what a person would type. */
  readonly input: { readonly kind: 'topic' | 'prompt'; readonly text: string };
  /** Exactly these, in any order; none for `(none)`; absent when the case does not say. */
  readonly expectedFiles?: readonly string[];
  /** Each stands in the context, letter by letter. */
  readonly contains: readonly string[];
  readonly isEmpty: boolean;
}

const MAX_BYTES = 256 * 1024;

/**
 * Reads `tests/knowledge_test.md`: headings `Test: NAME`, below each an input and what it is expected to load. Every
 * problem is told at once; a case with an error is not among the cases. Text that is neither a heading of a case nor a
 * field in bold is prose, and so is what stands in code fences and comments.
 */
export function parseKnowledgeTests(
  source: string,
  file: string,
): { readonly cases: readonly KnowledgeCase[]; readonly problems: readonly Problem[] } {
  const toProblem = (fault: CaseFault): Problem => ({ severity: 'error', file, ...fault });
  const bytes = Buffer.byteLength(source);
  if (bytes > MAX_BYTES) {
    const message = `the file has ${bytes} bytes; at most ${MAX_BYTES} are read`;
    const fix = 'shorten it, or test less';
    return { cases: [], problems: [{ severity: 'error', file, code: 'K_TEST_TOO_LARGE', message, fix }] };
  }
  const { drafts, strays, openSince } = draftCases(source);
  const faults = [...(drafts.length === 0 ? [NO_CASES] : []), ...checkEnd(openSince), ...strays.map(strayFault)];
  const cases: KnowledgeCase[] = [];
  const seen = new Map<string, number>();
  for (const draft of drafts) {
    const found = checkName(draft, seen);
    const read = readCase(draft, found);
    if (read !== undefined && found.every(({ severity }) => severity === 'warning')) cases.push(read);
    faults.push(...found);
  }
  return { cases, problems: faults.toSorted((a, b) => a.line - b.line || a.column - b.column).map(toProblem) };
}

const NO_CASES: CaseFault = {
  code: 'K_TEST_NONE',
  line: 1,
  column: 1,
  message: 'there is no case',
  fix: 'write a heading such as "## Test: undo a commit", and below it **Input topic**: and **Expected files loaded**:',
};

function checkEnd(openSince: number | undefined): CaseFault[] {
  if (openSince === undefined) return [];
  const message = 'a code fence or comment that begins here is never closed, so the rest is not read';
  return [{ code: 'K_TEST_OPEN', line: openSince, column: 1, message, fix: 'close it' }];
}

function strayFault({ label, line, column }: DraftField): CaseFault {
  const message = `${quote(label)} stands outside of a case`;
  return { code: 'K_TEST_STRAY_FIELD', line, column, message, fix: 'write a heading "## Test: NAME" above it' };
}

function checkName({ name, line, column }: Draft, seen: Map<string, number>): CaseFault[] {
  if (name === '') {
    return [{ code: 'K_TEST_NAME', line, column, message: 'the case has no name', fix: 'write one behind "Test:"' }];
  }
  const first = seen.get(name);
  if (first === undefined) {
    seen.set(name, line);
    return [];
  }
  const message = `the case on line ${first} is called ${quote(name)} too`;
  return [{ code: 'K_TEST_DUPLICATE', line, column, message, fix: 'give each case a name of its own' }];
}

/** The case, as far as it can be read; undefined when it has no input. */
function readCase(draft: Draft, faults: CaseFault[]): KnowledgeCase | undefined {
  const fields = nameFields(draft.fields, faults);
  const input = chooseInput(draft, fields, faults);
  const files = fields.get('Expected files loaded');
  const contains = fields.get('Expected context contains');
  const empty = fields.get('Expected context');
  if (files === undefined && contains === undefined && empty === undefined) {
    const fix = 'add **Expected files loaded**:, **Expected context contains**: or **Expected context**: (empty)';
    const message = 'the case expects nothing';
    faults.push({ code: 'K_TEST_NO_EXPECTATION', line: draft.line, column: draft.column, message, fix });
  }
  const expectedFiles = files && readFiles(files, faults);
  const strings = contains === undefined ? [] : readStrings(contains, faults);
  const isEmpty = empty !== undefined && readEmpty(empty, faults);
  if (isEmpty && strings.length > 0) {
    const message = 'a context that is empty contains no string';
    const fix = 'keep **Expected context**: or **Expected context contains**:';
    faults.push({ code: 'K_TEST_CONTRADICTION', line: empty.line, column: empty.column, message, fix });
  }
  if (input === undefined) return undefined;
  const { name, line } = draft;
  return { name, line, input, ...(expectedFiles !== undefined && { expectedFiles }), contains: strings, isEmpty };
}

/** The fields by their names; unknown and repeated ones are faults. */
function nameFields(fields: readonly DraftField[], faults: CaseFault[]): Map<FieldName, DraftField> {
  const named = new Map<FieldName, DraftField>();
  for (const field of fields) {
    const { label, name, line, column } = field;
    if (name === undefined) {
      const meant = nearest(label, FIELD_NAMES);
      const fix = meant === undefined ? `a case has ${FIELD_NAMES.join(', ')}` : `did you mean ${meant}?`;
      faults.push({
        code: 'K_TEST_UNKNOWN_FIELD',
        line,
        column,
        message: `${quote(label)} is no field of a case`,
        fix,
      });
    } else if (named.has(name)) {
      const message = `${label} stands on line ${named.get(name)?.line} already`;
      faults.push({
        code: 'K_TEST_REPEATED_FIELD',
        line,
        column,
        message,
        fix: 'keep one, or make it a case of its own',
      });
    } else named.set(name, field);
  }
  return named;
}

function chooseInput(
  draft: Draft,
  fields: ReadonlyMap<FieldName, DraftField>,
  faults: CaseFault[],
): KnowledgeCase['input'] | undefined {
  const topic = fields.get('Input topic');
  const prompt = fields.get('Input prompt');
  if (topic !== undefined && prompt !== undefined) {
    const { line, column } = topic.line > prompt.line ? topic : prompt;
    const message = 'the case has a topic and a prompt';
    faults.push({ code: 'K_TEST_TWO_INPUTS', line, column, message, fix: 'keep one, or make two cases' });
  }
  if (topic !== undefined) return { kind: 'topic', text: readInput(topic, faults) };
  if (prompt !== undefined) return { kind: 'prompt', text: readInput(prompt, faults) };
  const { line, column } = draft;
  const fix = 'add **Input topic**: or **Input prompt**:';
  faults.push({ code: 'K_TEST_NO_INPUT', line, column, message: 'the case has no input', fix });
  return undefined;
}
