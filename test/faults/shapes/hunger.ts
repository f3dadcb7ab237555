import * as wasm from '../../host/component/binary.ts';
import { logging } from '../../host/sandbox/guests.ts';
import { BOMBS } from './bombs.ts';
import { ONE, type Shape } from './shape.ts';

// Its deadline is not what is to be reached, however slow the machine.
const MANY_CALLS = { timeout_ms: 60_000, host_calls: 100, host_calls_per_second: 100_000, log_kb: 16_384 };
const DATA_BYTES = 33 * 2 ** 20;
/** One passive segment. */
const DATA_HEAD = [1, 1, ...wasm.leb(DATA_BYTES)];
/** Has one function, which does nothing. */
const EMPTY = wasm.coreModule(
  wasm.section(1, [0x60, 0, 0]),
  wasm.section(3, [0]),
  wasm.section(7, [...wasm.name('go'), 0, 0]),
  wasm.section(10, [2, 0, 0x0b]),
);

/** How a guest may ask for more memory than there is for it. */
export const HUNGERS: readonly Shape[] = [
  {
    name: 'growth to the maximum',
    wasm: `(module (memory (export "memory") 1) (func (export "go")
      (loop (br_if 0 (i32.ne (memory.grow (i32.const 64)) (i32.const -1))))
      (memory.fill (i32.const 0) (i32.const 1) (i32.mul (memory.size) (i32.const 65535))) (unreachable)) ${ONE})`,
    tool: 'go',
    code: 'E_MEMORY',
    limit: 'memory_mb',
  },
  {
    name: 'a table of ten million entries',
    wasm: '(module (table 10000000 funcref) (func (export "go")))',
    tool: 'go',
    code: 'E_MODULE_LIMIT',
    limit: 'table_elements',
  },
  {
    name: 'a table that grows without end',
    wasm: `(module (table 1 funcref) (func (export "go") (result i32) (loop (br_if 0
      (i32.ne (table.grow (ref.null func) (i32.const 1000)) (i32.const -1)))) (i32.lt_u (table.size) (i32.const 100001))) ${ONE})`,
    tool: 'go',
    code: 'ok',
  },
  {
    name: 'sixty-four memories',
    wasm: () =>
      wasm.coreModule(
        wasm.section(1, [0x60, 0, 0]),
        wasm.section(3, [0]),
        wasm.section(5, ...Array.from({ length: 64 }, () => [0, 1])),
        wasm.section(7, [...wasm.name('go'), 0, 0]),
        wasm.section(10, [2, 0, 0x0b]),
      ),
    tool: 'go',
    code: 'E_MODULE',
  },
  {
    name: 'a huge data segment',
    wasm: () => Buffer.concat([EMPTY, Uint8Array.of(11, ...wasm.leb(DATA_HEAD.length + DATA_BYTES), ...DATA_HEAD)]),
    padding: DATA_BYTES,
    tool: 'go',
    code: 'E_MODULE_LIMIT',
    limit: 'module_mb',
  },
  {
    name: 'a flood of the largest messages',
    wasm: logging(
      `(func (export "go") (loop (call $log (i32.const 1) (i32.const 0) (i32.const 1000000)) (br 0))) ${ONE}`,
      `(func (export "go") (canon lift (core func $main "go")))
       (func (export "one") (result u32) (canon lift (core func $main "one")))`,
    ),
    limits: MANY_CALLS,
    tool: 'go',
    code: 'E_RATE',
    limit: 'host_calls',
  },
  {
    name: 'a flood of log lines',
    wasm: `(module (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
      (memory (export "memory") 2)
      (func (export "go") (i32.store (i32.const 0) (i32.const 64)) (i32.store (i32.const 4) (i32.const 65536))
        (loop (drop (call $write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 8))) (br 0))) ${ONE})`,
    tool: 'go',
    code: 'E_OUTPUT_LIMIT',
    limit: 'log_kb',
  },
  {
    name: 'a huge result',
    wasm: `(component (core module $m (memory (export "memory") 512)
        (func (export "go") (result i32) (memory.fill (i32.const 16) (i32.const 97) (i32.const 30000000))
          (i32.store (i32.const 0) (i32.const 16)) (i32.store (i32.const 4) (i32.const 30000000)) (i32.const 0)) ${ONE})
      (core instance $i (instantiate $m))
      (func (export "one") (result u32) (canon lift (core func $i "one")))
      (func (export "go") (result string) (canon lift (core func $i "go") (memory (core memory $i "memory")))))`,
    tool: 'go',
    code: 'E_OUTPUT_LIMIT',
    limit: 'output_kb',
  },
  {
    name: 'a huge error message',
    hostile: ['outcome', JSON.stringify({ kind: 'trap', message: { text: 'x\u001b', repeat: 3_000_000 } })],
    tool: 'next',
    code: 'E_TRAP',
  },
  {
    name: 'code that takes gigabytes to compile',
    wasm: (round) => (BOMBS[round % BOMBS.length] as () => Uint8Array)(),
    tool: 'go',
    code: 'E_MODULE_LIMIT',
    limit: ['locals', 'operand_height', 'types'],
  },
];
