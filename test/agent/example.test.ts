import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../cli/support.ts';
import { scratch, write } from '../runtime/folders.ts';

const root = scratch();
const built = (path: string): string => pathToFileURL(join(ROOT, 'dist', 'lib', path)).href;

describe('docs/examples/agent-loop.ts [R-DOCS-1] [R-AGENT-4]', () => {
  it('augments the prompt, calls a tool of a bundled skill, and prints the answer', async () => {
    const source = readFileSync(join(ROOT, 'docs', 'examples', 'agent-loop.ts'), 'utf8');
    const places: Readonly<Record<string, string>> = {
      skillhost: built('index.js'),
      'skillhost/ai-sdk': built('ai-sdk.js'),
      ai: import.meta.resolve('ai'),
      'ai/test': import.meta.resolve('ai/test'),
    };
    const placed = source.replaceAll(/from '([^']+)'/g, (_, name: string) => `from '${places[name] ?? name}'`);
    const { outputText } = ts.transpileModule(placed, {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
    });
    write(root, { 'agent-loop.mjs': outputText });
    const env = { ...process.env, SKILLHOST_HOME: join(root, 'home') };
    const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'agent-loop.mjs')], { env, cwd: ROOT });
    expect(stdout).toBe('The page goes to /hello-world\n');
  });
});
