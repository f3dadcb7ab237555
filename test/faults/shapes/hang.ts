import { ONE, type Shape } from './shape.ts';

const SOON = { timeout_ms: 60 };
const TIMEOUT = { code: 'E_TIMEOUT', limit: 'timeout_ms', tool: 'spin' } as const;

/** An interpreter's heart: it looks up the next step in a table, and calls it. */
const INTERPRETER = `(module (type $step (func (param i32) (result i32))) (table funcref (elem $a $b $c))
  (func $a (type $step) (i32.add (local.get 0) (i32.const 1)))
  (func $b (type $step) (i32.mul (local.get 0) (i32.const 3)))
  (func $c (type $step) (i32.xor (local.get 0) (i32.const 85)))
  (func (export "spin") (local $n i32) (loop
    (local.set $n (call_indirect (type $step) (local.get $n) (i32.rem_u (local.get $n) (i32.const 3)))) (br 0)))
  ${ONE})`;

/** 2^200 calls, never more than 200 of them open. */
const TREE = `(module (func $tree (param i32) (if (local.get 0) (then
    (call $tree (i32.sub (local.get 0) (i32.const 1))) (call $tree (i32.sub (local.get 0) (i32.const 1))))))
  (func (export "spin") (call $tree (i32.const 200))) ${ONE})`;

/** How a guest, or the process it runs in, may go on for ever. */
export const HANGS: readonly Shape[] = [
  { name: 'an endless loop', wasm: `(module (func (export "spin") (loop (br 0))) ${ONE})`, limits: SOON, ...TIMEOUT },
  {
    name: 'fills of a large memory without end',
    wasm: `(module (memory 512 512) (func (export "spin") (loop
      (memory.fill (i32.const 0) (i32.const 1) (i32.const 33554432)) (br 0))) ${ONE})`,
    limits: SOON,
    ...TIMEOUT,
  },
  { name: 'an interpreter that never halts', wasm: INTERPRETER, limits: SOON, ...TIMEOUT },
  {
    name: 'a start function that loops',
    wasm: '(module (func $s (loop (br 0))) (start $s) (func (export "spin")))',
    limits: SOON,
    ...TIMEOUT,
  },
  {
    name: 'an hour of sleep',
    wasm: `(module (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
      (memory (export "memory") 1) (func (export "spin") (result i32)
        (i64.store (i32.const 24) (i64.const 3600000000000)) (i32.store (i32.const 16) (i32.const 1))
        (call $poll (i32.const 0) (i32.const 256) (i32.const 1) (i32.const 512))) ${ONE})`,
    limits: SOON,
    ...TIMEOUT,
  },
  { name: 'a tree of calls that would take for ever', wasm: TREE, limits: SOON, ...TIMEOUT },
  { name: 'a slow drip of host calls', hostile: ['dripCalls'], limits: SOON, ...TIMEOUT, tool: 'next' },
  { name: 'a process that is deaf to everything', hostile: ['deaf'], limits: SOON, ...TIMEOUT, tool: 'next' },
];
