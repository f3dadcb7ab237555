import { execFile } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { scratch, write } from '../runtime/folders.ts';
import { expectShown } from './page.ts';
import { MAIN, ROOT } from './support.ts';

// The pages promise nothing that is not run here. A ```sh block whose first line is `$ skill …` shows what each such line
// prints, standard error included; `…` stands for anything, on a line of its own for any lines. Every ```ts block is
// type-checked, and run when it says `// runs`.

interface Block {
  readonly at: string;
  readonly language: string;
  readonly lines: readonly string[];
}

interface Example {
  readonly at: string;
  readonly command: string;
  readonly shown: readonly string[];
}

const root = scratch();
const blocks = pages().flatMap(blocksOf);
const examples = blocks.filter(({ language }) => language === 'sh').flatMap(examplesOf);
const programs = [...blocks.filter(({ language }) => language === 'ts'), ...exampleFiles()];

/** Programs that stand in files of their own; their tests run them. */
function exampleFiles(): Block[] {
  return readdirSync(join(ROOT, 'docs', 'examples')).map((name) => {
    const at = join('docs', 'examples', name);
    return { at, language: 'ts', lines: readFileSync(join(ROOT, at), 'utf8').split('\n') };
  });
}

function pages(): string[] {
  const below = (dir: string): string[] =>
    exists(dir) ? readdirSync(join(ROOT, dir)).map((name) => join(dir, name)) : [];
  const skills = below('skills').map((dir) => join(dir, 'README.md'));
  return ['README.md', ...below('docs').filter((name) => name.endsWith('.md')), ...skills].filter(exists);
}

function exists(path: string): boolean {
  try {
    return readFileSync(join(ROOT, path)).length > 0;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EISDIR';
  }
}

function blocksOf(page: string): Block[] {
  const found: Block[] = [];
  let open: { at: string; language: string; lines: string[] } | undefined;
  for (const [i, line] of readFileSync(join(ROOT, page), 'utf8').split('\n').entries()) {
    const fence = /^```(\w*)/.exec(line);
    if (fence === null) open?.lines.push(line);
    else if (open === undefined) open = { at: `${page}:${i + 1}`, language: fence[1] ?? '', lines: [] };
    else {
      found.push(open);
      open = undefined;
    }
  }
  return found;
}

function examplesOf({ at, lines }: Block): Example[] {
  if (lines[0]?.startsWith('$ skill') !== true) return [];
  const found: { at: string; command: string; shown: string[] }[] = [];
  for (const line of lines) {
    if (line.startsWith('$ ')) found.push({ at, command: line.slice(2), shown: [] });
    else found.at(-1)?.shown.push(line);
  }
  return found.filter(({ command }) => command.startsWith('skill'));
}

beforeAll(() => {
  write(root, { 'bin/skill': `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n` });
  chmodSync(join(root, 'bin', 'skill'), 0o755);
});

async function run(file: string, args: readonly string[]): Promise<string> {
  const path = `${join(root, 'bin')}:${process.env['PATH'] ?? ''}`;
  const env = { ...process.env, PATH: path, SKILLHOST_HOME: join(root, 'home') };
  try {
    return (await promisify(execFile)(file, args, { cwd: ROOT, env, timeout: 25_000 })).stdout;
  } catch (error) {
    // An example may show a refusal.
    const { stdout = '', killed } = error as { stdout?: string; killed?: boolean };
    return killed === true ? `${stdout}(never ended)` : stdout;
  }
}

describe('the examples of the pages are executed [R-DOCS-1]', () => {
  it.each(examples.map((example) => [example.at, example.command, example] as const))(
    '%s %s',
    async (_at, _command, example) => {
      const said = await run('sh', ['-c', `{ ${example.command}\n} 2>&1`]);
      const whole = said === '' || said.endsWith('\n') ? said : `${said}\n`;
      expectShown(whole, example.shown);
    },
  );

  it('there are some', () => {
    if (pages().includes('README.md')) expect([examples.length > 0, programs.length > 0]).toEqual([true, true]);
  });
});

describe('the programs of the pages [R-DOCS-1]', () => {
  it('fit the types', () => {
    expect(typeProblems(programs)).toEqual([]);
  });

  it.each(programs.filter(({ lines }) => lines.includes('// runs')).map((block) => [block.at, block] as const))(
    'run: %s',
    async (at, { lines }) => {
      const placed = lines
        .join('\n')
        .replaceAll(/from '([^'.][^']*)'/g, (_, name: string) => `from '${placeOf(name)}'`);
      const { outputText } = ts.transpileModule(placed, {
        compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
      });
      const name = `${at.replaceAll(/\W/g, '-')}.mjs`;
      write(root, { [name]: outputText });
      const said = await run('sh', ['-c', `"${process.execPath}" "${join(root, name)}" 2>&1 && echo it ended well`]);
      expect(said).toMatch(/it ended well\n$/);
    },
  );
});

/** The ways into the package: their sources, and what package.json gives for them. */
const DOORS: Readonly<Record<string, readonly [source: string, built: string]>> = {
  skillhost: ['index', 'index'],
  'skillhost/ai-sdk': ['agent/ai-sdk', 'ai-sdk'],
  'skillhost/mcp': ['mcp/index', 'mcp'],
  'skillhost/sdk': ['sdk/index', '../sdk/sdk'],
};

/** Where a program that lies elsewhere finds what it imports. */
function placeOf(name: string): string {
  const door = DOORS[name];
  return door === undefined
    ? import.meta.resolve(name)
    : pathToFileURL(join(ROOT, 'dist', 'lib', `${door[1]}.js`)).href;
}

/** What the compiler says to each program, as if it stood beside package.json. */
function typeProblems(of: readonly Block[]): string[] {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (file) => ts.sys.readFile(file)) as {
    config: { compilerOptions: object };
  };
  const paths = Object.fromEntries(
    Object.entries(DOORS).map(([name, door]) => [name, [join(ROOT, 'src', `${door[0]}.ts`)]]),
  );
  const { options } = ts.convertCompilerOptionsFromJson(
    { ...config.compilerOptions, noUnusedLocals: false, paths },
    ROOT,
  );
  const texts = new Map(of.map(({ lines }, i) => [join(ROOT, `example-${i}.ts`), `${lines.join('\n')}\nexport {};\n`]));
  const host = ts.createCompilerHost(options);
  const disk = ts.createCompilerHost(options);
  host.fileExists = (file) => texts.has(file) || disk.fileExists(file);
  host.readFile = (file) => texts.get(file) ?? disk.readFile(file);
  host.getSourceFile = (file, ...rest) => {
    const text = texts.get(file);
    return text === undefined ? disk.getSourceFile(file, ...rest) : ts.createSourceFile(file, text, rest[0]);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  const files = [...texts.keys()];
  return files.flatMap((file, i) => {
    const source = program.getSourceFile(file);
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map(({ messageText }) => `${of[i]?.at}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
  });
}
