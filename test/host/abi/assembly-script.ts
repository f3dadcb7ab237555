import { join } from 'node:path';
import { ROOT } from './support.ts';

/** Compiles one AssemblyScript source to a core module. `abort` is the function that takes the place of the import. */
export async function compileAssemblyScript(source: string, abort: string): Promise<Uint8Array> {
  const { default: asc } = await import('assemblyscript/asc');
  const messages: string[] = [];
  let binary: Uint8Array | undefined;
  const entry = join(ROOT, 'entry.ts');
  const options = [
    'entry.ts',
    '--baseDir',
    ROOT,
    '-O2',
    '--runtime',
    'incremental',
    '--use',
    `abort=entry/${abort}`,
    '--outFile',
    'guest.wasm',
  ];
  const { error } = await asc.main(options, {
    stderr: { write: (text: string) => messages.push(text) > 0 },
    readFile: (name: string, base: string) => (join(base, name) === entry ? source : readIfThere(join(base, name))),
    writeFile: (_name: string, contents: Uint8Array | string) => {
      binary = Buffer.from(contents);
    },
    listFiles: () => [],
  });
  if (error !== null || binary === undefined)
    throw new Error(`the source does not compile\n${messages.join('')}`, { cause: error });
  return binary;
}

async function readIfThere(path: string): Promise<string | null> {
  const { readFile } = await import('node:fs/promises');
  return readFile(path, 'utf8').catch(() => null);
}
