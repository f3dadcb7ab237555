import { describe, expect, test } from 'vitest';
import { parseKnowledgeTests } from '../../src/knowledge/knowledge-test.ts';
import { faultsOf, parseSound, problemsOf } from './parse-case.ts';

const WHOLE = `# Tests of the knowledge

What a reader needs to know, **in bold** and *not*.

## Test: Undo a commit

**Input topic**: undo

Why this case is here.

**Expected files loaded**:
- prompts/context.md
- concepts/undo.md

**Expected context contains**:
- "git reflog"
- an explanation of "git revert" and of what it leaves

## Test: Baking bread

**Input prompt**: "How do I bake bread?"

**Expected files loaded**: (none)

**Expected context**: (empty)
`;

const UNDO = {
  name: 'Undo a commit',
  line: 5,
  input: { kind: 'topic', text: 'undo' },
  expectedFiles: ['prompts/context.md', 'concepts/undo.md'],
  contains: ['git reflog', 'git revert'],
  isEmpty: false,
};
const BREAD = {
  name: 'Baking bread',
  line: 19,
  input: { kind: 'prompt', text: 'How do I bake bread?' },
  expectedFiles: [],
  contains: [],
  isEmpty: true,
};

/** A case with one field in place of its input, its files or its strings. */
const withInput = (field: string): string => `## Test: a\n${field}\n**Expected context**: (empty)\n`;
const withExpectation = (field: string): string => `## Test: a\n**Input topic**: t\n${field}\n`;

describe('a file of knowledge tests [R-KTEST-1]', () => {
  test('is read into its cases', () => {
    expect(parseSound(WHOLE)).toEqual([UNDO, BREAD]);
  });

  test('may end its lines as Windows does', () => {
    expect(parseSound(WHOLE.replaceAll('\n', '\r\n'))).toEqual([UNDO, BREAD]);
  });

  test('may have no line end at its end', () => {
    expect(parseSound(WHOLE.trimEnd())).toEqual([UNDO, BREAD]);
  });

  test('may begin with a byte order mark', () => {
    expect(parseSound(`\u{feff}${WHOLE.slice(WHOLE.indexOf('##'))}`)).toMatchObject([
      { ...UNDO, line: 1 },
      { ...BREAD, line: 15 },
    ]);
  });

  test.each([
    ['## Test: a', 'a'],
    ['# Test: a', 'a'],
    ['###### Test: a', 'a'],
    ['   ## Test: a', 'a'],
    ['##\tTest:a', 'a'],
    ['## TEST : a', 'a'],
    ['## Test: a ##', 'a'],
    ['## Test: C#', 'C#'],
    ['## Test: a: b', 'a: b'],
    ['## Test: __proto__', '__proto__'],
    ['## Test: Déjà vu 漢字', 'Déjà vu 漢字'],
  ])('names a case by its heading: %j', (heading, name) => {
    const source = `${heading}\n**Input topic**: t\n**Expected context**: (empty)`;
    expect(parseSound(source).map((found) => found.name)).toEqual([name]);
  });

  test.each([
    ['## Tests', 1],
    ['## Testing: a', 1],
    ['##Test: a', 1],
    ['    ## Test: a', 1],
    ['####### Test: a', 1],
    ['Test: a', 1],
    ['- ## Test: a', 1],
  ])('takes no other line for one: %j', (line, count) => {
    expect(parseSound(`${withInput('**Input topic**: t')}\n\n${line}\n`)).toHaveLength(count);
  });

  test('ends a case at the next heading of its level, not at one below it', () => {
    const source = [
      '## Test: a',
      '### Why',
      '**Input topic**: t',
      '### What',
      'prose',
      '**Expected context**: (empty)',
      '## Remarks',
      '**Note**: not of the case',
    ].join('\n');
    expect(parseSound(source)).toMatchObject([{ name: 'a', input: { text: 't' }, isEmpty: true }]);
  });

  test('takes no text below a heading for the value above it', () => {
    const source = '## Test: a\n**Input topic**: t\n**Expected files loaded**:\n- a.md\n### Not\n- b.md\n';
    expect(parseSound(source)).toMatchObject([{ expectedFiles: ['a.md'] }]);
  });

  test.each(['**Note** that', '**', '****', '**:**', '**open: x', '    **Note**: x', '- **Note**: x', 'a **Note**: x'])(
    'takes %j for prose',
    (line) => {
      expect(parseSound(withInput(`**Input topic**: t\n\n${line}`))).toMatchObject([{ input: { text: 't' } }]);
    },
  );

  test('is prose within code fences and comments', () => {
    const hidden = ['## Test: hidden', '**Input topic**: x', '**Unknown**: y'];
    const fenced = ['```md', ...hidden, '```', '~~~~', ...hidden, '~~~', '```', '~~~~'];
    const commented = ['<!--', ...hidden, '-->', '<!-- ## Test: b -->'];
    const source = [
      ...fenced,
      ...commented,
      '## Test: seen',
      '**Input topic**: t',
      '```',
      '**Input topic**: u',
      '```',
      '**Expected context**: (empty)',
    ].join('\n');
    expect(parseSound(source)).toMatchObject([{ name: 'seen', input: { text: 't' } }]);
  });
});

describe('the input of a case [R-KTEST-1]', () => {
  test.each([
    ['**Input topic**: undo', 'topic', 'undo'],
    ['**Input topic:** undo', 'topic', 'undo'],
    ['**Input topic** undo', 'topic', 'undo'],
    ['**Input topic:**: undo', 'topic', 'undo'],
    ['** Input topic **:   undo  ', 'topic', 'undo'],
    ['   **input TOPIC**:undo', 'topic', 'undo'],
    ['**Input topic**:\nundo', 'topic', 'undo'],
    ['**Input topic**:\n\n\nundo\n\nwhy it is so', 'topic', 'undo'],
    ['**Input topic**: undo\nwhy it is so', 'topic', 'undo'],
    ['**Input topic**:\n- undo', 'topic', 'undo'],
    ['**Input topic**: "undo"', 'topic', 'undo'],
    ['**Input topic**: `undo`', 'topic', 'undo'],
    ['**Input topic**: `a` and `b`', 'topic', '`a` and `b`'],
    ['**Input topic**: `', 'topic', '`'],
    ['**Input topic**: **bold**', 'topic', '**bold**'],
    ['**Input prompt**: How do I "undo"?', 'prompt', 'How do I "undo"?'],
    ['**Input prompt**: a 6" pipe', 'prompt', 'a 6" pipe'],
    ['**Input prompt**: "say \\"hi\\""', 'prompt', 'say "hi"'],
    ['**Input prompt**: "C:\\temp\\\\x"', 'prompt', 'C:\\temp\\x'],
    ['**Input prompt**: "a" and "b"', 'prompt', '"a" and "b"'],
    ['**Input prompt**: "a" and b', 'prompt', '"a" and b'],
    ['**Input prompt**: ""', 'prompt', ''],
    ['**Input prompt**:\nfirst line\nsecond line\n\nprose', 'prompt', 'first line\nsecond line'],
    ['**Input prompt**:\n"first\nsecond"', 'prompt', 'first\nsecond'],
    ['**Input prompt**: ## Test: a', 'prompt', '## Test: a'],
  ])('%j', (field, kind, text) => {
    expect(parseSound(withInput(field))).toMatchObject([{ input: { kind, text } }]);
  });
});

describe('the files a case expects [R-KTEST-1]', () => {
  test.each([
    ['**Expected files loaded**: (none)', []],
    ['**Expected files loaded:** (None)', []],
    ['**Expected files loaded**\n(none)', []],
    ['**Expected files loaded**:\n- (none)', []],
    ['**Expected files loaded**: (none)\n\nSince nobody asked.', []],
    ['**Expected files loaded**:\n- a.md', ['a.md']],
    ['**Expected files loaded**:\n\n* a.md\n\n* b.md', ['a.md', 'b.md']],
    ['**Expected files loaded**:\n+ a.md\n2) b.md', ['a.md', 'b.md']],
    ['**Expected files loaded**:\n1. a.md\n10. b.md', ['a.md', 'b.md']],
    ['**Expected files loaded**:\n  - `a.md`, since it fits\n  - "b.md" too', ['a.md', 'b.md']],
    ['**Expected files loaded**:\n- a.md\n-\n- b.md', ['a.md', 'b.md']],
    ['**Expected files loaded**:\nIn any order:\n- a.md', ['a.md']],
    ['**Expected files loaded**: a.md', ['a.md']],
    ['**Expected files loaded**: a.md, `b.md`,c.md', ['a.md', 'b.md', 'c.md']],
    ['**Expected files loaded**:\na.md\nb.md\n\nprose', ['a.md', 'b.md']],
    ['**Expected files loaded**:\n- knowledge/concepts/a b.md', ['knowledge/concepts/a b.md']],
    ['**Expected files loaded**:\n- ./constructor', ['./constructor']],
  ])('%j', (field, files) => {
    expect(parseSound(withExpectation(field))).toMatchObject([{ expectedFiles: files }]);
  });

  test('are left open when it does not name them', () => {
    expect(parseSound(withExpectation('**Expected context**: (empty)'))[0]).not.toHaveProperty('expectedFiles');
  });
});

describe('the strings a case expects [R-KTEST-1]', () => {
  test.each([
    ['**Expected context contains**: "a"', ['a']],
    ['**Expected context contains**: "a", and "b"', ['a', 'b']],
    ['**Expected context contains**:\n- "a"\n- "b" in a sentence\n- prose alone', ['a', 'b']],
    ['**Expected context contains**:\n"a"\n\nsome prose with "b"', ['a', 'b']],
    ['**Expected context contains**: "a"\n- "b"', ['a', 'b']],
    ['**Expected context contains**:\n- `echo "hi"`', ['hi']],
    ['**Expected context contains**:\n- "say \\"hi\\""', ['say "hi"']],
    ['**Expected context contains**:\n- "a\\\\"', ['a\\']],
    ['**Expected context contains**:\n- "\\d+\\n"', ['\\d+\\n']],
    ['**Expected context contains**:\n- " spaces "', [' spaces ']],
    ["**Expected context contains**:\n- \"it's\" and 'this' is prose", ["it's"]],
    ['**Expected context contains**:\n- "## Test: x"', ['## Test: x']],
  ])('%j', (field, contains) => {
    expect(parseSound(withExpectation(field))).toMatchObject([{ contains, isEmpty: false }]);
  });

  test.each([
    '**Expected context**: (empty)',
    '**Expected context:**\n\n(EMPTY)',
    '**expected context** (empty)\nprose',
  ])('or an empty context: %j', (field) => {
    expect(parseSound(withExpectation(field))).toMatchObject([{ contains: [], isEmpty: true }]);
  });
});

describe('a wrong file is told [R-KTEST-2]', () => {
  test.each([
    ['', ['1:1 K_TEST_NONE']],
    ['# Tests\n\nNothing yet.\n', ['1:1 K_TEST_NONE']],
    ['```\n## Test: a\n```', ['1:1 K_TEST_NONE']],
    ['```\n## Test: a\n', ['1:1 K_TEST_NONE', '1:1 K_TEST_OPEN']],
    ['## Test:\n**Input topic**: a\n**Expected context**: (empty)', ['1:1 K_TEST_NAME']],
    ['  ## Test: ##\n**Input topic**: a\n**Expected context**: (empty)', ['1:3 K_TEST_NAME']],
    ['**Input topic**: a\n', ['1:1 K_TEST_NONE', '1:1 K_TEST_STRAY_FIELD']],
    ['## Tests: a\n  **Input topic**: a\n', ['1:1 K_TEST_NONE', '2:3 K_TEST_STRAY_FIELD']],
    ['## Test: a\n**Expected context**: (empty)', ['1:1 K_TEST_NO_INPUT']],
    ['## Test: a\n**Input topic**: a', ['1:1 K_TEST_NO_EXPECTATION']],
    ['## Test: a', ['1:1 K_TEST_NO_INPUT', '1:1 K_TEST_NO_EXPECTATION']],
    [withInput('**Input topic**: a\n**Input prompt**: b'), ['3:1 K_TEST_TWO_INPUTS']],
    [withInput('**Input prompt**: b\n **Input topic**: a'), ['3:2 K_TEST_TWO_INPUTS']],
    [withInput('**Input topic**: a\n**Input topic**: a'), ['3:1 K_TEST_REPEATED_FIELD']],
    [withInput('**Input topic**:'), ['2:1 K_TEST_VALUE']],
    [withInput('**Input topic**: a\n**Input**: b'), ['3:1 K_TEST_UNKNOWN_FIELD']],
    [withInput('**Input topic**: a\n**Note:** b'), ['3:1 K_TEST_UNKNOWN_FIELD']],
    [withInput('**Input topic**: a\n**__proto__**: b'), ['3:1 K_TEST_UNKNOWN_FIELD']],
    [withInput('**Input topic**: "a'), ['2:18 K_TEST_QUOTE']],
    [withInput('**Input topic**: "a" "'), ['2:18 K_TEST_QUOTE']],
    [withInput('**Input topic**: "a\\"'), ['2:18 K_TEST_QUOTE']],
    [withInput('**Input prompt**: "a\nb"'), ['2:19 K_TEST_QUOTE']],
    [withExpectation('**Expected files loaded**:'), ['3:1 K_TEST_VALUE']],
    [withExpectation('**Expected files loaded**: ,'), ['3:1 K_TEST_VALUE']],
    [withExpectation('**Expected files loaded**: a.md\n- b.md'), ['3:28 K_TEST_VALUE']],
    [withExpectation('**Expected files loaded**: (none), a.md'), ['3:36 K_TEST_CONTRADICTION']],
    [withExpectation('**Expected files loaded**:\n- a.md\n- (none)'), ['4:3 K_TEST_CONTRADICTION']],
    [withExpectation('**Expected files loaded**:\n- ../a.md'), ['4:3 K_TEST_PATH']],
    [withExpectation('**Expected files loaded**:\n  1.  /etc/passwd\n- a\\b'), ['4:7 K_TEST_PATH', '5:3 K_TEST_PATH']],
    [withExpectation('**Expected files loaded**: a.md,  b//c'), ['3:35 K_TEST_PATH']],
    [withExpectation('**Expected files loaded**:\n- a\u{202e}b'), ['4:3 K_TEST_PATH']],
    [withExpectation('**Expected context contains**:'), ['3:1 K_TEST_VALUE']],
    [withExpectation('**Expected context contains**: ""'), ['3:32 K_TEST_VALUE']],
    [withExpectation('**Expected context contains**: "a", "b'), ['3:37 K_TEST_QUOTE']],
    [withExpectation('**Expected context contains**:\n- ok "a"\n- "b'), ['5:3 K_TEST_QUOTE']],
    [withExpectation('**Expected context contains**:\n- a 6" pipe'), ['4:6 K_TEST_QUOTE']],
    [withExpectation('**Expected context**:'), ['3:1 K_TEST_VALUE']],
    [withExpectation('**Expected context**: none'), ['3:23 K_TEST_VALUE']],
    [
      withExpectation('**Expected context contains**: "a"\n**Expected context**: (empty)'),
      ['4:1 K_TEST_CONTRADICTION'],
    ],
    [withExpectation('**Expected context**: (empty)\n~~~\nnever closed'), ['4:1 K_TEST_OPEN']],
    [withExpectation('**Expected context**: (empty)\n<!--\n## Test: b'), ['4:1 K_TEST_OPEN']],
  ])('%j', (source, faults) => {
    expect(faultsOf(source)).toEqual(faults);
    const { cases } = parseKnowledgeTests(source, 'f');
    // What stands before an open fence was read as it is meant.
    expect(cases).toHaveLength(faults.some((fault) => fault.endsWith('_OPEN')) && source.startsWith('##') ? 1 : 0);
  });

  test('with every problem at once, in the order of the file', () => {
    const source = ['**Input topic**: a', withInput('**Inptu topic**: a'), withExpectation('**Expected context**: x')];
    expect(faultsOf(source.join('\n'))).toEqual([
      '1:1 K_TEST_STRAY_FIELD',
      '2:1 K_TEST_NO_INPUT',
      '3:1 K_TEST_UNKNOWN_FIELD',
      '6:1 K_TEST_DUPLICATE',
      '8:23 K_TEST_VALUE',
    ]);
  });

  test('and keeps the cases that are sound', () => {
    const source = `${WHOLE}\n## Test: broken\n${withInput('**Input topic**: t')}`;
    const { cases, problems } = parseKnowledgeTests(source, 'f');
    expect(cases.map(({ name }) => name)).toEqual(['Undo a commit', 'Baking bread', 'a']);
    expect(problems).toHaveLength(2);
  });

  test('and so is each name that was taken before, with the line of the first', () => {
    const source = withInput('**Input topic**: t').repeat(3);
    expect(problemsOf(source).map(({ line, message }) => [line, message])).toEqual([
      [4, 'the case on line 1 is called "a" too'],
      [7, 'the case on line 1 is called "a" too'],
    ]);
  });

  test.each([
    ['Inptu topic', 'did you mean Input topic?'],
    ['Input promt', 'did you mean Input prompt?'],
    ['Expected file loaded', 'did you mean Expected files loaded?'],
    ['Expected contexts', 'did you mean Expected context?'],
    [
      'Reason',
      'a case has Input topic, Input prompt, Expected files loaded, Expected context contains, Expected context',
    ],
    ['x'.repeat(5_000), expect.stringContaining('a case has')],
  ])('and a field of another name is met with the nearest: %s', (label, fix) => {
    const source = withInput(`**Input topic**: t\n**${label}**: x`);
    expect(problemsOf(source)).toMatchObject([{ code: 'K_TEST_UNKNOWN_FIELD', severity: 'error', fix }]);
  });

  test('and its names are shown so that they cannot hide', () => {
    const [problem] = problemsOf(withInput('**Input topic**: t\n**a\u{200b}\u{1b}[2J**: x'));
    expect(problem?.message).toBe(String.raw`"a\u{200b}\u{1b}[2J" is no field of a case`);
  });

  test('and a list that holds prose alone, as a warning: the case still stands', () => {
    const source = withExpectation('**Expected context contains**:\n- “git log” in curly quotes');
    expect(problemsOf(source)).toMatchObject([{ severity: 'warning', code: 'K_TEST_PROSE', line: 3, column: 1 }]);
    expect(parseKnowledgeTests(source, 'f').cases).toMatchObject([{ contains: [] }]);
  });

  test('and a file of more than 256 KiB is not read', () => {
    const fill = (bytes: number): string => WHOLE + 'é'.repeat((bytes - WHOLE.length) / 2);
    expect(faultsOf(fill(256 * 1024))).toEqual([]);
    expect(problemsOf(fill(256 * 1024 + 2))).toMatchObject([{ code: 'K_TEST_TOO_LARGE', severity: 'error' }]);
    expect(parseKnowledgeTests(fill(256 * 1024 + 2), 'f').cases).toEqual([]);
  });
});

describe('a hostile file [R-KTEST-2]', () => {
  const LENGTH = 250_000;
  test.each([
    ['#', '#'],
    ['stars', '*'],
    ['bold', '**a**:'],
    ['open bold', '**a\n'],
    ['quotes', '"'],
    ['escapes', '\\'],
    ['fences', '```\n'],
    ['growing fences', '`'],
    ['comments', '<!-- '],
    ['commas', ','],
    ['spaces', ' '],
    ['digits', '1'],
    ['items', '- '],
    ['headings', '## Test: a\n'],
    ['fields', '**Input topic**:\n'],
    ['carriage returns', '\r'],
    ['NUL', '\0'],
    ['lone surrogates', '\u{d800}'.repeat(1)],
  ])('of %s is read in time linear in it', (_, part) => {
    const many = part.repeat(Math.floor(LENGTH / (part.length * (part.charCodeAt(0) > 127 ? 3 : 1))));
    for (const source of [
      many,
      withInput(`**Input prompt**: ${many}`.slice(0, LENGTH)),
      withExpectation(`**Expected files loaded**: ${many}`),
    ]) {
      const started = performance.now();
      parseKnowledgeTests(source, 'f');
      expect(performance.now() - started).toBeLessThan(2_000);
    }
  });
});
