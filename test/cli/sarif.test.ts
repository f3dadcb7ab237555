import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { toSarif } from '../../src/cli/sarif.ts';
import type { Problem } from '../../src/manifest/manifest.ts';
import { scratch } from '../runtime/folders.ts';
import { expectInert, skill } from './support.ts';

interface Location {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string };
    readonly region?: { readonly startLine: number; readonly startColumn?: number };
  };
  readonly logicalLocations?: readonly { readonly fullyQualifiedName: string }[];
}

interface Log {
  readonly version: string;
  readonly $schema: string;
  readonly runs: readonly {
    readonly tool: {
      readonly driver: {
        readonly name: string;
        readonly version: string;
        readonly rules: readonly { readonly id: string; readonly shortDescription: { readonly text: string } }[];
      };
    };
    readonly invocations: readonly { readonly executionSuccessful: boolean }[];
    readonly columnKind: string;
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations: readonly Location[];
    }[];
  }[];
}

const root = scratch();
const PROBLEM: Problem = { severity: 'error', code: 'M_TYPE', file: 'skill.json', message: 'wrong', fix: 'mend it' };

const logOf = (problems: readonly Problem[], folder = '/base/skill', cwd = '/base'): Log =>
  toSarif([{ folder, problems }], { cwd, version: '1.2.3' }) as Log;
const uriOf = (log: Log): string | undefined =>
  log.runs[0]?.results[0]?.locations[0]?.physicalLocation.artifactLocation.uri;

/** What SARIF 2.1.0 requires of a log, and readers rely on. */
function expectSarif(log: Log): void {
  expect(log.version).toBe('2.1.0');
  expect(log.$schema).toMatch(/^https:\/\/.*sarif-2\.1\.0/);
  expect(log.runs).toHaveLength(1);
  for (const { tool, invocations, columnKind, results } of log.runs) {
    expect(tool.driver.name).toBe('skillhost');
    expect(tool.driver.version).toMatch(/^\d+\.\d+\.\d+/);
    expect(invocations).toEqual([{ executionSuccessful: true }]);
    expect(columnKind).toBe('utf16CodeUnits');
    const ids = tool.driver.rules.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].toSorted());
    for (const { shortDescription } of tool.driver.rules) expect(shortDescription.text).toMatch(/^[A-Z][a-z0-9 ]*$/);
    expect(new Set(results.map(({ ruleId }) => ruleId))).toEqual(new Set(ids));
    for (const { ruleId, ruleIndex, level, message, locations } of results) {
      expect(ids[ruleIndex]).toBe(ruleId);
      expect(['error', 'warning']).toContain(level);
      expect(message.text).toMatch(/^.+; fix: .+$/);
      expect(locations).toHaveLength(1);
      for (const { physicalLocation } of locations) {
        const { artifactLocation, region } = physicalLocation;
        expect(artifactLocation.uri).toMatch(/^(?:[A-Za-z0-9\-._~!*'()%/]+|file:\/\/\/[!-~]+)$/);
        expect(() => decodeURIComponent(artifactLocation.uri)).not.toThrow();
        if (region === undefined) continue;
        expect(region.startLine).toBeGreaterThan(0);
        if (region.startColumn !== undefined) expect(region.startColumn).toBeGreaterThan(0);
      }
    }
  }
}

describe('problems as SARIF [R-FORMAT-13]', () => {
  it('say what, how bad, where, and what to do', () => {
    const log = logOf([
      { ...PROBLEM, code: 'M_UNKNOWN_KEY', severity: 'warning', line: 3, column: 5, field: 'tools[0].nam' },
      { ...PROBLEM, line: 9 },
      { ...PROBLEM, file: 'README.md' },
    ]);
    expectSarif(log);
    const file = { artifactLocation: { uri: 'skill/skill.json' } };
    expect(log.runs[0]?.tool.driver.rules).toEqual([
      { id: 'M_TYPE', shortDescription: { text: 'Type' } },
      { id: 'M_UNKNOWN_KEY', shortDescription: { text: 'Unknown key' } },
    ]);
    expect(log.runs[0]?.results).toEqual([
      {
        ruleId: 'M_UNKNOWN_KEY',
        ruleIndex: 1,
        level: 'warning',
        message: { text: 'wrong; fix: mend it' },
        locations: [
          {
            physicalLocation: { ...file, region: { startLine: 3, startColumn: 5 } },
            logicalLocations: [{ fullyQualifiedName: 'tools[0].nam' }],
          },
        ],
      },
      {
        ruleId: 'M_TYPE',
        ruleIndex: 0,
        level: 'error',
        message: { text: 'wrong; fix: mend it' },
        locations: [{ physicalLocation: { ...file, region: { startLine: 9 } } }],
      },
      {
        ruleId: 'M_TYPE',
        ruleIndex: 0,
        level: 'error',
        message: { text: 'wrong; fix: mend it' },
        locations: [{ physicalLocation: { artifactLocation: { uri: 'skill/README.md' } } }],
      },
    ]);
  });

  it('of a skill without any are an empty list of results, which is there', () => {
    const log = logOf([]);
    expectSarif(log);
    expect(log.runs[0]).toMatchObject({ results: [], tool: { driver: { rules: [] } } });
  });

  it.each<[folder: string, cwd: string, uri: string]>([
    ['/base/skill', '/base', 'skill/skill.json'],
    ['/base', '/base', 'skill.json'],
    ['/base/a/../skill', '/base', 'skill/skill.json'],
    ['/base/..skill', '/base', '..skill/skill.json'],
    ['/base/a b', '/base', 'a%20b/skill.json'],
    ['/base/a:b', '/base', 'a%3Ab/skill.json'],
    ['/base/file:', '/base', 'file%3A/skill.json'],
    ['/base/a#b?c', '/base', 'a%23b%3Fc/skill.json'],
    ['/base/100%', '/base', '100%25/skill.json'],
    ['/base/a\\b', '/base', 'a%5Cb/skill.json'],
    ['/base/é', '/base', '%C3%A9/skill.json'],
    ['/base/a\nb\u202e', '/base', 'a%0Ab%E2%80%AE/skill.json'],
    ['/base/\ud800', '/base', '%EF%BF%BD/skill.json'],
    ['/other/a b', '/base', 'file:///other/a%20b/skill.json'],
    ['/', '/base', 'file:///skill.json'],
    ['/basement', '/base', 'file:///basement/skill.json'],
    ['/other/a#b', '/base', 'file:///other/a%23b/skill.json'],
  ])('name a file below the working directory from there, another in full: %j from %j', (folder, cwd, uri) => {
    const log = logOf([PROBLEM], folder, cwd);
    expectSarif(log);
    expect(uriOf(log)).toBe(uri);
  });

  it.each([
    ['a\\u{a}b', '/base/skill/a\nb'],
    ['a\\u{202e}b', '/base/skill/a\u202eb'],
    ['a\\\\b', '/base/skill/a\\b'],
    ['a\\\\u{a}b', '/base/skill/a\\u{a}b'],
    ['x/\\u{1f600}', '/base/skill/x/😀'],
  ])('name the file itself where a problem shows it written out: %j', (file, path) => {
    const uri = uriOf(logOf([{ ...PROBLEM, file }])) ?? '';
    expect(fileURLToPath(new URL(uri, 'file:///base/'))).toBe(path);
  });

  it('hold no character that could move a cursor or reorder a line, and no link of a skill', () => {
    const hostile = '\u001b[31m\u202e\u0000 [click](https://example.org) [[x]](y)';
    const log = logOf([{ ...PROBLEM, message: hostile, fix: hostile, field: '\u202e' }]);
    const { message, locations } = log.runs[0]?.results[0] ?? {};
    expectInert(message?.text ?? '');
    expectInert(JSON.stringify(locations));
    expect(message?.text).not.toMatch(/\]\(/);
    expect(message?.text).toContain('\\u{1b}[31m\\u{202e}\\u{0} [click] (https://example.org)');
  });

  it('are the same for the same problems', () => {
    const problems = [PROBLEM, { ...PROBLEM, code: 'M_A' }, { ...PROBLEM, code: 'M_Z' }];
    expect(JSON.stringify(logOf(problems))).toBe(JSON.stringify(logOf(problems)));
    expect(JSON.stringify(logOf(problems, '/here/skill', '/here'))).toBe(JSON.stringify(logOf(problems)));
  });
});

const FILES: Readonly<Record<string, string>> = {
  'good/SKILL.md': '---\nname: good\ndescription: A good one\n---\nDo it.\n',
  'odd/SKILL.md': '---\nname: odd\ndescription: An odd one\nlicence: MIT\n---\nDo it.\n',
  'bad #1/skill.json': '{\n"name": "A",\n"description": "",\n"type": "prompt_inline",\n"prompt": "x"\n}\n',
  'json/skill.json': '{"name": "json", "description": "b", "version": "1.0.0", "type": "prompt_inline", "prompt": "x"}',
  'yaml/manifest.yaml': 'name: yaml\ndescription: b\nversion: "1.0.0"\nlicense: !!js/function "x"\n',
  'module.wasm': 'no module',
};

describe('skill validate --format sarif [R-FORMAT-13]', () => {
  beforeAll(() => {
    for (const [file, text] of Object.entries(FILES)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
  });

  it.concurrent.each<[folders: string[], flags: string[], code: number, results: string[]]>([
    [['good'], [], 0, []],
    [['./odd'], [], 0, ['warning M_UNKNOWN_KEY odd/SKILL.md:4:1']],
    [['odd/'], ['--strict'], 5, ['error M_UNKNOWN_KEY odd/SKILL.md:4:1']],
    [
      ['bad #1', 'good', 'odd'],
      [],
      5,
      [
        'error M_MISSING bad%20%231/skill.json',
        'warning M_COMPANION_MISSING',
        'error M_NAME bad%20%231/skill.json:2:1',
        'error M_LENGTH bad%20%231/skill.json:3:1',
        'warning M_UNKNOWN_KEY odd/SKILL.md:4:1',
      ].filter((line) => !line.includes('COMPANION')),
    ],
    [['json'], [], 0, ['warning M_COMPANION_MISSING json/README.md', 'warning M_COMPANION_MISSING json/LICENSE']],
    [['yaml'], [], 5, ['error M_SYNTAX yaml/manifest.yaml:4:10']],
    [['module.wasm'], [], 5, ['error M_MODULE module.wasm']],
  ])('%j %j', async (folders, flags, code, expected) => {
    const words = ['validate', ...folders, ...flags, '--format', 'sarif'];
    const ended = await skill(words, { cwd: root });
    expect(ended.stderr).toBe('');
    expect(ended.code).toBe(code);
    const log = JSON.parse(ended.stdout) as Log;
    expectSarif(log);
    const results = log.runs[0]?.results.map(({ level, ruleId, locations }) => {
      const { artifactLocation, region } = locations[0]?.physicalLocation ?? {};
      return `${level} ${ruleId} ${artifactLocation?.uri}${region === undefined ? '' : `:${region.startLine}:${region.startColumn}`}`;
    });
    expect(results).toEqual(expected);
    expect((await skill(words, { cwd: root })).stdout).toBe(ended.stdout);
  });

  it.concurrent('from elsewhere names the files in full', async () => {
    const { stdout, code } = await skill(['validate', join(root, 'odd'), '--format=sarif'], {
      cwd: join(root, 'good'),
    });
    expect(code).toBe(0);
    expect(uriOf(JSON.parse(stdout) as Log)).toBe(pathToFileURL(join(root, 'odd/SKILL.md')).href);
  });

  it.concurrent('other verbs have no such format, and a folder that is not there is no result', async () => {
    expect((await skill(['list', '--format', 'sarif'], { cwd: root })).code).toBe(2);
    const ended = await skill(['validate', 'absent', '--format', 'sarif'], { cwd: root });
    expect(ended.code).not.toBe(0);
    expect(ended.stdout).toBe('');
    expect(ended.stderr).toContain('there is no folder');
  });
});
