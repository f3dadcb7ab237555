import { ONE, type Shape } from './shape.ts';

const trap = (body: string, before = ''): string => `(module ${before} (func (export "go") ${body}) ${ONE})`;

// What it is given must be put into its memory, for which it is asked where.
const DIES_IN_ALLOCATION = `(component (core module $m (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (unreachable))
    (func (export "go") (param i32 i32)) ${ONE})
  (core instance $i (instantiate $m))
  (func (export "go") (param "text" string)
    (canon lift (core func $i "go") (memory (core memory $i "memory")) (realloc (core func $i "realloc"))))
  (func (export "one") (result u32) (canon lift (core func $i "one"))))`;

/** How a guest, or the process it runs in, may die. */
export const CRASHES: readonly Shape[] = [
  { name: 'an instruction that must not be reached', wasm: trap('(unreachable)'), tool: 'go', code: 'E_TRAP' },
  {
    name: 'a read far outside of memory',
    wasm: trap('(drop (i32.load (i32.const -4)))', '(memory 1)'),
    tool: 'go',
    code: 'E_TRAP',
  },
  {
    name: 'a division by zero',
    wasm: trap('(drop (i32.div_s (i32.const 1) (i32.const 0)))'),
    tool: 'go',
    code: 'E_TRAP',
  },
  {
    name: 'an indirect call of nothing',
    wasm: trap('(call_indirect (i32.const 3))', '(table 4 funcref)'),
    tool: 'go',
    code: 'E_TRAP',
  },
  { name: 'an exception nobody catches', wasm: trap('(throw $oops)', '(tag $oops)'), tool: 'go', code: 'E_TRAP' },
  {
    name: 'proc_exit',
    wasm: `(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32))) (memory (export "memory") 1)
      (func (export "go") (call $exit (i32.const 137))) ${ONE})`,
    tool: 'go',
    code: 'E_GUEST',
  },
  {
    name: 'calls nested without end',
    wasm: `(module (func $deeper (export "go") (call $deeper) (call $deeper)) ${ONE})`,
    tool: 'go',
    code: 'E_STACK',
    limit: 'stack_kb',
  },
  {
    name: 'a trap while it is given its input',
    wasm: DIES_IN_ALLOCATION,
    tool: 'go',
    input: { text: 'hello' },
    code: 'E_TRAP',
  },
  { name: 'an unhandled rejection of its process', hostile: ['reject'], tool: 'next', code: 'E_GUEST_DIED' },
  { name: 'an abort of its process', hostile: ['abort'], tool: 'next', code: 'E_GUEST_DIED' },
  { name: 'a kill of its process', hostile: ['killSelf'], tool: 'next', code: 'E_GUEST_DIED' },
  { name: 'death of its process during a host call', hostile: ['dieInCall'], tool: 'next', code: 'E_GUEST_DIED' },
  { name: 'death of its process while it starts', hostile: ['dieAtStart'], tool: 'next', code: 'E_GUEST_DIED' },
  {
    name: 'death of its process in the middle of its answer',
    hostile: ['dieInReply'],
    tool: 'next',
    code: 'E_GUEST_DIED',
  },
];
