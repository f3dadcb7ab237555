import { expect } from 'vitest';
import { type Manifest, NO_STATE_RULES, type Problem } from '../../../src/manifest/manifest.ts';
import { parseManifest } from '../../../src/manifest/parse-manifest.ts';

export const FORMATS = ['SKILL.md', 'skill.json', 'manifest.yaml'] as const;
export type FormatFile = (typeof FORMATS)[number];

type Parsed = Awaited<ReturnType<typeof parseManifest>>;
type Options = Omit<Parameters<typeof parseManifest>[1], 'file'>;

/** Text as UTF-8; bytes as they are. */
export function parse(
  file: FormatFile | 'skill.toml',
  text: string | Uint8Array,
  options: Options = {},
): Promise<Parsed> {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  return parseManifest(bytes, { file, ...options });
}

/** What each format needs, and fields of a test's own: their first line has the number `OWN_LINE` of the format. */
export const WITH: Readonly<Record<FormatFile, (fields: string) => string>> = {
  'SKILL.md': (fields) => `---\nname: sample\ndescription: A sample\n${fields}\n---\nDo it.\n`,
  'skill.json': (fields) =>
    `{\n"name": "sample",\n"description": "A sample",\n"version": "1.2.3",\n"type": "prompt_inline",\n"prompt": "Do it"${fields === '' ? '' : `,\n${fields}`}\n}\n`,
  'manifest.yaml': (fields) => `name: sample\ndescription: A sample\nversion: "1.2.3"\n${fields}\n`,
};
export const OWN_LINE: Readonly<Record<FormatFile, number>> = { 'SKILL.md': 4, 'skill.json': 7, 'manifest.yaml': 4 };

/** A key and its value in the format. */
const PAIR: Readonly<Record<FormatFile, (key: string, value: string) => string>> = {
  'SKILL.md': (key, value) => `${key}: ${value}`,
  'skill.json': (key, value) => `${JSON.stringify(key)}: ${value}`,
  'manifest.yaml': (key, value) => `${key}: ${value}`,
};

/** The value at the path, all on one line, and the column of the last key or item. */
export function nest(
  file: FormatFile,
  path: readonly (string | number)[],
  value: string,
): { readonly text: string; readonly column: number } {
  let text = '';
  let close = '';
  let column = 1;
  for (const [i, step] of path.entries()) {
    const isInner = i > 0;
    if (typeof step === 'number') {
      text += '[';
      column = text.length + 1;
      close = `]${close}`;
    } else {
      if (isInner) {
        text += '{';
        close = `}${close}`;
      }
      column = text.length + 1;
      text += PAIR[file](step, '');
    }
  }
  return { text: text + value + close, column };
}

/** The manifest of a text that must have no problems at all. */
export async function parseClean(
  file: FormatFile | 'skill.toml',
  text: string,
  options: Options = {},
): Promise<Manifest> {
  const { manifest, problems } = await parse(file, text, options);
  if (manifest === undefined || problems.length > 0) throw new Error(JSON.stringify(problems, undefined, 2));
  return manifest;
}

/** `CODE line:column field`. */
export function brief({ code, line, column, field }: Problem): string {
  return `${code} ${line === undefined ? '-' : `${line}:${column}`} ${field ?? '-'}`;
}

/** What no format says in this test. */
export const PLAIN: Omit<Manifest, 'file' | 'id' | 'name' | 'description' | 'version'> = {
  apiVersion: '1.0',
  authors: [],
  license: undefined,
  repository: undefined,
  documentation: undefined,
  keywords: [],
  aliases: [],
  category: undefined,
  maturity: undefined,
  scope: 'user',
  minRuntimeVersion: undefined,
  deprecated: undefined,
  compatibility: undefined,
  metadata: new Map(),
  allowedTools: [],
  provides: { knowledge: undefined, recipes: undefined, executable: undefined, virtual: new Map() },
  knowledge: { topics: [], synonyms: new Map(), priority: 50, maxContextTokens: 1_000, alwaysOn: false },
  recipes: { files: ['recipes/*.yaml'], defaultConfirmation: 'prompt' },
  executable: undefined,
  tools: [],
  capabilities: {
    filesystemRead: [],
    filesystemWrite: [],
    network: [],
    envRead: [],
    secretsAccess: [],
    messaging: [],
    terminalExec: { commands: [], blocked: [], args: new Map() },
  },
  limits: {},
  resilience: {
    retry: undefined,
    breaker: undefined,
    healthCheck: undefined,
    fallback: undefined,
    maxConcurrent: undefined,
    queueSize: undefined,
  },
  cache: { resultTtlMs: 300_000, maxBytes: 16 * 1024 * 1024, files: [] },
  state: NO_STATE_RULES,
  observability: {},
  development: {},
  dependencies: [],
  suggestions: [],
  features: new Map(),
  platform: { os: [], arch: [], requiredTools: [], optionalTools: [] },
};

/** Every problem names the file, says what is wrong and what to do in one line each, and stands inside the file. */
export function expectTold(file: string, source: string, problems: readonly Problem[]): void {
  const lines = source.split('\n');
  for (const problem of problems) {
    expect(problem.file).toBe(file);
    expect(problem.code).toMatch(/^M_[A-Z_]+$/);
    for (const text of [problem.message, problem.fix]) {
      expect(text.length).toBeGreaterThan(3);
      expect(text.length).toBeLessThan(1_000);
      expect(text).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u200b]/u);
    }
    const { line, column } = problem;
    if (line === undefined) continue;
    expect(line).toBeGreaterThan(0);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThan(0);
    expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
  }
}
