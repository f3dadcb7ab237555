import { existsSync, readFileSync } from 'node:fs';
import { parse } from '@bytecodealliance/jco';
import type { Layer } from '../../../host/capability/layer.ts';
import { ERROR_CODES } from '../../../host/errors.ts';
import { type Limits, resolveLimits } from '../../../host/limits.ts';
import { inspectModule } from '../../../host/module/inspect.ts';
import { findTool } from '../../fixtures/find-tool.ts';
import { Sandbox, type SandboxCall, type SandboxResult } from '../../../host/sandbox.ts';

/** Component text that imports the log, and lowers it for a core module `$main` that imports `host.log`. */
export function logging(main: string, exported: string): string {
  return `(component
    (import "skillhost:guest/log@0.1.0" (instance $log
      (type $enum (enum "debug" "info" "warn" "error"))
      (export "level" (type $level (eq $enum)))
      (export "log" (func (param "level" $level) (param "message" string)))))
    (core module $memory (memory (export "memory") 64))
    (core instance $memory (instantiate $memory))
    (core func $log (canon lower (func $log "log") (memory (core memory $memory "memory"))))
    (core module $main (import "host" "log" (func $log (param i32 i32 i32))) ${main})
    (core instance $main (instantiate $main (with "host" (instance (export "log" (func $log))))))
    ${exported})`;
}

export const TEXTS = {
  counter: `(module (global $n (mut i32) (i32.const 0))
    (func (export "next") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n)))`,
  keptCounter: `(component (core module $m (global $n (mut i32) (i32.const 0))
      (func (export "next") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
      (func (export "fail") (unreachable)))
    (core instance $i (instantiate $m))
    (func (export "next") (result u32) (canon lift (core func $i "next")))
    (func (export "fail") (canon lift (core func $i "fail"))))`,
  // The second function ends in a number, so that the same module can show that it still works.
  loop: `(module (func (export "spin") (loop (br 0))) (func (export "one") (result i32) (i32.const 1)))`,
  fill: `(module (memory 512 1024) (func (export "spin") (loop
      (memory.fill (i32.const 0) (i32.const 1) (i32.const 33554432)) (br 0)))
    (func (export "loop") (loop (br 0)))
    (func (export "one") (result i32) (i32.const 1)))`,
  recursion: `(module (func $f (export "spin") (call $f) (call $f)) (func (export "one") (result i32) (i32.const 1)))`,
  grow: `(module (memory (export "memory") 1) (func (export "spin") (result i32)
    (loop (br_if 0 (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) (memory.size))
    (func (export "trap") (loop (br_if 0 (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) (unreachable)))`,
  trap: `(module (func (export "spin") (unreachable)))`,
  startLoop: `(module (func $s (loop (br 0))) (start $s) (func (export "spin")))`,
  sleep: `(module (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "spin") (result i32) (i64.store (i32.const 24) (i64.const 3600000000000)) (i32.store (i32.const 16) (i32.const 1))
      (call $poll (i32.const 0) (i32.const 256) (i32.const 1) (i32.const 512))))`,
  flood: `(module (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 2)
    (func $flood (param $fd i32) (i32.store (i32.const 0) (i32.const 64)) (i32.store (i32.const 4) (i32.const 65536))
      (loop (drop (call $write (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8))) (br 0)))
    (func (export "stdout") (call $flood (i32.const 1))) (func (export "stderr") (call $flood (i32.const 2))))`,
  storm: logging(
    `(func (export "storm") (loop (call $log (i32.const 1) (i32.const 0) (i32.const 1)) (br 0)))
     (func (export "big") (param i32) (call $log (i32.const 1) (i32.const 0) (local.get 0)))`,
    `(func (export "storm") (canon lift (core func $main "storm")))
     (func (export "big") (param "bytes" u32) (canon lift (core func $main "big")))`,
  ),
  text: `(component (core module $m (memory (export "memory") 16 16)
      (func (export "of") (param i32) (result i32) (memory.fill (i32.const 16) (i32.const 97) (local.get 0))
        (i32.store (i32.const 0) (i32.const 16)) (i32.store (i32.const 4) (local.get 0)) (i32.const 0)))
    (core instance $i (instantiate $m))
    (func (export "of") (param "bytes" u32) (result string) (canon lift (core func $i "of") (memory (core memory $i "memory")))))`,
  // Four memories that all grow until refused; answers how many pages they have together.
  manyMemories: `(component
    (core module $m (memory 4)
      (func (export "grow") (result i32) (loop (br_if 0 (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) (memory.size)))
    (core module $n (memory 8)
      (func (export "grow") (result i32) (loop (br_if 0 (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) (memory.size)))
    (core module $sum (import "m" "grow" (func $m (result i32))) (import "n" "grow" (func $n (result i32)))
      (func (export "grow") (result i32) (i32.add (call $m) (call $n))))
    (core instance $m (instantiate $m)) (core instance $n (instantiate $n))
    (core instance $sum (instantiate $sum (with "m" (instance $m)) (with "n" (instance $n))))
    (func (export "grow") (result u32) (canon lift (core func $sum "grow"))))`,
  // Starts the program `sleep 61`.
  sleeper: `(component
    (import "skillhost:guest/command@0.1.0" (instance $command
      (type $code-enum (enum "denied" "not-found" "invalid" "rate-limited" "too-large" "timeout" "failed"))
      (export "code" (type $code (eq $code-enum)))
      (type $error-record (record (field "code" $code) (field "message" string)))
      (export "error" (type $error (eq $error-record)))
      (type $output-record (record (field "exit-code" s32) (field "stdout" (list u8)) (field "stderr" (list u8))))
      (export "output" (type $output (eq $output-record)))
      (export "execute" (func (param "program" string) (param "args" (list string)) (param "stdin" (list u8))
        (result (result $output (error $error)))))))
    (core module $libc (memory (export "memory") 1) (data (i32.const 0) "sleep") (data (i32.const 8) "61")
      (data (i32.const 16) "\\08\\00\\00\\00\\02\\00\\00\\00")
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
    (core instance $libc (instantiate $libc))
    (core func $execute (canon lower (func $command "execute")
      (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core module $main (import "host" "execute" (func $execute (param i32 i32 i32 i32 i32 i32 i32)))
      (func (export "spin") (call $execute
        (i32.const 0) (i32.const 5) (i32.const 16) (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 512))))
    (core instance $main (instantiate $main (with "host" (instance (export "execute" (func $execute))))))
    (func (export "spin") (canon lift (core func $main "spin"))))`,
  componentStart: `(component (core module $m (func $s (loop (br 0))) (start $s) (func (export "spin")))
    (core instance $i (instantiate $m)) (func (export "spin") (canon lift (core func $i "spin"))))`,
} as const;

export type GuestName = keyof typeof TEXTS;

const compiled = new Map<string, Promise<Uint8Array>>();

/** The binary of WebAssembly text, made once. */
export function assemble(text: string): Promise<Uint8Array> {
  const known = compiled.get(text) ?? parse(text);
  compiled.set(text, known);
  return known;
}

export interface Asked extends Partial<Omit<SandboxCall, 'limits' | 'tool' | 'bytes'>> {
  readonly limits?: Partial<Limits>;
}

const NO_STATE = { get: () => undefined, set: () => undefined, delete: () => undefined, keys: () => [] };

/** A call of one tool of a guest, with nothing granted and defaults for the rest. */
export async function callOf(guest: GuestName | Uint8Array, tool: string, asked: Asked = {}): Promise<SandboxCall> {
  const bytes = typeof guest === 'string' ? await assemble(TEXTS[guest]) : guest;
  return {
    trust: typeof guest === 'string' ? guest : 'bytes',
    reuse: false,
    config: {},
    input: {},
    args: [],
    stdin: new Uint8Array(),
    layers: () => [],
    cwd: '/',
    env: {},
    secrets: { get: () => Promise.resolve(undefined) },
    state: NO_STATE,
    cache: NO_STATE,
    record: () => undefined,
    onLog: () => undefined,
    onHostCall: () => undefined,
    ...asked,
    bytes,
    tool: findTool(inspectModule(bytes), tool),
    limits: resolveLimits(asked.limits ?? {}),
  };
}

/** Runs a sandbox for one test, and closes it however the test ends. */
export async function withSandbox<T>(use: (sandbox: Sandbox) => Promise<T>, keepSpare = false): Promise<T> {
  const sandbox = new Sandbox({ keepSpare });
  try {
    return await use(sandbox);
  } finally {
    await sandbox.close();
  }
}

export async function run(
  sandbox: Sandbox,
  guest: GuestName | Uint8Array,
  tool: string,
  asked: Asked = {},
): Promise<SandboxResult> {
  return sandbox.call(await callOf(guest, tool, asked));
}

/** The value of a call that must succeed. */
export function valueOf({ outcome }: SandboxResult): unknown {
  if ('value' in outcome) return outcome.value;
  throw outcome.error;
}

/** What a caller can tell of a failure: its code, exit code, and limit. */
export function failureOf({ outcome }: SandboxResult): { code: string; exit: number; limit: unknown } {
  if ('value' in outcome) throw new Error(`it succeeded with ${String(outcome.value)}`);
  const { code, details } = outcome.error;
  return { code, exit: ERROR_CODES[code].exit, limit: details?.['limit'] };
}

/** The direct children of this process that run the entry of guest processes, or another program. */
export function guestPids(program = 'guest/main.js'): number[] {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number);
  return children.filter((pid) => runs(pid, program));
}

function runs(pid: number, program: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(program);
  } catch {
    return false;
  }
}

/** Waits for a guest process that is not in `known`. */
export async function newGuest(known: readonly number[] = []): Promise<number> {
  let pid: number | undefined;
  await until(() => (pid = guestPids().find((one) => !known.includes(one))) !== undefined);
  return pid ?? 0;
}

/** Kills one guest process of this test, and nothing else; it is gone when this process has taken note of its end. */
export async function killGuest(pid: number): Promise<void> {
  if (!guestPids().includes(pid)) throw new Error(`${pid} is no guest process of this test`);
  process.kill(pid, 'SIGKILL');
  await until(() => !existsSync(`/proc/${pid}`));
}

/** Waits until something holds, or fails after `ms`. */
export async function until(holds: () => boolean, ms = 10_000): Promise<void> {
  for (const end = Date.now() + ms; !holds();) {
    if (Date.now() > end) throw new Error('it never came to hold');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export const NOTHING: Layer = {
  name: 'grant',
  source: 'test',
  filesystemRead: [],
  filesystemWrite: [],
  network: [],
  envRead: [],
  secretsAccess: [],
  commands: [],
  blocked: [],
  args: new Map(),
};
