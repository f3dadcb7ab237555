import { capModules } from '../../../host/wasm/cap-module.ts';
import {
  instantiateComponent,
  type ComponentInstance,
  type LinkedFunction,
} from '../../../host/component/instantiate.ts';
import type { ResolveImport } from '../../../host/component/link.ts';
import { parseComponent } from '../../../host/component/parse-component.ts';
import { isComponent, readCoreModule } from '../../../host/wasm/module.ts';
import { withSections } from '../wasm/with-sections.ts';

const LIMITS = { memoryMb: 16, tableElements: 1_000 } as const;

/** The core modules of a component, or the one that it is, as they are compiled. */
export function capAll(bytes: Uint8Array): Uint8Array<ArrayBuffer>[] {
  const cores = isComponent(bytes)
    ? parseComponent(bytes).modules.map(([start, end]) => bytes.subarray(start, end))
    : [bytes];
  for (const core of cores) readCoreModule(core);
  return capModules(cores, LIMITS).map((capped, i) => withSections(cores[i] ?? new Uint8Array(), capped));
}

/** Parses, caps, compiles and instantiates, as the guest process does. */
export async function linkComponent(
  bytes: Uint8Array,
  resolve: ResolveImport = () => undefined,
): Promise<ComponentInstance> {
  const modules = await Promise.all(capAll(bytes).map((core) => WebAssembly.compile(core)));
  return instantiateComponent(parseComponent(bytes), modules, { resolve });
}

/** One exported function; at the root unless an interface is named. */
export function exported(instance: ComponentInstance, name: string, interfaceName = ''): LinkedFunction {
  const found = instance.get(interfaceName)?.get(name);
  if (found === undefined) throw new Error(`no export ${interfaceName}#${name}`);
  return found;
}
