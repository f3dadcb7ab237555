// cspell:words binaryen
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { PACKAGE } from '../home/package.ts';
import { compileError } from './compile.ts';
import type { Guest } from './guest.ts';
import type { Toolchain } from './toolchain.ts';
import { treatiesBeside } from './treaties.ts';

interface Compiler {
  readonly default: {
    main(
      args: readonly string[],
      host: {
        readonly stderr: { write(text: string): void };
        readFile(name: string, base: string): string | null;
        writeFile(name: string, contents: Uint8Array): void;
        readonly transforms: readonly unknown[];
      },
    ): Promise<{ readonly error: Error | null }>;
  };
}

interface Composer {
  readonly componentEmbed: (of: {
    readonly binary: Uint8Array;
    readonly witSource: string;
    readonly worldName: string;
  }) => Promise<Uint8Array>;
  readonly componentNew: (binary: Uint8Array, adapters: readonly never[]) => Promise<Uint8Array>;
}

/** `import … from 'skillhost/abi'` is a file of skills/sdk-as. */
const OWN = /^node_modules\/skillhost\/(\w+\.ts)$/;

/** Compiles `assembly/index.ts` to a component of the world in `assembly/world.wit`. */
export async function buildAssemblyScript(
  { folder, entry }: Guest,
  output: string,
  toolchain: Toolchain,
): Promise<void> {
  const core = await compileCore({ folder, entry, abort: '~lib/skillhost/abi/abort' }, toolchain);
  const world = readFileSync(join(folder, 'assembly', 'world.wit'), 'utf8');
  try {
    writeFileSync(output, await composeComponent(core, world, toolchain));
  } catch (error) {
    throw compileError('assembly/world.wit', messageOf(error));
  }
}

/** Makes a component of a core module that has what a world exports. @throws what the composer says */
export async function composeComponent(binary: Uint8Array, world: string, toolchain: Toolchain): Promise<Uint8Array> {
  const { componentEmbed, componentNew } = await toolchain.load<Composer>('@bytecodealliance/jco');
  const worldName = /^world\s+([\w-]+)/m.exec(world)?.[1] ?? '';
  return componentNew(await componentEmbed({ binary, witSource: treatiesBeside(world), worldName }), []);
}

/**
 * Compiles AssemblyScript to a core module.
 * @param from `abort` names the function that stands for AssemblyScript's own, which would be an import
 * @throws SkillError E_BUILD
 */
export async function compileCore(
  { folder, entry, abort }: { readonly folder: string; readonly entry: string; readonly abort: string },
  toolchain: Toolchain,
): Promise<Uint8Array> {
  const { default: asc } = await toolchain.load<Compiler>('assemblyscript');
  const said: string[] = [];
  let binary: Uint8Array | undefined;
  const options = ['-O3', '--runtime', 'incremental', '--use', `abort=${abort}`, '--outFile', 'guest'];
  const { error } = await asc.main([entry, '--baseDir', folder, ...options], {
    stderr: { write: (text) => void said.push(text) },
    readFile: (name, base) => readSource(folder, resolve(base, name)),
    writeFile: (_name, contents) => void (binary = contents),
    transforms: [KebabCaseExports],
  });
  if (error !== null || binary === undefined) throw compileError(entry, said.join('').trim() || messageOf(error));
  return binary;
}

/** Sources only, and only of this folder: its `asconfig.json` could name code to run. */
function readSource(folder: string, path: string): string | null {
  const inside = relative(folder, path).replaceAll(sep, '/');
  const own = OWN.exec(inside)?.[1];
  const file = own === undefined ? path : join(PACKAGE, 'skills', 'sdk-as', own);
  const isSource = file.endsWith('.ts') && !inside.startsWith('..');
  return isSource && existsSync(file) ? readFileSync(file, 'utf8') : null;
}

interface Module {
  getNumExports(): number;
  getExportByIndex(index: number): unknown;
  removeExport(name: string): void;
  addFunctionExport(value: string, name: string): void;
}

/** WIT names its functions in kebab-case, which no function of AssemblyScript can be called. */
class KebabCaseExports {
  declare readonly binaryen: {
    readonly ExternalFunction: number;
    getExportInfo(of: unknown): { readonly name: string; readonly value: string; readonly kind: number };
  };

  afterCompile(module: Module): void {
    const all = Array.from({ length: module.getNumExports() }, (_, i) =>
      this.binaryen.getExportInfo(module.getExportByIndex(i)),
    );
    for (const { name, value, kind } of all) {
      const kebab = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      if (kind !== this.binaryen.ExternalFunction || kebab === name) continue;
      module.removeExport(name);
      module.addFunctionExport(value, kebab);
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
