import { wasm, type Cell, type Memory, type Table } from './js-api.ts';

/** What the tests see of one run; equal runs have equal texts. */
export interface Run {
  /** One line per instantiation, call, host call and final state. */
  readonly lines: readonly string[];
  /** Fuel used, where it must be exact: at each host call and after each return. */
  readonly fuel: readonly string[];
  /** How often the module called out during operations that take long. */
  readonly interrupts: number;
  readonly left: bigint;
}

export interface Call {
  readonly name: string;
  readonly args?: readonly unknown[];
  /** Runs before the call, with the exports of the module. */
  readonly before?: (exports: Readonly<Record<string, unknown>>) => void;
  /** Runs after it, whether it returned or not; its answer becomes part of the line. */
  readonly after?: (exports: Readonly<Record<string, unknown>>) => string;
}

export interface Setting {
  /** Imports by module and name. A function here gets what `host` gives it. */
  readonly imports?: (host: (name: string, act?: (...args: never[]) => unknown) => unknown) => object;
  readonly calls: readonly Call[];
  readonly tank?: bigint;
  /** Hash of memories, lengths of tables and values of globals at the end. Default true. */
  readonly showState?: boolean;
}

const FULL = 1_000_000_000_000n;

/** Runs a module that may import `fuel` and `interrupt` of `namespace`; one that does not reports no use of fuel. */
export function run(bytes: Uint8Array, namespace: string, setting: Setting): Run {
  const { imports = () => ({}), calls, tank = FULL, showState = true } = setting;
  const lines: string[] = [];
  const fuel: string[] = [];
  const cell = new wasm.Global({ value: 'i64', mutable: true }, tank);
  let interrupts = 0;
  // A trap leaves an older value behind: what is counted begins anew with each call.
  let before = 0n;
  const total = (): bigint => tank - (cell.value as bigint);
  const used = (where: string): void => void fuel.push(`${where}: ${total() - before}`);
  const host =
    (name: string, act?: (...args: never[]) => unknown) =>
    (...args: readonly unknown[]): unknown => {
      lines.push(`  host ${name}(${args.map(show).join(', ')})`);
      used(`host ${name} #${lines.length}`);
      return act?.(...(args as never[]));
    };
  const all = { ...imports(host), [namespace]: { fuel: cell, interrupt: () => void interrupts++ } };
  const attempt = (what: string, act: () => unknown): void => {
    before = total();
    try {
      lines.push(`${what} = ${show(act())}`);
      used(what);
    } catch (error) {
      lines.push(`${what}: ${describeError(error)}`);
    }
  };
  let instance: WebAssembly.Instance | undefined;
  attempt('instantiate', () => {
    instance = new wasm.Instance(new wasm.Module(bytes), all);
  });
  const exports = instance?.exports ?? {};
  if (instance !== undefined) {
    for (const { name, args = [], after, ...call } of calls) {
      call.before?.(exports);
      const exported = exports[name] as (...args: readonly unknown[]) => unknown;
      attempt(`${name}(${args.map(show).join(', ')})`, () => exported(...args));
      if (after !== undefined) lines.push(`  then ${after(exports)}`);
    }
    if (showState) for (const [name, value] of Object.entries(exports)) lines.push(`${name} is ${showExport(value)}`);
  }
  return { lines, fuel, interrupts, left: cell.value as bigint };
}

/** A value so that two that differ in anything but the bits of a NaN read differently. */
function show(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  if (typeof value === 'bigint') return `${value}n`;
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'object' && value !== null && 'value' in value) return `cell ${show(value.value)}`;
  // The name of an exported function is its index, which rewriting may move.
  return typeof value === 'function' ? `function of ${value.length}` : String(value);
}

function showExport(value: unknown): string {
  switch (Object.prototype.toString.call(value)) {
    case '[object WebAssembly.Memory]': {
      const bytes = new Uint8Array((value as Memory).buffer);
      return `memory of ${bytes.length}: ${hash(bytes)}`;
    }
    case '[object WebAssembly.Table]': {
      const table = value as Table;
      return `table: ${Array.from({ length: Math.min(table.length, 64) }, (_, i) => show(table.get(i))).join(' ')} of ${table.length}`;
    }
    case '[object WebAssembly.Global]':
      return showGlobal(value as Cell);
    default:
      return show(value);
  }
}

function showGlobal(cell: Cell): string {
  try {
    return show(cell.value);
  } catch {
    return 'of a type JavaScript cannot see';
  }
}

function hash(bytes: Uint8Array): string {
  let value = 0x811c9dc5;
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  for (const [i, word] of words.entries()) if (word !== 0) value = Math.imul(value ^ word ^ i, 0x01000193);
  return (value >>> 0).toString(16);
}

function describeError(error: unknown): string {
  if (wasm.Exception !== undefined && error instanceof wasm.Exception) return 'exception';
  if (error instanceof RangeError) return 'stack overflow';
  if (!(error instanceof Error)) return `threw ${show(error)}`;
  return `${error.constructor.name} ${error.message}`;
}
