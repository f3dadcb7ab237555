import { expect, it } from 'vitest';
import { inspectModule } from '../../../host/module/inspect.ts';
import { wat } from '../../fixtures/wat.ts';

it.each([
  ['an error number', '(func (export "f") (result i32) (i32.const 0))', ['f']],
  ['nothing', '(func (export "f"))', ['f']],
  ['something else', '(func (export "f") (result i64) (i64.const 0))', []],
  ['more than one thing', '(func (export "f") (result i32 i32) (i32.const 0) (i32.const 0))', []],
  ['with parameters', '(func (export "f") (param i32) (result i32) (i32.const 0))', []],
  ['what toolchains add', '(func (export "_initialize")) (func (export "__wasm_call_ctors"))', []],
])('an Extism export that returns %s is a tool or none [R-EXTISM-1]', async (_, functions, expected) => {
  const bytes = await wat(`(module (import "extism:host/env" "input_length" (func (result i64))) ${functions})`);
  const { kind, tools } = inspectModule(bytes);
  expect({ kind, tools: tools.map(({ name }) => name) }).toEqual({ kind: 'extism', tools: expected });
});
