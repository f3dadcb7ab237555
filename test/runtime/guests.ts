import { parse } from '@bytecodealliance/jco';

/** Guests that do one thing each, as WebAssembly text. */
export const GUESTS = {
  /** Numbers in and out, and the ways to go wrong. */
  core: `(module (memory (export "memory") 1)
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "same") (param f64) (result f64) (local.get 0))
    (func (export "big") (param i64) (result i64) (local.get 0))
    (func (export "spin") (loop (br 0)))
    (func (export "trap") (unreachable))
    (func (export "grow") (loop (br_if 0 (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) (unreachable)))`,
  /** One tool, so that it can be left out. */
  one: `(module (func (export "one") (result i32) (i32.const 1)))`,
  counter: `(module (global $n (mut i32) (i32.const 0))
    (func (export "next") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n)))`,
  countingComponent: `(component
    (core module $m (global $n (mut i32) (i32.const 0))
      (func (export "next") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n)))
    (core instance $i (instantiate $m))
    (func (export "next") (result u32) (canon lift (core func $i "next"))))`,
  /** An Extism plug-in that answers, fails with, or logs what it is given. */
  raw: `(module
    (import "extism:host/env" "input_offset" (func $at (result i64)))
    (import "extism:host/env" "input_length" (func $length (result i64)))
    (import "extism:host/env" "output_set" (func $out (param i64 i64)))
    (import "extism:host/env" "error_set" (func $error (param i64)))
    (import "extism:host/env" "log_info" (func $log (param i64)))
    (memory (export "memory") 1)
    (func (export "echo") (result i32) (call $out (call $at) (call $length)) (i32.const 0))
    (func (export "fail") (result i32) (call $error (call $at)) (i32.const 1))
    (func (export "log") (result i32) (call $log (call $at)) (i32.const 0)))`,
  /** Writes its words, each with a zero byte behind it, to standard output (or standard error when it has none). */
  args: `(module
    (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 2)
    (data (i32.const 64) "no words\\n")
    (func (export "_start")
      (drop (call $sizes (i32.const 0) (i32.const 4)))
      (if (i32.eq (i32.load (i32.const 0)) (i32.const 1)) (then
        (i32.store (i32.const 8) (i32.const 64)) (i32.store (i32.const 12) (i32.const 9))
        (drop (call $write (i32.const 2) (i32.const 8) (i32.const 1) (i32.const 16)))
        (call $exit (i32.const 3))))
      (drop (call $args (i32.const 1024) (i32.const 16384)))
      (i32.store (i32.const 8) (i32.const 16384)) (i32.store (i32.const 12) (i32.load (i32.const 4)))
      (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 16)))))`,
  unknownImport: `(module (import "env" "launch" (func)) (func (export "one") (result i32) (i32.const 1)))`,
} as const;

const REACH = {
  'env-get': ['env', 'get', '(param "name" string) (result (result string (error $error)))'],
  'secret-get': ['secrets', 'get', '(param "name" string) (result (result string (error $error)))'],
  'state-set': ['state', 'set', '(param "key" string) (param "value" (list u8)) (result (result (error $error)))'],
  'state-get': ['state', 'get', '(param "key" string) (result (result (list u8) (error $error)))'],
  'cache-set': [
    'cache',
    'set',
    '(param "key" string) (param "value" (list u8)) (param "ttl" s64) (result (result (error $error)))',
  ],
  'cache-get': ['cache', 'get', '(param "key" string) (result (result (list u8) (error $error)))'],
  'read-file': ['filesystem', 'read-file', '(param "path" string) (result (result (list u8) (error $error)))'],
  'write-file': [
    'filesystem',
    'write-file',
    '(param "path" string) (param "contents" (list u8)) (result (result (error $error)))',
  ],
} as const;

const ERROR_TYPE = `
    (type $c (enum "denied" "not-found" "invalid" "rate-limited" "too-large" "timeout" "failed"))
    (export "error-code" (type $code (eq $c)))
    (type $e (record (field "code" $code) (field "message" string)))
    (export "error" (type $error (eq $e)))`;

/** A component whose tools are host functions themselves: what a caller gives goes straight to the gate. */
export function reach(): string {
  const tools = Object.entries(REACH);
  const interfaces = [...new Set(tools.map(([, [name]]) => name))];
  const imported = interfaces.map((name) => {
    const functions = tools.filter(([, [of]]) => of === name);
    const exported = functions.map(([, [, func, type]]) => `(export "${func}" (func ${type}))`);
    return `(import "skillhost:guest/${name}@${name === 'cache' ? '0.1.1' : '0.1.0'}" (instance $${name} ${ERROR_TYPE} ${exported.join(' ')}))`;
  });
  const exported = tools.map(
    ([tool, [name, func, type]]) => `(alias export $${name} "${func}" (func $${tool}))
      (export "${tool}" (func $${tool}) (func ${type.replace('$error', `$${name}-shown`)}))`,
  );
  const types = interfaces.map(
    (
      name,
    ) => `(alias export $${name} "error-code" (type $${name}-code)) (alias export $${name} "error" (type $${name}-error))
      (export "${name}-code" (type $${name}-code)) (export $${name}-shown "${name}-error" (type $${name}-error))`,
  );
  return `(component ${[...imported, ...types, ...exported].join('\n')})`;
}

const assembled = new Map<string, Promise<Uint8Array>>();

/** WebAssembly text as bytes; each text is read once. */
export function assemble(text: string): Promise<Uint8Array> {
  const bytes = assembled.get(text) ?? parse(text);
  assembled.set(text, bytes);
  return bytes;
}
