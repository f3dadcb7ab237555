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
const built = (path: string): string => pathToFileURL(join(ROOT, 'dist', 'src', path)).href;

/** Stands in for `runtime.augment` and shows what it was asked. */
const AUGMENTING = `
import { createRuntime as create } from '${built('index.js')}';
export function createRuntime(options) {
  return Object.assign(create(options), {
    augment: async (prompt, { budget }) => {
      console.log('augmented:', prompt, budget);
      return { systemContext: 'Slugs are made by tool_text_slugify.' };
    },
  });
}
`;

describe('docs/examples/agent-loop.ts [R-DOCS-1] [R-AGENT-4]', () => {
  it('augments the prompt, calls a tool of a bundled skill, and prints the answer', async () => {
    const source = readFileSync(join(ROOT, 'docs', 'examples', 'agent-loop.ts'), 'utf8');
    const places: Readonly<Record<string, string>> = {
      skillhost: './augmenting.mjs',
      'skillhost/ai-sdk': built('agent/ai-sdk.js'),
      ai: import.meta.resolve('ai'),
      'ai/test': import.meta.resolve('ai/test'),
    };
    const placed = source.replaceAll(/from '([^']+)'/g, (_, name: string) => `from '${places[name] ?? name}'`);
    const { outputText } = ts.transpileModule(placed, {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
    });
    write(root, { 'augmenting.mjs': AUGMENTING, 'agent-loop.mjs': outputText });
    const env = { ...process.env, SKILLHOST_HOME: join(root, 'home') };
    const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'agent-loop.mjs')], { env, cwd: ROOT });
    expect(stdout.split('\n')).toEqual([
      'augmented: Under which address should the page "Hello, world" go? 2000',
      'The page goes to /hello-world',
      '',
    ]);
  });
});
