import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CatalogEntry } from '../../src/catalog/entry.ts';
import { runKnowledgeTests, type TestReport } from '../../src/knowledge/run-tests.ts';
import { scratch, write } from '../runtime/folders.ts';
import { entriesOf, writeKnowledge } from './contexts.ts';

const root = scratch();
const TESTS = 'tests/knowledge_test.md';
let neighbours: readonly CatalogEntry[];

beforeAll(async () => {
  writeKnowledge(join(root, 'others'), { id: 'custom.weaving', topics: ['loom'] });
  writeKnowledge(join(root, 'others'), { id: 'core.habits', knowledge: 'always_on = true' });
  neighbours = await entriesOf(join(root, 'others'));
});

/** Runs the tests of a skill about knitting. */
async function run(tests: string, isWanted: (name: string) => boolean = () => true): Promise<TestReport> {
  const directory = scratch();
  writeKnowledge(directory, {
    id: 'custom.knitting',
    topics: ['knitting', 'scarf'],
    files: {
      'knowledge/prompts/context.md': '# Knitting\n\nCount your "stitches".\n',
      'knowledge/patterns/cables.md': '# Cables\n\nCross them.\n',
      [TESTS]: tests,
    },
  });
  const [entry] = await entriesOf(directory);
  return runKnowledgeTests(entry ?? expect.fail('no skill'), [...neighbours, entry ?? expect.fail()], isWanted);
}
const testOf = (fields: string, name = 'One'): string => `## Test: ${name}\n\n${fields}\n\n`;

describe('the tests that a skill brings [R-KTEST-3]', () => {
  it.each<[what: string, fields: string, failures: RegExp[]]>([
    ['files as expected', '**Input topic**: scarf\n\n**Expected files loaded**: prompts/context.md', []],
    [
      'a topic and its pattern',
      '**Input prompt**: "a scarf with cables"\n\n**Expected files loaded**:\n- prompts/context.md\n- patterns/cables.md',
      [],
    ],
    [
      'a file too few',
      '**Input topic**: scarf\n\n**Expected files loaded**:\n- prompts/context.md\n- patterns/cables.md',
      [/cables\.md" is loaded/],
    ],
    [
      'a file too many',
      '**Input prompt**: "a scarf with cables"\n\n**Expected files loaded**:\n- prompts/context.md',
      [/cables\.md" is not loaded/],
    ],
    [
      'a text that is there',
      '**Input topic**: scarf\n\n**Expected context contains**:\n- "Count your \\"stitches\\""',
      [],
    ],
    ['a text that is not', '**Input topic**: scarf\n\n**Expected context contains**:\n- "purl"', [/contains "purl"/]],
    [
      'nothing, for what it does not know',
      '**Input prompt**: "the weather"\n\n**Expected files loaded**: (none)\n\n**Expected context**: (empty)',
      [],
    ],
    ['nothing, for what its neighbour knows', '**Input topic**: loom\n\n**Expected context**: (empty)', []],
    [
      'nothing, where there is something',
      '**Input topic**: scarf\n\n**Expected context**: (empty)',
      [/context is empty/],
    ],
  ])('%s', async (_what, fields, failures) => {
    const { isThere, cases, problems } = await run(testOf(fields));
    expect({ isThere, problems }).toEqual({ isThere: true, problems: [] });
    expect(cases).toMatchObject([{ name: 'One', line: 1 }]);
    expect(cases[0]?.failures.map(({ expected }) => expected)).toEqual(
      failures.map((one) => expect.stringMatching(one)),
    );
  });

  it('see nothing of what is always on beside it', async () => {
    const { cases } = await run(testOf('**Input topic**: scarf\n\n**Expected context contains**:\n- "core.habits"'));
    expect(cases[0]?.failures).toHaveLength(1);
  });

  it('are run when they are wanted, and those with an error never [R-KTEST-2]', async () => {
    const fields = '**Input topic**: scarf\n\n**Expected context contains**:\n- "stitches"';
    const text = `${testOf(fields, 'First')}${testOf('**Input topic**: scarf', 'Broken')}${testOf(fields, 'Second')}`;
    const all = await run(text);
    expect(all.cases.map(({ name }) => name)).toEqual(['First', 'Second']);
    expect(all.problems).toMatchObject([{ code: 'K_TEST_NO_EXPECTATION', file: TESTS }]);
    expect((await run(text, (name) => name === 'Second')).cases).toMatchObject([
      { name: 'Second', line: text.slice(0, text.indexOf('## Test: Second')).split('\n').length },
    ]);
  });
});

describe('a file of tests that cannot be read is told [R-CONTEXT-5]', () => {
  it.each<[what: string, put: (path: string) => void, says: RegExp]>([
    ['a folder', (path) => mkdirSync(path), /not a regular file/],
    ['a pipe', (path) => void execFileSync('mkfifo', [path]), /not a regular file/],
    ['a link out', (path) => symlinkSync('/etc/passwd', path), /leads out/],
    [
      'too large',
      (path) => {
        writeFileSync(path, '');
        truncateSync(path, 262_145);
      },
      /262145 bytes/,
    ],
    ['not UTF-8', (path) => writeFileSync(path, Buffer.from([0xff])), /not UTF-8/],
    ['a link in circles', (path) => symlinkSync('knowledge_test.md', path), /ELOOP/],
  ])('%s', async (_what, put, says) => {
    const directory = scratch();
    const folder = writeKnowledge(directory, { id: 'custom.a' });
    const [entry] = await entriesOf(directory);
    mkdirSync(join(folder, 'tests'));
    put(join(folder, TESTS));
    const report = await runKnowledgeTests(entry ?? expect.fail('no skill'), [], () => true);
    expect(report).toMatchObject({ isThere: true, cases: [] });
    expect(report.problems).toMatchObject([
      {
        severity: 'error',
        code: 'K_TEST_UNREADABLE',
        file: TESTS,
        message: expect.stringMatching(says),
        fix: expect.stringMatching(/256 KiB/),
      },
    ]);
  });

  it('none is no report of tests; a folder of tests that is a file is told', async () => {
    const directory = scratch();
    const folder = writeKnowledge(directory, { id: 'custom.a' });
    const [entry] = await entriesOf(directory);
    const skill = entry ?? expect.fail('no skill');
    expect(await runKnowledgeTests(skill, [], () => true)).toEqual({ isThere: false, cases: [], problems: [] });
    write(folder, { tests: '' });
    expect((await runKnowledgeTests(skill, [], () => true)).problems).toMatchObject([
      { message: 'it cannot be read: ENOTDIR' },
    ]);
  });
});
