import { execFile } from 'node:child_process';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { scratch, write } from '../runtime/folders.ts';
import { MAIN, ROOT } from './support.ts';

// A page of docs/, done as a reader would do it: a block whose first line is `# path.ext` becomes that file, and a ```console
// block runs, in the order of the page and in one folder. `…` stands for anything, on a line of its own for any lines.

export interface Block {
  readonly line: number;
  readonly language: string;
  readonly lines: readonly string[];
}

export const readPage = (name: string): string => readFileSync(join(ROOT, 'docs', name), 'utf8');

export function blocksOf(name: string): readonly Block[] {
  const found: Block[] = [];
  let open: { line: number; language: string; lines: string[] } | undefined;
  for (const [i, text] of readPage(name).split('\n').entries()) {
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

export const fileOf = ({ lines }: Block): string | undefined => /^# ([\w./-]+\.\w+)$/.exec(lines[0] ?? '')?.[1];

/** What is shown, as a pattern over the whole output. */
function patternOf(shown: readonly string[]): RegExp {
  const lines = shown.map((line) =>
    line.trim() === '…'
      ? '(?:.*\\n)*?'
      : `${line
          .split('…')
          .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
          .join('.*')}\\n`,
  );
  return new RegExp(`^${lines.join('')}$`);
}

/** That a page shows what is said. Where it does not, texts are compared, which read better than a pattern. */
export function expectShown(said: string, shown: readonly string[]): void {
  const text = `${shown.join('\n')}\n`;
  expect(patternOf(shown).test(said) ? text : said).toBe(text);
}

interface Surroundings {
  /** Of a command, before it runs: where the page names what a reader has. */
  readonly adapt?: (command: string) => string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Declares a test for each file and each command of a page. */
export function testPage(
  blocks: readonly Block[],
  { adapt = (command) => command, env = {} }: Surroundings = {},
): void {
  const root = scratch();
  const bin = scratch();

  async function run(command: string): Promise<string> {
    write(bin, { skill: `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n` });
    chmodSync(join(bin, 'skill'), 0o755);
    const path = `${bin}:${env['PATH'] ?? process.env['PATH'] ?? ''}`;
    const options = {
      cwd: root,
      env: { ...process.env, SKILLHOST_HOME: join(bin, 'home'), ...env, PATH: path },
      timeout: 60_000,
    };
    try {
      return (await promisify(execFile)('sh', ['-c', `{ ${adapt(command)}\n} 2>&1`], options)).stdout;
    } catch (error) {
      return (error as { stdout?: string }).stdout ?? '';
    }
  }

  for (const block of blocks) {
    const file = fileOf(block);
    if (file !== undefined)
      it(`line ${block.line}: ${file}`, () => {
        write(root, { [file]: `${block.lines.join('\n')}\n` });
        expect(existsSync(join(root, file))).toBe(true);
      });
    if (block.language !== 'console') continue;
    const examples: { command: string; shown: string[] }[] = [];
    for (const line of block.lines) {
      if (line.startsWith('$ ')) examples.push({ command: line.slice(2), shown: [] });
      else examples.at(-1)?.shown.push(line);
    }
    it.each(examples)(`line ${block.line}: $command`, async ({ command, shown }) => {
      const said = (await run(command)).replaceAll(root, '');
      expectShown(said, shown);
    });
  }
}
