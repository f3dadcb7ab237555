import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PACKAGE } from '../home/package.ts';
import { compileError } from './compile.ts';
import type { Guest } from './guest.ts';
import type { Toolchain } from './toolchain.ts';
import { treatiesBeside } from './treaties.ts';

const INTERFACES = ['command', 'filesystem', 'http', 'env', 'secrets', 'state', 'cache', 'log'];
const ENTRY = '\0skillhost-entry';
const WORLD = `package skillhost:authored;
world skill {
  include skillhost:guest/imports@0.1.1;
  export skillhost:tools/tools@0.1.0;
}
`;

interface Plugin {
  readonly name: string;
  resolveId(id: string, importer: string | undefined): string | null;
  load(id: string): string | null;
}

interface Bundler {
  readonly rolldown: (options: {
    readonly input: string;
    readonly cwd: string;
    readonly platform: 'neutral';
    readonly external: RegExp;
    readonly plugins: readonly Plugin[];
    readonly logLevel: 'silent';
    readonly tsconfig: false;
    readonly resolve: { readonly mainFields: readonly string[]; readonly conditionNames: readonly string[] };
  }) => Promise<{
    generate(options: { readonly format: 'esm' }): Promise<{ readonly output: readonly [{ readonly code: string }] }>;
    close(): Promise<void>;
  }>;
}

interface Composing {
  readonly componentize: (options: {
    readonly sourcePath: string;
    readonly witWorld: string;
    readonly worldName: string;
    readonly disableFeatures: readonly string[];
  }) => Promise<{ readonly component: Uint8Array }>;
}

/**
 * Bundles `guest/index.ts` (or `.js`), which exports a skill by default, and makes it a component that exports
 * `wit/tools.wit`. What it does when it is loaded, it does inside WebAssembly.
 */
export async function buildJavaScript(guest: Guest, output: string, toolchain: Toolchain): Promise<void> {
  const code = await bundle(guest, toolchain);
  const folder = mkdtempSync(join(tmpdir(), 'skillhost-build-'));
  try {
    const sourcePath = join(folder, 'guest.js');
    writeFileSync(sourcePath, code);
    const { componentize } = await toolchain.load<Composing>('@bytecodealliance/componentize-js');
    const { component } = await componentize({
      sourcePath,
      witWorld: treatiesBeside(WORLD),
      worldName: 'skill',
      disableFeatures: ['http', 'fetch-event'],
    });
    writeFileSync(output, component);
  } catch (error) {
    throw compileError(guest.entry, error instanceof Error ? error.message : String(error));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function bundle({ folder, entry }: Guest, toolchain: Toolchain): Promise<string> {
  const { rolldown } = await toolchain.load<Bundler>('rolldown');
  const zod = await toolchain.folder('zod');
  const sdk = join(PACKAGE, 'dist', 'sdk', 'sdk.js');
  const plugin: Plugin = {
    name: 'skillhost',
    resolveId: (id) => {
      if (id === ENTRY) return id;
      return id === 'skillhost/sdk' ? sdk : null;
    },
    load: (id) => (id === ENTRY ? entrySource(join(folder, entry)) : null),
  };
  // Where its own folder has none: the one that skillhost was tried with.
  const fallback: Plugin = {
    name: 'skillhost-fallback',
    resolveId: (id) => (id === 'zod' ? join(zod, 'index.js') : null),
    load: () => null,
  };
  try {
    const build = await rolldown({
      input: ENTRY,
      cwd: folder,
      platform: 'neutral',
      external: /^skillhost:/,
      plugins: [plugin, fallback],
      logLevel: 'silent',
      tsconfig: false,
      resolve: { mainFields: ['module', 'main'], conditionNames: ['import', 'default'] },
    });
    const { output } = await build.generate({ format: 'esm' });
    await build.close();
    return output[0].code;
  } catch (error) {
    throw compileError(entry, error instanceof Error ? error.message : String(error));
  }
}

function entrySource(file: string): string {
  const imports = INTERFACES.map((name) => `import * as ${name} from 'skillhost:guest/${name}@0.1.1';`);
  return [
    `import skill from ${JSON.stringify(file)};`,
    `import { serve } from 'skillhost/sdk';`,
    ...imports,
    `export const tools = serve(skill, { ${INTERFACES.join(', ')} });`,
    '',
  ].join('\n');
}
