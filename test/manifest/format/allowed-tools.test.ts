import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Manifest } from '../../../src/manifest/manifest.ts';
import { parse, parseClean, PLAIN, WITH } from './samples.ts';

const MD = WITH['SKILL.md'];
const field = (written: string): string => MD(`allowed-tools: ${written}`);

/** What is requested, as texts: `read` `write` `network`, and each program with its patterns. */
function requested({ capabilities }: Manifest): unknown {
  const { filesystemRead, filesystemWrite, network, terminalExec, ...others } = capabilities;
  const { filesystemRead: _r, filesystemWrite: _w, network: _n, terminalExec: _t, ...none } = PLAIN.capabilities;
  expect(others).toEqual(none);
  expect(terminalExec.blocked).toEqual([]);
  const texts = (rules: readonly { text: string; origin: string }[]): string[] =>
    rules.map(({ text, origin }) => {
      expect(origin).toBe('allowed-tools');
      return text;
    });
  return {
    ...(filesystemRead.length > 0 && { read: texts(filesystemRead) }),
    ...(filesystemWrite.length > 0 && { write: texts(filesystemWrite) }),
    ...(network.length > 0 && { network: texts(network) }),
    ...(terminalExec.commands.length > 0 && { run: texts(terminalExec.commands) }),
    ...(terminalExec.args.size > 0 && {
      args: Object.fromEntries([...terminalExec.args].map(([program, rules]) => [program, texts(rules)])),
    }),
  };
}

describe('allowed-tools are shown, and requested as capabilities [R-FORMAT-5]', () => {
  test.each<[written: string, tools: readonly string[], asked: unknown]>([
    ['Read', ['Read'], { read: ['./'] }],
    ['Read,Grep , Glob LS NotebookRead', ['Read', 'Grep', 'Glob', 'LS', 'NotebookRead'], { read: ['./'] }],
    ['Write', ['Write'], { read: ['./'], write: ['./'] }],
    ['[Edit, MultiEdit, NotebookEdit]', ['Edit', 'MultiEdit', 'NotebookEdit'], { read: ['./'], write: ['./'] }],
    ['Read Read, Read', ['Read'], { read: ['./'] }],
    ['Read(src/**) Edit(docs/*)', ['Read(src/**)', 'Edit(docs/*)'], { read: ['src', 'docs'], write: ['docs'] }],
    ['Read(*) Write(**)', ['Read(*)', 'Write(**)'], { read: ['./'], write: ['./'] }],
    ['Read(~/notes)', ['Read(~/notes)'], { read: ['~/notes'] }],
    ['Bash', ['Bash'], { run: ['*'] }],
    ['Bash(*)', ['Bash(*)'], { run: ['*'] }],
    ['Bash(*:*)', ['Bash(*:*)'], undefined],
    ['Bash(git:*)', ['Bash(git:*)'], { run: ['git'] }],
    ['Bash(git *)', ['Bash(git *)'], { run: ['git'] }],
    ['Bash(make)', ['Bash(make)'], { run: ['make'] }],
    ['Bash(git add:*)', ['Bash(git add:*)'], { run: ['git'], args: { git: ['add **'] } }],
    ['Bash(git add *)', ['Bash(git add *)'], { run: ['git'], args: { git: ['add **'] } }],
    ['Bash(npm test)', ['Bash(npm test)'], { run: ['npm'], args: { npm: ['test'] } }],
    [
      'Bash(git add:*) Bash(git commit:*), Bash(npm test) Bash(git add:*)',
      ['Bash(git add:*)', 'Bash(git commit:*)', 'Bash(npm test)'],
      { run: ['git', 'npm'], args: { git: ['add **', 'commit **'], npm: ['test'] } },
    ],
    ['Bash(git add:*) Bash(git:*)', ['Bash(git add:*)', 'Bash(git:*)'], { run: ['git'] }],
    ['Bash(git add:*) Bash', ['Bash(git add:*)', 'Bash'], { run: ['*'] }],
    ['Bash(git add, commit:*)', ['Bash(git add, commit:*)'], { run: ['git'], args: { git: ['add, commit **'] } }],
    [
      '["Bash(git add:*)", "Read Grep"]',
      ['Bash(git add:*)', 'Read', 'Grep'],
      { read: ['./'], run: ['git'], args: { git: ['add **'] } },
    ],
    ['WebFetch(domain:example.org)', ['WebFetch(domain:example.org)'], { network: ['example.org'] }],
    ['WebFetch(*.example.org)', ['WebFetch(*.example.org)'], { network: ['*.example.org'] }],
    ['mcp__files__read, mcp__x__*', ['mcp__files__read', 'mcp__x__*'], {}],
    ['Task WebSearch TodoWrite read bash', ['Task', 'WebSearch', 'TodoWrite', 'read', 'bash'], {}],
    ['constructor __proto__ toString(x)', ['constructor', '__proto__', 'toString(x)'], {}],
    ['[]', [], {}],
    ['" , "', [], {}],
  ])('%s', async (written, tools, asked) => {
    const { manifest, problems } = await parse('SKILL.md', field(written));
    if (manifest === undefined) throw new Error(JSON.stringify(problems));
    expect(manifest.allowedTools).toEqual(tools);
    if (asked === undefined) expect(problems).toMatchObject([{ code: 'M_ALLOWED_TOOL' }]);
    else expect(problems).toEqual([]);
    expect(requested(manifest)).toEqual(asked ?? {});
  });

  test('one a line, folded or in a block, they are the same', async () => {
    const forms = [
      'Read, Bash(git:*)',
      '>\n  Read,\n  Bash(git:*)',
      '|\n  Read\n  Bash(git:*)\n',
      '\n  - Read\n  - Bash(git:*)',
    ];
    const manifests = await Promise.all(forms.map((form) => parseClean('SKILL.md', field(form))));
    for (const manifest of manifests) expect(manifest).toEqual(manifests[0]);
  });
});

describe('what is not understood requests nothing, and is told; nothing turns a part into the whole [R-FORMAT-5]', () => {
  test.each<[written: string, why: RegExp]>([
    ['Bash(echo (x))', /is no name with one scope in brackets/],
    ['Bash(git add:*', /is no name with one scope/],
    ['Bash (git:*)', /is no name with one scope/],
    ['Bash( git:*)', /is empty/],
    ['Bash(git:*)(rm:*)', /is no name with one scope/],
    ['Bash(git:*)x', /is no name with one scope/],
    ['(Bash)', /is no name with one scope/],
    ['Bash()', /is empty/],
    ['Bash(:*)', /is empty/],
    ['Bash(* rm)', /names no program/],
    ['Bash(*:*)', /names no program/],
    ['Bash(/bin/sh:*)', /not a path/],
    ['Bash(../sh:*)', /not a path/],
    ['Bash(C:\\sh:*)', /not a path/],
    ['Bash(.:*)', /is a folder/],
    ['Bash(g*t:*)', /without arguments or wildcards/],
    ['Bash($SHELL:*)', /name of one program/],
    ['Bash(git;rm:*)', /name of one program/],
    ['Bash(git  add:*)', /one space between words/],
    ['Bash(git add*)', /\* inside a word/],
    ['Bash(git ** add)', /before its end/],
    ['"Bash(git\\u200b:*)"', /invisible/],
    ['"Re\\u00adad"', /invisible/],
    ['"mcp__\\e[31m"', /invisible/],
    [`Bash(${'a'.repeat(2_000)}:*)`, /is longer than 1024/],
    ['WebFetch', /names no host/],
    ['WebFetch()', /is empty/],
    ['WebFetch(*)', /lone \*/],
    ['WebFetch(domain:*)', /lone \*/],
    ['WebFetch(https://example.org/path)', /path or query/],
    ['WebFetch(domain:user@example.org)', /user name/],
    ['WebFetch(Example.org)', /lower case/],
    ['Read()', /is empty/],
    ['Read(../secrets)', /\.\. segment/],
    ['Read(/etc/passwd)', /from the root/],
    ['Read(//etc/**)', /from the root/],
    ['Read(/**)', /./],
    ['Write(*.md)', /wildcard/],
    ['Read(a\\b)', /backslash/],
    ['Read($HOME/x)', /unknown variable/],
  ])('%s', async (written, why) => {
    const { manifest, problems } = await parse('SKILL.md', field(written), { strict: true });
    const [first] = problems;
    expect(first).toMatchObject({
      severity: 'warning',
      code: 'M_ALLOWED_TOOL',
      line: 4,
      column: 1,
      field: 'allowed-tools',
    });
    expect(first?.message).toMatch(/^allowed-tools: ".*" requests nothing: it /);
    expect(first?.message).toMatch(why);
    expect(first?.message).not.toMatch(/[\u00ad\u200b\u001b]/);
    expect(first?.fix).toMatch(/^write it such as Bash\(git:\*\)/);
    expect(manifest).toBeDefined();
    if (manifest !== undefined && !written.startsWith('(')) expect(requested(manifest)).toEqual({});
    expect(JSON.stringify(manifest?.allowedTools)).not.toMatch(/[\u00ad\u200b]|\\u001b/);
  });

  test('whatever is written, every request can be read off a whole word of it', async () => {
    const PART = fc.constantFrom(
      'Bash',
      'Read',
      'WebFetch',
      '(',
      ')',
      '(',
      ')',
      'git',
      'rm',
      ':*',
      '*',
      ' ',
      ',',
      '  ',
      'domain:',
      'a.org',
      '\u200b',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(PART, { minLength: 1, maxLength: 12 }), async (parts) => {
        const written = parts.join('');
        const { manifest } = await parse('SKILL.md', field(JSON.stringify(written)));
        if (manifest === undefined) return;
        const { commands } = manifest.capabilities.terminalExec;
        // All programs are asked for by `Bash` alone or `Bash(*)` alone, never by what is left of something else.
        const asksAll = /(?:^|[\s,)])Bash(?:\(\*\))?(?=$|[\s,)])(?!\s*\()/.test(written);
        if (commands.some(({ text }) => text === '*')) expect(asksAll).toBe(true);
        for (const { text } of commands) expect(written).toContain(text === '*' ? 'Bash' : `Bash(${text}`);
        for (const { text } of manifest.capabilities.network) expect(written).toContain(text);
        for (const tool of manifest.allowedTools) expect(written).toContain(tool);
      }),
      { numRuns: 2_000 },
    );
  });

  test('tens of thousands of names, brackets or spaces take no time', async () => {
    const started = performance.now();
    const distinct = Array.from({ length: 16_000 }, (_, i) => `Bash(p${i} a:*)`).join(' ');
    const { manifest } = await parse('SKILL.md', field(distinct));
    expect(manifest?.allowedTools).toHaveLength(16_000);
    for (const unit of ['(', ')', 'a( ', 'a ', 'a   (', ' ', '()', 'Bash(a b:*) '])
      await parse('SKILL.md', field(`x${unit.repeat(Math.floor(240_000 / unit.length))}`));
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
