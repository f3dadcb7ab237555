import { randomUUID } from 'node:crypto';
import { parseComponent } from '../component/parse-component.ts';
import { capModules } from '../wasm/cap-module.ts';
import { isComponent, readCoreModule } from '../wasm/module.ts';
import { malformed } from '../wasm/bytes.ts';
import { meterModule } from '../wasm/meter.ts';
import type { CompiledModule } from './compiled-module.ts';

/**
 * Decodes, caps, meters and compiles a module. A hostile one can only harm the guest process this happens in, whose deadline
 * is kept outside of it: nothing is gained by compiling in the background, which takes ten times as long for a small one.
 */
export function loadModule(
  bytes: Uint8Array,
  limits: { readonly memoryMb: number; readonly tableElements: number },
): CompiledModule {
  // No guest can import what it cannot name.
  const fuelNamespace = `skillhost-fuel-${randomUUID()}`;
  const compile = (cores: readonly Uint8Array[]): WebAssembly.Module[] => {
    const capped = capModules(cores, limits);
    return cores.map((core, i) => compileOne(meterModule(core, fuelNamespace, capped[i])));
  };
  if (!isComponent(bytes)) {
    const { imports, exports } = readCoreModule(bytes);
    const [module] = compile([bytes]);
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
  return { kind: 'component', fuelNamespace, component, modules: compile(cores) };
}

function compileOne(bytes: Uint8Array): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes);
  } catch (error) {
    return malformed(error instanceof Error ? error.message : 'it does not compile', 0);
  }
}
