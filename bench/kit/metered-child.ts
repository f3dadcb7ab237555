// A process with the engine flags of a guest process. It runs each workload with metering and without, in turn.
import { readFileSync } from 'node:fs';
import { componentImports } from '../../host/abi/interfaces.ts';
import { instantiateComponent } from '../../host/component/instantiate.ts';
import { parseComponent } from '../../host/component/parse-component.ts';
import { FuelTank } from '../../host/guest/fuel-tank.ts';
import { meterModule } from '../../host/wasm/meter.ts';
import { isComponent } from '../../host/wasm/module.ts';
import { answerAll } from './child.ts';
import { NOBODY } from './nobody.ts';

/** What the parent asks for: a module to be loaded, or one function of it to be run. */
export type Asked =
  | { readonly op: 'load'; readonly path: string }
  | {
      readonly op: 'run';
      readonly path: string;
      readonly name: string;
      readonly repeat: number;
      readonly metered: boolean;
    };

/** How long it took, in milliseconds, and what it computed: the same with metering and without. */
export interface Ran {
  readonly ms: number;
  readonly result: unknown;
}

type Functions = (name: string) => ((repeat: number) => unknown) | undefined;
interface Loaded {
  readonly raw: Functions;
  readonly metered: Functions;
  readonly tank: FuelTank;
}

const NAMESPACE = 'skillhost-bench-fuel';
const ENOUGH = Number.MAX_SAFE_INTEGER;
const loaded = new Map<string, Loaded>();

async function load(path: string): Promise<Loaded> {
  const bytes = Uint8Array.from(readFileSync(path));
  const tank = new FuelTank();
  tank.rest();
  tank.begin(ENOUGH);
  const instantiate = isComponent(bytes) ? instantiateWhole : instantiateCore;
  const metered = await instantiate(bytes, (core) => meterModule(core, NAMESPACE), { [NAMESPACE]: tank.imports });
  return { raw: await instantiate(bytes, (core) => core, {}), metered, tank };
}

type Rewrite = (core: Uint8Array) => Uint8Array;
type Added = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

async function instantiateCore(bytes: Uint8Array, rewrite: Rewrite, added: Added): Promise<Functions> {
  const { exports } = new WebAssembly.Instance(await WebAssembly.compile(rewrite(bytes)), { ...added });
  return (name) => exports[name] as (repeat: number) => unknown;
}

async function instantiateWhole(bytes: Uint8Array, rewrite: Rewrite, added: Added): Promise<Functions> {
  const component = parseComponent(bytes);
  const modules: WebAssembly.Module[] = [];
  for (const [start, end] of component.modules) {
    modules.push(await WebAssembly.compile(rewrite(bytes.subarray(start, end))));
  }
  const { resolve } = componentImports(NOBODY);
  const functions = instantiateComponent(component, modules, { resolve, added }).get('');
  return (name) => functions?.get(name)?.call;
}

async function answer(asked: Asked): Promise<Ran> {
  const { raw, metered, tank } = loaded.get(asked.path) ?? (await load(asked.path));
  if (asked.op === 'load') {
    loaded.set(asked.path, { raw, metered, tank });
    return { ms: 0, result: null };
  }
  const run = (asked.metered ? metered : raw)(asked.name);
  if (run === undefined) throw new Error(`there is no function ${asked.name}`);
  tank.rest();
  tank.begin(ENOUGH);
  const started = performance.now();
  const result = run(asked.repeat);
  return { ms: performance.now() - started, result };
}

answerAll(answer);
