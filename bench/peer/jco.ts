import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { importPeer } from '../kit/contest.ts';
import type { Lab } from '../kit/row.ts';

export const JCO = 'jco 1.35 glue';

/** The JavaScript that jco makes of a component, in a file, and the core modules beside it. */
export interface Glue {
  /** To be imported; exports `instantiate`. */
  readonly url: string;
  readonly cores: Readonly<Record<string, Uint8Array<ArrayBuffer>>>;
}

/** What glue made for synchronous instantiation exports. */
export interface GlueModule {
  readonly instantiate: (
    getCore: (path: string) => WebAssembly.Module,
    imports: Readonly<Record<string, object>>,
  ) => Readonly<Record<string, (...args: unknown[]) => unknown>>;
}

/** Does what `jco transpile --instantiation sync` does with a component. @throws PeerMissing */
export async function transpile(lab: Lab, component: Uint8Array): Promise<Glue> {
  const jco = await importPeer('@bytecodealliance/jco', '1.35.0', () => import('@bytecodealliance/jco'));
  const { files } = await jco.transpile(component, { name: 'guest', instantiation: 'sync', noTypescript: true });
  const folder = await mkdtemp(join(lab.folder, 'glue-'));
  const entries = Object.entries(files as Readonly<Record<string, Uint8Array>>);
  const cores = entries.filter(([name]) => name.endsWith('.wasm'));
  for (const [name, contents] of entries) if (name.endsWith('.js')) await writeFile(join(folder, name), contents);
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  return {
    url: pathToFileURL(join(folder, 'guest.js')).href,
    cores: Object.fromEntries(cores.map(([name, bytes]) => [name, Uint8Array.from(bytes)])),
  };
}

/** Writes the core modules into a folder, for a process of its own. @returns the folder */
export async function writeCores(lab: Lab, { cores }: Pick<Glue, 'cores'>): Promise<string> {
  const folder = await mkdtemp(join(lab.folder, 'cores-'));
  for (const [path, bytes] of Object.entries(cores)) await writeFile(join(folder, path), bytes);
  return folder;
}

/** Compiles the core modules once, as a host that keeps them does. */
export async function compileCores({ cores }: Pick<Glue, 'cores'>): Promise<(path: string) => WebAssembly.Module> {
  const compiled = new Map<string, WebAssembly.Module>();
  for (const [path, bytes] of Object.entries(cores)) compiled.set(path, await WebAssembly.compile(bytes));
  return (path) => {
    const core = compiled.get(path);
    if (core === undefined) throw new Error(`the glue asks for ${path}`);
    return core;
  };
}
