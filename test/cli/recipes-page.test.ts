import { execFile } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parseRecipe } from '../../src/recipe/parse-recipe.ts';
import { scratch, write } from '../runtime/folders.ts';
import { MAIN, ROOT } from './support.ts';

// The guide of docs/recipes.md, done as a reader would do it: a block whose first line is `# path.ext` becomes that file, and
// a ```console block runs, in the order of the page and in one folder. `…` stands for anything, on a line of its own for any
// lines.

interface Block {
  readonly line: number;
  readonly language: string;
  readonly lines: readonly string[];
}

const PAGE = readFileSync(join(ROOT, 'docs', 'recipes.md'), 'utf8');
const blocks = blocksOf(PAGE);
const root = scratch();
const bin = scratch();

function blocksOf(page: string): Block[] {
  const found: Block[] = [];
  let open: { line: number; language: string; lines: string[] } | undefined;
  for (const [i, text] of page.split('\n').entries()) {
    const fence = /^```(\w*)/.exec(text);
    if (fence === null) open?.lines.push(text);
    else if (open === undefined) open = { line: i + 1, language: fence[1] ?? '', lines: [] };
    else {
      found.push(open);
      open = undefined;
    }
  }
  return found;
}

const fileOf = ({ lines }: Block): string | undefined => /^# ([\w./-]+\.\w+)$/.exec(lines[0] ?? '')?.[1];

/** What is shown, as a pattern over the whole output. */
function patternOf(shown: readonly string[]): RegExp {
  const lines = shown.map((line) =>
    line === '…'
      ? '(?:.*\\n)*?'
      : `${line
          .split('…')
          .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
          .join('.*')}\\n`,
  );
  return new RegExp(`^${lines.join('')}$`);
}

async function run(command: string): Promise<string> {
  write(bin, { skill: `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n` });
  chmodSync(join(bin, 'skill'), 0o755);
  const env = { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}`, SKILLHOST_HOME: join(bin, 'home') };
  const options = { cwd: root, env, timeout: 60_000 };
  try {
    return (await promisify(execFile)('sh', ['-c', `{ ${command}\n} 2>&1`], options)).stdout;
  } catch (error) {
    return (error as { stdout?: string }).stdout ?? '';
  }
}

describe.sequential('the guide of docs/recipes.md, from top to bottom [R-DOCS-1]', () => {
  for (const block of blocks) {
    const file = fileOf(block);
    if (file !== undefined)
      it(`line ${block.line}: ${file}`, () => write(root, { [file]: `${block.lines.join('\n')}\n` }));
    if (block.language !== 'console') continue;
    const examples: { command: string; shown: string[] }[] = [];
    for (const line of block.lines) {
      if (line.startsWith('$ ')) examples.push({ command: line.slice(2), shown: [] });
      else examples.at(-1)?.shown.push(line);
    }
    it.each(examples)(`line ${block.line}: $command`, async ({ command, shown }) => {
      const said = (await run(command)).replaceAll(root, '');
      if (!patternOf(shown).test(said)) expect(said).toBe(`${shown.join('\n')}\n`);
    });
  }

  it('shows something', () =>
    expect(blocks.filter(({ language }) => language === 'console').length).toBeGreaterThan(8));
});

describe('the reference of docs/recipes.md [R-DOCS-1]', () => {
  const whole = blocks.find((block) => fileOf(block) === 'every-field.yaml')?.lines.join('\n') ?? '';

  it('shows a recipe with every field, which is read without a problem', async () => {
    const { problems } = await parseRecipe(Buffer.from(whole), 'every-field.yaml');
    expect(problems).toEqual([]);
  });

  it('has a row for each field in it, and each field of a row in it', () => {
    const reference = PAGE.slice(PAGE.indexOf('\n## The format'), PAGE.indexOf('\n## How a run goes'));
    const rows = [...reference.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, names = '']) =>
      [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
    );
    const written = new Set([...whole.matchAll(/[{,\s-]\s*([a-z_]+):/g)].map(([, name = '']) => name));
    expect([...new Set(rows)].filter((name) => !written.has(name))).toEqual([]);
    const inside = new Set([...reference.matchAll(/`([a-z_]+)`/g)].map(([, name = '']) => name));
    // An input of a tool, and an address.
    const others = new Set(['text', 'https']);
    expect([...written].filter((name) => !inside.has(name) && !others.has(name))).toEqual([]);
  });
});
