import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Finding } from '../../src/analyze/finding.ts';
import { addSkills } from '../../src/install/add.ts';
import { atFolder } from '../../src/install/incoming.ts';
import { parseUrlRequest } from '../../src/source/url-request.ts';
import { checkPath } from '../../src/tree/check-path.ts';
import { scratch } from '../runtime/folders.ts';
import { addOptions, AGREES, openBench, writePlain } from './support.ts';

/** What the analysis is said to find. */
const found = vi.hoisted(() => ({ findings: [] as Finding[] }));
vi.mock('../../src/analyze/analyze-skill.ts', () => ({ analyzeSkill: () => Promise.resolve(found) }));

const root = scratch();
let count = 0;

describe('a folder of what was asked for [R-INSTALL-3]', () => {
  const URL_OF = 'https://example.org/a.tgz';

  it.each([
    [URL_OF, '', URL_OF],
    [URL_OF, 'a/b', `${URL_OF}#sub=a/b`],
    [`${URL_OF}#sha256=${'0'.repeat(64)}`, 'a', `${URL_OF}#sha256=${'0'.repeat(64)}&sub=a`],
    ['github:a/b@v1', 'c', 'github:a/b@v1#sub=c'],
    ['file:///a', 'b c/d#e', 'file:///a/b%20c/d%23e'],
    ['file:///a/', 'b', 'file:///a/b'],
    ['file:///a.tgz', 'b/c', 'file:///a.tgz#sub=b/c'],
    ['file:///a.tgz/', 'b', 'file:///a.tgz/b'],
  ])('of %s, %j is asked for by %s', (request, folder, wanted) => {
    expect(atFolder(request, folder)).toBe(wanted);
  });

  it.each(['a#b', 'a&sub=b', '#', 'x/y&z'])('called %s is refused, where that would mean another one', (folder) => {
    for (const request of [URL_OF, 'github:a/b', 'file:///a.tgz'])
      expect(() => atFolder(request, folder)).toThrow(expect.objectContaining({ code: 'E_PACKAGE' }) as Error);
  });

  it('is the one that is meant, whatever it is called', () => {
    const name = fc.stringMatching(/^[ -~äß]{1,12}$/);
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (names) => {
        const folder = names.join('/');
        fc.pre(checkPath(folder) === undefined && !/[#&]/.test(folder));
        expect(parseUrlRequest(atFolder(URL_OF, folder)).folder).toBe(folder);
      }),
    );
  });
});

describe('what whoever installs is told of the files [R-INSTALL-5]', () => {
  const finding = (changes: Partial<Finding>): Finding => ({
    rule: 'a_rule',
    severity: 'critical',
    file: 'a.py',
    line: 3,
    why: 'it does harm',
    fix: 'remove it',
    ...changes,
  });
  beforeEach(() => {
    found.findings = [];
  });

  async function told(): Promise<readonly string[]> {
    const folder = writePlain(join(root, `s${count}`), 'custom.it', { rest: '[capabilities]\nenv_read = ["LANG"]\n' });
    const heard: (readonly string[])[] = [];
    const asker = {
      ...AGREES,
      decide: async ({ analyze }: { analyze: () => Promise<readonly string[]> }) => {
        heard.push(await analyze());
        return {};
      },
    };
    await addSkills([folder], addOptions({ asker }), openBench(join(root, `h${count++}`)).installation);
    return heard.flat();
  }

  it.each<[what: string, findings: Finding[], wanted: readonly string[]]>([
    ['nothing of what is not critical', [finding({ severity: 'high' }), finding({ severity: 'low' })], []],
    ['what is critical, with its place', [finding({})], ['"a.py", line 3: a_rule: it does harm']],
    [
      'that files were not looked at',
      [{ rule: 'took_too_long', severity: 'high', file: '', why: 'files were left', fix: 'look again' }],
      ['"": took_too_long: files were left'],
    ],
    [
      'a name that cannot move a cursor',
      [finding({ file: 'a\u001b[2J.py' })],
      ['"a\\u{1b}[2J.py", line 3: a_rule: it does harm'],
    ],
    [
      'five of many, and how many more',
      Array.from({ length: 7 }, (_, i) => finding({ line: i + 1 })),
      [
        ...[1, 2, 3, 4, 5].map((line) => `"a.py", line ${line}: a_rule: it does harm`),
        'and 2 more; skill analyze shows all',
      ],
    ],
  ])('is %s', async (_, findings, wanted) => {
    found.findings = findings;
    expect(await told()).toEqual(wanted);
  });
});
