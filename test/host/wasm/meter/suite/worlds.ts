import { SkillError } from '../../../../../host/errors.ts';
import { meterModule } from '../../../../../host/wasm/meter.ts';
import { NAMESPACE } from '../compare.ts';
import { decode, NotATree } from '../decode.ts';
import { encode } from '../encode.ts';
import { type Cell, wasm } from '../js-api.ts';
import { meterNaively } from '../naive.ts';
import { countImports, type FunctionType, type Tree } from '../tree.ts';

const TANK = 1_000_000_000_000_000n;

/** The same module bare, metered, and counted before every instruction; or why there is no such thing. */
export type Variants =
  | { readonly tree: Tree; readonly bytes: readonly [plain: Uint8Array, metered: Uint8Array, naive: Uint8Array] }
  | { readonly unknown: true }
  | { readonly refused: string }
  | { readonly fault: string };

export function variantsOf(plain: Uint8Array): Variants {
  const known = wasm.validate(plain);
  let metered: Uint8Array | undefined;
  let refusal = '';
  try {
    metered = meterModule(plain, NAMESPACE);
  } catch (error) {
    if (!(error instanceof SkillError)) return { fault: `the meter failed with ${String(error)}` };
    refusal = error.message;
  }
  if (!known) return metered === undefined ? { unknown: true } : { fault: 'an invalid module was metered' };
  if (metered === undefined) return { refused: refusal };
  if (!wasm.validate(metered)) return { fault: 'a valid module became invalid' };
  try {
    const tree = decode(plain);
    return { tree, bytes: [plain, metered, encode(meterNaively(tree, NAMESPACE))] };
  } catch (error) {
    if (error instanceof NotATree) return { fault: `metered, though it holds ${error.message}` };
    throw error;
  }
}

/** One of three copies of everything: instances, what they are registered as, and what the host offers them. */
export class World {
  readonly fuel = new wasm.Global({ value: 'i64', mutable: true }, TANK) as Cell & { value: bigint };
  readonly registered: Record<string, unknown> = {};
  lines: string[] = [];
  used: string[] = [];

  constructor() {
    const print = (...args: readonly unknown[]): void => this.see('print', ...args);
    this.registered['spectest'] = {
      ...Object.fromEntries(
        ['print', 'print_i32', 'print_i64', 'print_f32', 'print_f64', 'print_i32_f32', 'print_f64_f64'].map((name) => [
          name,
          print,
        ]),
      ),
      global_i32: 666,
      global_i64: 666n,
      global_f32: 666.6,
      global_f64: 666.6,
      table: new wasm.Table({ element: 'anyfunc', initial: 10, maximum: 20 }),
      memory: new wasm.Memory({ initial: 1, maximum: 2 }),
    };
  }

  see(what: string, ...args: readonly unknown[]): void {
    this.lines.push(`${what} ${args.map((arg) => (typeof arg === 'function' ? 'function' : String(arg))).join(' ')}`);
    this.used.push(`${what}: ${TANK - this.fuel.value}`);
  }

  /** Runs one command with a full tank, and tells what happened and what was used where that is exact. */
  attempt(act: () => string): { readonly lines: readonly string[]; readonly used: readonly string[] } {
    this.fuel.value = TANK;
    this.lines = [];
    this.used = [];
    try {
      const line = act();
      this.lines.push(line);
      this.used.push(`return: ${TANK - this.fuel.value}`);
    } catch (error) {
      this.lines.push(describe(error));
    }
    return { lines: this.lines, used: this.used };
  }

  instantiate(bytes: Uint8Array): WebAssembly.Instance {
    const imports = { ...this.registered, [NAMESPACE]: { fuel: this.fuel, interrupt: () => {} } };
    return new wasm.Instance(new wasm.Module(bytes), imports);
  }
}

function describe(error: unknown): string {
  if (wasm.Exception !== undefined && error instanceof wasm.Exception) return 'an exception';
  if (error instanceof RangeError) return 'the stack is full';
  return error instanceof Error ? `${error.constructor.name} ${error.message}` : `threw ${String(error)}`;
}

/** The type of an exported function. */
export function typeOfExport(module: Tree, name: string): FunctionType | undefined {
  const entry = module.exports.find((one) => one.kind === 'function' && one.name === name);
  if (entry === undefined) return undefined;
  const imported = module.imports.flatMap(({ is }) => (is.kind === 'function' ? [is.type] : []));
  const type = imported[entry.index] ?? module.functions[entry.index - countImports(module, 'function')]?.type;
  return type === undefined ? undefined : module.types[type];
}
