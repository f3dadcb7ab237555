import { parseComponent } from '../component/parse-component.ts';
import { capModules } from '../wasm/cap-module.ts';
import { isComponent, readCoreModule } from '../wasm/module.ts';
import { malformed } from '../wasm/bytes.ts';
import type { CompiledModule } from './run-call.ts';

/** Decodes, caps and compiles a module. A hostile one can only harm the guest process this happens in. */
export async function loadModule(
  bytes: Uint8Array,
  limits: { readonly memoryMb: number; readonly tableElements: number },
): Promise<CompiledModule> {
  if (!isComponent(bytes)) {
    const { exports } = readCoreModule(bytes);
    const [module] = await compileAll(capModules([bytes], limits));
    if (module === undefined) return malformed('nothing to compile', 0);
    return {
      kind: 'core',
      module,
      signatures: new Map(exports.flatMap(({ name, type }) => (type === undefined ? [] : [[name, type]]))),
    };
  }
  const component = parseComponent(bytes);
  const cores = component.modules.map(([start, end]) => bytes.subarray(start, end));
  for (const core of cores) readCoreModule(core);
  return { kind: 'component', component, modules: await compileAll(capModules(cores, limits)) };
}

async function compileAll(modules: readonly Uint8Array[]): Promise<WebAssembly.Module[]> {
  const compiled: WebAssembly.Module[] = [];
  for (const bytes of modules) {
    try {
      compiled.push(await WebAssembly.compile(bytes));
    } catch (error) {
      return malformed(error instanceof Error ? error.message : 'it does not compile', 0);
    }
  }
  return compiled;
}
