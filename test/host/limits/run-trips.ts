import { fileURLToPath } from 'node:url';
import { Sandbox, type SandboxCall } from '../../../host/sandbox.ts';
import { fixture } from '../abi/support.ts';
import * as wasm from '../component/binary.ts';
import { type Asked, assemble, callOf, type GuestName, run, withSandbox } from '../sandbox/guests.ts';
import { type Tripped, trippedRun, type Trips } from './tripped.ts';

const FAST = { host_calls_per_second: 100_000 };
// Other cases keep this process busy for seconds, which is no time of the guest's.
const PATIENT = { timeout_ms: 60_000, start_ms: 60_000 };

const tripRun = async (guest: GuestName | Uint8Array, tool: string, asked: Asked = {}): Promise<Tripped> =>
  withSandbox(async (sandbox) =>
    trippedRun(await run(sandbox, guest, tool, { ...asked, limits: { ...PATIENT, ...asked.limits } })),
  );

const tripText = async (text: string, tool: string, asked: Asked = {}): Promise<Tripped> =>
  tripRun(await assemble(text), tool, asked);

/** A component whose tool `f` answers with this value, taken from its memory. */
const answering = (type: string, { pages = 1, result = '', wide = '(i32.const 0)' } = {}): string => `(component
  (core module $m (memory (export "memory") ${pages}) (func (export "f") (result i32) ${result} ${wide}))
  (core instance $i (instantiate $m))
  (func (export "f") (result ${type}) (canon lift (core func $i "f") (memory (core memory $i "memory")))))`;

/** Answers a list whose place and length are written first. */
const listAt0 = (length: string): string =>
  `(i32.store (i32.const 0) (i32.const 64)) (i32.store (i32.const 4) ${length})`;

const HOSTILE = fileURLToPath(new URL('../supervisor/hostile-guest.mjs', import.meta.url));

/** A guest process that is another program, and misbehaves in this way. */
async function tripHostile(mode: string, parameter = ''): Promise<Tripped> {
  const sandbox = new Sandbox({
    keepSpare: false,
    program: { file: process.execPath, args: [HOSTILE, mode, parameter], cwd: process.cwd() },
  });
  try {
    return trippedRun(await run(sandbox, 'counter', 'next', { limits: PATIENT }));
  } finally {
    await sandbox.close();
  }
}

async function tripTogether(limit: number): Promise<Tripped> {
  return withSandbox(async (sandbox) => {
    const call: SandboxCall = await callOf('loop', 'spin', { limits: { max_concurrent: limit, timeout_ms: 500 } });
    const results = await Promise.all(Array.from({ length: limit + 1 }, () => sandbox.call(call)));
    const refused = results.filter(({ outcome }) => 'error' in outcome && outcome.error.code === 'E_UNAVAILABLE');
    const [first] = refused;
    if (first === undefined || refused.length !== 1) throw new Error(`${refused.length} calls were refused`);
    return trippedRun(first);
  });
}

/** A module of many functions with a little work in each. */
const large = (): string => {
  const body = '(i32.mul (i32.add (local.get 0) (i32.const 3)) (local.get 0))';
  const functions = Array.from({ length: 4_000 }, () => `(func (param i32) (result i32) (i32.add ${body} ${body}))`);
  return `(module (func (export "f0") (result i32) (i32.const 0)) ${functions.join('\n')})`;
};

const logged = async (bytes: number): Promise<Tripped> =>
  withSandbox(async (sandbox) => {
    const lines: string[] = [];
    const onLog = (_level: string, line: string): void => void lines.push(line);
    await run(sandbox, 'storm', 'big', { onLog, input: { bytes } });
    return { told: [lines[0]?.includes('\0'.repeat(8_193)) === true ? 'all of it' : 'nothing'], text: lines[0] ?? '' };
  });

const NOTHING_TOOL = [
  ...wasm.section(1, [0x60, 0, 0]),
  ...wasm.section(3, [0]),
  ...wasm.section(7, [1, 0x66, 0, 0]),
  ...wasm.section(10, [2, 0, 0x0b]),
];
const padding = (bytes: number): number[] => wasm.raw(0, [1, 0x78, ...new Uint8Array(bytes)]);

/** Makes one resource after the other and drops none. */
const MAKING_RESOURCES = `(component
  (type $r (resource (rep i32)))
  (core func $new (canon resource.new $r))
  (core module $m (import "h" "new" (func $new (param i32) (result i32)))
    (func (export "make") (loop (drop (call $new (i32.const 1))) (br 0))))
  (core instance $i (instantiate $m (with "h" (instance (export "new" (func $new))))))
  (func (export "make") (canon lift (core func $i "make"))))`;

/** Limits that a run meets. */
export const RUN_TRIPS: Trips = {
  timeout_ms: () => tripRun('loop', 'spin', { limits: { timeout_ms: 100 } }),
  fuel: () => tripRun('loop', 'spin', { limits: { fuel: 1_000_000 } }),
  start_ms: () => tripText(large(), 'f0', { limits: { start_ms: 1 } }),
  memory_mb: () => tripRun('grow', 'trap', { limits: { memory_mb: 8 } }),
  output_kb: () => tripRun('flood', 'stdout', { limits: { output_kb: 100 } }),
  message_kb: () => tripRun('storm', 'big', { limits: { message_kb: 64 }, input: { bytes: 65_536 } }),
  log_kb: () => tripRun('storm', 'storm', { limits: { ...FAST, log_kb: 1, host_calls: 100_000 } }),
  host_calls: () => tripRun('storm', 'storm', { limits: { ...FAST, host_calls: 50 } }),
  max_concurrent: () => tripTogether(2),
  module_mb: () => tripRun(wasm.coreModule(padding(1024 * 1024), NOTHING_TOOL), 'f', { limits: { module_mb: 1 } }),
  table_elements: () => tripText('(module (table 2000000 funcref) (func (export "f")))', 'f'),
  stack_kb: () => tripRun('recursion', 'spin'),
  worker_heap_mb: () =>
    tripText(answering('(list (tuple u8 u8))', { pages: 320, result: listAt0('(i32.const 9000000)') }), 'f'),
  list_elements: () => tripText(answering('(list u16)', { pages: 320, result: listAt0('(i32.const 10000001)') }), 'f'),
  string_bytes: () => tripText(answering('string', { result: listAt0('(i32.const 268435456)') }), 'f'),
  handles: () => tripText(MAKING_RESOURCES, 'make'),
  plugin_variable_bytes: () => tripRun(fixture('extism.wasm'), 'hoard'),
  input_mb: async () => {
    const { tool, ...call } = await callOf('counter', 'next');
    const stdin = new Uint8Array(64 * 1024 * 1024 + 1);
    return withSandbox(async (sandbox) => trippedRun(await sandbox.call({ ...call, tool, stdin })));
  },
  json_depth: () => tripHostile('outcome', JSON.stringify({ result: { nest: 201 } })),
  wire_depth: () => tripHostile('deep'),
  open_calls: () => tripHostile('twoCalls'),
  log_line_chars: () => logged(8_193),
};
