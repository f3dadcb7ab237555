import { randomUUID } from 'node:crypto';
import { parseComponent } from '../component/parse-component.ts';
import { capModules } from '../wasm/cap-module.ts';
import { isComponent, readCoreModule } from '../wasm/module.ts';
import { malformed } from '../wasm/bytes.ts';
import { meterModule } from '../wasm/meter.ts';
import type { CompiledModule } from './compiled-module.ts';

/** Decodes, caps, meters and compiles a module. A hostile one can only harm the guest process this happens in. */
export async function loadModule(
  bytes: Uint8Array,
  limits: { readonly memoryMb: number; readonly tableElements: number },
): Promise<CompiledModule> {
  // No guest can import what it cannot name.
  const fuelNamespace = `skillhost-fuel-${randomUUID()}`;
  const compile = (cores: readonly Uint8Array[]): Promise<WebAssembly.Module[]> =>
    compileAll(capModules(cores, limits).map((core) => meterModule(core, fuelNamespace)));
  if (!isComponent(bytes)) {
    const { imports, exports } = readCoreModule(bytes);
    const [module] = await compile([bytes]);
    if (module === undefined) return malformed('nothing to compile', 0);
    return {
      kind: 'core',
      fuelNamespace,
      module,
      imports: new Set(imports.map((one) => one.module)),
      signatures: new Map(exports.flatMap(({ name, type }) => (type === undefined ? [] : [[name, type]]))),
    };
  }
  const component = parseComponent(bytes);
  const cores = component.modules.map(([start, end]) => bytes.subarray(start, end));
  return { kind: 'component', fuelNamespace, component, modules: await compile(cores) };
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
