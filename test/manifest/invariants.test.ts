// cspell:ignore nmae
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Problem } from '../../src/manifest/manifest.ts';
import { parseClean, parseText } from './sample.ts';

/** Every section that can stand anywhere, each with text of more than one shape. */
const SECTIONS = [
  '[skill]\nid = "custom.a"\nname = "A"\ndescription = "B"\nversion = "1.0.0"\napi_version = "1.0"',
  '[provides]\nknowledge = true\nfmt = "1.0.0"',
  '[knowledge]\ntopics = ["a"]\npriority = 1',
  '[knowledge.synonyms]\na = ["b", "c"]',
  '[recipes]\nfiles = ["recipes/*.yaml"]\ndefault_confirmation = "auto"',
  '[executable]\nmodule = "bin/a.wasm"\nkind = "wasi"',
  '[executable.config]\nregion = "x"',
  '[[tools]]\nname = "t"\ndescription = "T"\n[tools.parameters.p]\ntype = "string"\nrequired = true',
  '[capabilities]\nnetwork = ["a.org"]\nenv_read = ["A_*"]',
  '[capabilities.terminal_exec]\nallowed = true\ncommands = ["git"]',
  '[limits]\ntimeout_ms = 5\nmemory_mb = 16',
  '[resilience]\nfallback = "x"',
  '[resilience.retry_config]\nmax_attempts = 1',
  '[cache]\nresult_cache_ttl = 1',
  '[state]\nttl = 1',
  '[dependencies]\n"a.b" = ">=1,<2"',
  '[dependencies.c]\nversion = "1"\noptional = true',
  '[suggestions]\nd = "*"',
  '[features.f]\ndescription = "x"\ndefault = true',
  '[platform]\nos = ["linux"]\nrequired_tools = ["sh"]',
];
const WHOLE = SECTIONS.join('\n');
const LINES = WHOLE.split('\n');

/** A header whose section takes names the author chose: there no key is unknown. */
const OPEN = /^\[(?:provides|knowledge\.synonyms|executable\.config|dependencies|suggestions|tools\.parameters\.p)\]$/;
const HEADERS = LINES.flatMap((text, index) => (text.startsWith('[') && !OPEN.test(text) ? [index] : []));

const NOISE = fc.constantFrom('', '   ', '\t', '# note', '  # [skill]', '# id = "x"', '# é 日本語 "\'');
const WORD = fc.stringMatching(/^[a-z]{12,20}$/).map((word) => `zz-${word}`);

/** A problem without what a shift of lines may change. */
function withoutPlace({ severity, code, field, message, fix }: Problem): unknown {
  return { severity, code, field, message, fix };
}

describe('[R-MANIFEST-1] what is written counts, not where', () => {
  test('any order of the sections gives the same manifest', async () => {
    const whole = await parseClean(WHOLE);
    const orders = fc.shuffledSubarray(SECTIONS, { minLength: SECTIONS.length });
    const property = fc.asyncProperty(orders, async (sections) => {
      const { dependencies, ...rest } = await parseClean(sections.join('\n'));
      const { dependencies: expected, ...others } = whole;
      expect(rest).toEqual(others);
      expect(dependencies.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual(expected);
    });
    await fc.assert(property, { numRuns: 200 });
  });

  test('any order of the fields of [skill] gives the same manifest', async () => {
    const [skill = ''] = SECTIONS;
    const [header, ...fields] = skill.split('\n');
    const whole = await parseClean(skill);
    const orders = fc.shuffledSubarray(fields, { minLength: fields.length });
    const property = fc.asyncProperty(orders, async (order) => {
      expect(await parseClean([header, ...order].join('\n'))).toEqual(whole);
    });
    await fc.assert(property, { numRuns: 100 });
  });

  test('comments, blank lines and line ends change nothing', async () => {
    const whole = await parseClean(WHOLE);
    const noise = fc.array(fc.array(NOISE, { maxLength: 2 }), { minLength: LINES.length, maxLength: LINES.length });
    const property = fc.asyncProperty(noise, fc.constantFrom('\n', '\r\n'), async (before, end) => {
      const text = LINES.flatMap((line, index) => [...(before[index] ?? []), line]).join(end);
      expect(await parseClean(text)).toEqual(whole);
    });
    await fc.assert(property, { numRuns: 100 });
  });

  test('comments and blank lines before a problem move its line by their number and nothing else', async () => {
    const bad = '[skill]\nid = "x"\nnmae = "A"\n[limits]\nfuel = 0\n[[tools]]\ntype = 1\n[knowledge]\ntopics = [1]';
    const { problems } = await parseText(bad);
    expect(problems.length).toBeGreaterThan(6);
    const property = fc.asyncProperty(fc.array(NOISE, { maxLength: 5 }), async (noise) => {
      const moved = await parseText([...noise, bad].join('\n'));
      expect(moved.problems).toEqual(
        problems.map((problem) => ({ ...problem, line: (problem.line ?? 0) + noise.length })),
      );
    });
    await fc.assert(property, { numRuns: 50 });
  });
});

describe('[R-MANIFEST-1] one mistake is one problem', () => {
  test('an unknown key in any section adds exactly one warning and changes nothing that is read', async () => {
    const whole = await parseClean(WHOLE);
    const property = fc.asyncProperty(fc.constantFrom(...HEADERS), WORD, async (at, key) => {
      const lines = LINES.toSpliced(at + 1, 0, `${key} = 1`);
      const { manifest, problems } = await parseText(lines.join('\n'));
      expect(problems).toMatchObject([{ severity: 'warning', code: 'M_UNKNOWN_KEY', line: at + 2, column: 1 }]);
      expect(problems[0]?.field).toMatch(new RegExp(`\\.${key}$`));
      const { resilience, cache, state, ...read } = manifest ?? whole;
      const { resilience: _r, cache: _c, state: _s, ...expected } = whole;
      expect(read).toEqual(expected);
      expect({ ...resilience, ...cache, ...state }).toMatchObject({
        fallback: { tool: 'x' },
        resultTtlMs: 1_000,
        ttlMs: 1_000,
      });
    });
    await fc.assert(property, { numRuns: 150 });
  });

  test('an unknown section anywhere adds exactly one warning', async () => {
    const property = fc.asyncProperty(fc.nat(SECTIONS.length), WORD, async (at, name) => {
      const { manifest, problems } = await parseText(SECTIONS.toSpliced(at, 0, `[${name}]\na = 1`).join('\n'));
      expect(problems.map((problem) => withoutPlace(problem))).toEqual([
        {
          severity: 'warning',
          code: 'M_UNKNOWN_KEY',
          field: name,
          message: `${name} is not a known field`,
          fix: 'remove it; nothing reads it',
        },
      ]);
      expect(manifest).toEqual(await parseClean(WHOLE));
    });
    await fc.assert(property, { numRuns: 50 });
  });

  test.each([
    ['id = "custom.a"', 'M_MISSING', 'skill.id'],
    ['name = "A"', 'M_MISSING', 'skill.name'],
    ['description = "B"', 'M_MISSING', 'skill.description'],
    ['version = "1.0.0"', 'M_MISSING', 'skill.version'],
    ['api_version = "1.0"', 'M_MISSING', 'skill.api_version'],
    ['module = "bin/a.wasm"', 'M_MISSING', 'executable.module'],
    ['name = "t"', 'M_MISSING', 'tools[0].name'],
    ['description = "T"', 'M_MISSING', 'tools[0].description'],
    ['type = "string"', 'M_MISSING', 'tools[0].parameters.p.type'],
    ['commands = ["git"]', 'M_COMMANDS_EMPTY', 'capabilities.terminal_exec.commands'],
  ])('without the line %s there is exactly one error, at the header around it', async (line, code, field) => {
    const at = LINES.indexOf(line);
    const header = LINES.findLastIndex((text, index) => index < at && text.startsWith('['));
    const { manifest, problems } = await parseText(LINES.toSpliced(at, 1).join('\n'));
    expect(problems).toMatchObject([{ severity: 'error', code, field, line: header + 1 }]);
    expect(manifest).toBeUndefined();
  });

  test('without the version of a dependency there is exactly one error, at its header', async () => {
    const at = LINES.indexOf('version = "1"');
    const { manifest, problems } = await parseText(LINES.toSpliced(at, 1).join('\n'));
    expect(problems).toMatchObject([{ severity: 'error', line: at }]);
    expect(problems[0]?.field).toMatch(/^dependencies\.c/);
    expect(manifest).toBeUndefined();
  });

  test('any other line can go without an error', async () => {
    const required = /^(?:id|name|description|version|api_version|module|type|commands) = /;
    const optional = LINES.filter((line) => !line.startsWith('[') && !required.test(line));
    expect(optional.length).toBeGreaterThan(20);
    for (const line of optional) {
      const { problems } = await parseText(LINES.toSpliced(LINES.indexOf(line), 1).join('\n'));
      expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    }
  });

  test('the same line twice is one syntax problem at the second', async () => {
    for (const [index, line] of LINES.entries()) {
      if (line.startsWith('[[')) continue;
      const { problems } = await parseText(LINES.toSpliced(index, 0, line).join('\n'));
      expect(problems).toMatchObject([{ severity: 'error', code: 'M_SYNTAX', line: index + 2 }]);
    }
  });
});
