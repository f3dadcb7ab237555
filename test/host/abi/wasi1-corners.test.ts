import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inspectModule } from '../../../host/module/inspect.ts';
import { type GuestRun, useFolder, useSandbox, valueOf, wat } from './support.ts';

// Each case is one call with arguments no C library would make; the guest prints the errno as one byte. Path `f` is a
// granted file of five bytes, open as descriptor 5 for reading and writing; 4 is the working directory.
const run = useSandbox();
const folder = useFolder();

const SIGNATURES: Readonly<Record<string, string>> = {
  args_get: 'i32 i32',
  args_sizes_get: 'i32 i32',
  clock_res_get: 'i32 i32',
  clock_time_get: 'i32 i64 i32',
  environ_get: 'i32 i32',
  environ_sizes_get: 'i32 i32',
  fd_advise: 'i32 i64 i64 i32',
  fd_allocate: 'i32 i64 i64',
  fd_close: 'i32',
  fd_datasync: 'i32',
  fd_fdstat_get: 'i32 i32',
  fd_fdstat_set_flags: 'i32 i32',
  fd_fdstat_set_rights: 'i32 i64 i64',
  fd_filestat_get: 'i32 i32',
  fd_filestat_set_size: 'i32 i64',
  fd_filestat_set_times: 'i32 i64 i64 i32',
  fd_pread: 'i32 i32 i32 i64 i32',
  fd_prestat_dir_name: 'i32 i32 i32',
  fd_prestat_get: 'i32 i32',
  fd_pwrite: 'i32 i32 i32 i64 i32',
  fd_read: 'i32 i32 i32 i32',
  fd_readdir: 'i32 i32 i32 i64 i32',
  fd_renumber: 'i32 i32',
  fd_seek: 'i32 i64 i32 i32',
  fd_sync: 'i32',
  fd_tell: 'i32 i32',
  fd_write: 'i32 i32 i32 i32',
  path_create_directory: 'i32 i32 i32',
  path_filestat_get: 'i32 i32 i32 i32 i32',
  path_filestat_set_times: 'i32 i32 i32 i32 i64 i64 i32',
  path_link: 'i32 i32 i32 i32 i32 i32 i32',
  path_open: 'i32 i32 i32 i32 i32 i64 i64 i32 i32',
  path_readlink: 'i32 i32 i32 i32 i32 i32',
  path_remove_directory: 'i32 i32 i32',
  path_rename: 'i32 i32 i32 i32 i32 i32',
  path_symlink: 'i32 i32 i32 i32 i32',
  path_unlink_file: 'i32 i32 i32',
  poll_oneoff: 'i32 i32 i32 i32',
  proc_raise: 'i32',
  random_get: 'i32 i32',
  sched_yield: '',
  sock_accept: 'i32 i32 i32',
  sock_recv: 'i32 i32 i32 i32 i32 i32',
  sock_send: 'i32 i32 i32 i32 i32',
  sock_shutdown: 'i32 i32',
};
const EVERYTHING = Object.keys(SIGNATURES);

type Call = readonly [name: string, ...args: (number | bigint)[]];

// Memory: iovec at 16 → 64 bytes at 256; iovec at 24 → beyond memory; name "f" at 100; NUL name at 104; bad UTF-8 at 108.
const DATA = String.raw`
  (data (i32.const 16) "\00\01\00\00\40\00\00\00\f0\ff\00\00\ff\00\00\00")
  (data (i32.const 100) "f\00..a\00\00\00\ff\fe")
  (data (i32.const 120) "../x/etc/passwd")`;

function program(calls: readonly Call[]): string {
  const used = [...new Set(['fd_write', 'path_open', ...calls.map(([name]) => name)])];
  const imports = used.map(
    (name) =>
      `(import "wasi_snapshot_preview1" "${name}" (func $${name} (param ${SIGNATURES[name] ?? ''}) (result i32)))`,
  );
  const body = calls.map(([name, ...args], i) => {
    const types = (SIGNATURES[name] ?? '').split(' ');
    const pushed = args.map((arg, at) => `(${types[at]}.const ${arg})`).join(' ');
    return `(i32.store8 (i32.const ${2048 + i}) (call $${name} ${pushed}))`;
  });
  return `(module ${imports.join('\n')} (memory (export "memory") 1) ${DATA}
    (func (export "_start")
      (drop (call $path_open (i32.const 4) (i32.const 0) (i32.const 100) (i32.const 1) (i32.const 0) (i64.const 66) (i64.const 0) (i32.const 0) (i32.const 8)))
      ${body.join('\n')}
      (i32.store (i32.const 2040) (i32.const 2048)) (i32.store (i32.const 2044) (i32.const ${calls.length}))
      (drop (call $fd_write (i32.const 1) (i32.const 2040) (i32.const 1) (i32.const 2036)))))`;
}

async function errnos(calls: readonly Call[], options: GuestRun = {}): Promise<number[]> {
  writeFileSync(join(folder(), 'f'), 'hello');
  const result = await run(await wat(program(calls)), {
    cwd: folder(),
    args: ['corners'],
    grants: { read: ['./'], write: ['./'] },
    ...options,
  });
  // Some calls print something of their own before.
  return [...(valueOf(result) as Uint8Array)].slice(-calls.length);
}

/** Runs all the calls in one guest, and compares each with the errno beside it. */
async function expectErrnos(expected: readonly (readonly [Call, number])[]): Promise<void> {
  const answered = await errnos(expected.map(([call]) => call));
  expect(expected.map(([call], i) => [call.join(' '), answered[i]])).toEqual(
    expected.map(([call, errno]) => [call.join(' '), errno]),
  );
}

const [OK, ACCES, BADF, FAULT, ILSEQ, INVAL, ISDIR, NAMETOOLONG, NOENT, NOSYS, NOTDIR, NOTSUP, PERM, SPIPE] = [
  0, 2, 8, 21, 25, 28, 31, 37, 44, 52, 54, 58, 63, 70,
];
const OUTSIDE = -4;

describe('WASI preview 1 at its corners [R-WASI-2]', () => {
  it('offers every function of the specification', async () => {
    const imports = EVERYTHING.map(
      (name) => `(import "wasi_snapshot_preview1" "${name}" (func (param ${SIGNATURES[name]}) (result i32)))`,
    );
    const exit = '(import "wasi_snapshot_preview1" "proc_exit" (func (param i32)))';
    const description = inspectModule(
      await wat(`(module ${imports.join('')}${exit} (memory (export "memory") 1) (func (export "_start")))`),
    );
    expect(description.tools.map(({ name }) => name)).toEqual(['run']);
  });

  it('refuses the older namespace, whose numbers mean something else', async () => {
    const old = await wat(
      '(module (import "wasi_unstable" "fd_close" (func (param i32) (result i32))) (func (export "_start")))',
    );
    expect(() => inspectModule(old)).toThrow('wasi_unstable#fd_close');
  });

  it('answers errno for addresses outside of the memory', async () => {
    await expectErrnos([
      [['fd_write', 1, OUTSIDE, 1, 0], FAULT],
      [['fd_write', 1, 24, 1, 0], FAULT],
      [['fd_write', 1, 16, 1, OUTSIDE], FAULT],
      [['fd_read', 0, 65_532, 1, 0], FAULT],
      [['fd_read', 5, 24, 1, 0], FAULT],
      [['fd_pread', 5, 24, 1, 0n, 0], FAULT],
      [['fd_readdir', 4, 65_000, 1_000, 0n, 0], FAULT],
      [['fd_seek', 5, 0n, 0, OUTSIDE], FAULT],
      [['fd_fdstat_get', 1, 65_520], FAULT],
      [['fd_filestat_get', 5, 65_500], FAULT],
      [['fd_prestat_get', 3, OUTSIDE], FAULT],
      [['path_open', 4, 0, 100, 1, 0, 2n, 0n, 0, OUTSIDE], FAULT],
      [['path_open', 4, 0, OUTSIDE, 100, 0, 2n, 0n, 0, 0], FAULT],
      [['path_filestat_get', 4, 0, 100, 1, OUTSIDE], FAULT],
      [['random_get', 65_000, 1_000], FAULT],
      [['clock_time_get', 0, 0n, OUTSIDE], FAULT],
      [['args_get', OUTSIDE, 0], FAULT],
      [['args_sizes_get', 0, OUTSIDE], FAULT],
      [['environ_sizes_get', OUTSIDE, 0], FAULT],
      [['poll_oneoff', OUTSIDE, 0, 1, 0], FAULT],
      [['poll_oneoff', 0, 65_530, 1, 0], FAULT],
    ]);
  });

  it('answers errno for counts, flags and clocks out of range', async () => {
    await expectErrnos([
      [['fd_write', 1, 16, -1, 0], INVAL],
      [['fd_write', 1, 16, 1_025, 0], INVAL],
      [['fd_read', 0, 16, 0x7fff_ffff, 0], INVAL],
      [['fd_write', 1, 16, 0, 0], OK],
      [['fd_seek', 5, 0n, 3, 0], INVAL],
      [['clock_time_get', 2, 0n, 0], INVAL],
      [['clock_time_get', -1, 0n, 0], INVAL],
      [['clock_res_get', 9, 0], INVAL],
      [['clock_res_get', 1, 0], OK],
      [['poll_oneoff', 0, 0, 0, 0], INVAL],
      [['poll_oneoff', 0, 0, -1, 0], INVAL],
      [['poll_oneoff', 0, 0, 100_000, 0], INVAL],
      [['random_get', 0, 0], OK],
      [['random_get', 4_096, 61_440], OK],
      [['proc_raise', 6], NOSYS],
      [['sched_yield'], OK],
    ]);
  });

  it('answers errno for descriptors that are closed, or of the wrong kind', async () => {
    await expectErrnos([
      [['fd_read', 99, 16, 1, 0], BADF],
      [['fd_write', 0, 16, 1, 0], BADF],
      [['fd_read', 1, 16, 1, 0], BADF],
      [['fd_read', 4, 16, 1, 0], ISDIR],
      [['fd_write', 4, 16, 1, 0], BADF],
      [['fd_seek', 1, 0n, 0, 0], SPIPE],
      [['fd_seek', 4, 0n, 0, 0], ISDIR],
      [['fd_readdir', 5, 512, 64, 0n, 0], NOTDIR],
      [['fd_prestat_get', 5, 0], BADF],
      [['fd_prestat_get', 6, 0], BADF],
      [['fd_prestat_dir_name', 3, 0, 0], NAMETOOLONG],
      [['path_open', 5, 0, 100, 1, 0, 2n, 0n, 0, 0], NOTDIR],
      [['path_open', 1, 0, 100, 1, 0, 2n, 0n, 0, 0], NOTDIR],
      [['fd_renumber', 5, 42], BADF],
      [['fd_renumber', 5, 5], OK],
      [['fd_tell', 5, 0], OK],
      [['fd_renumber', 5, 2], OK],
      [['fd_tell', 5, 0], BADF],
      [['fd_tell', 2, 0], OK],
      [['fd_close', 2], OK],
      [['fd_close', 2], BADF],
    ]);
  });

  it('answers errno for places before the beginning of a file or beyond any', async () => {
    await expectErrnos([
      [['fd_seek', 5, -1n, 0, 0], INVAL],
      [['fd_seek', 5, -6n, 2, 0], INVAL],
      [['fd_seek', 5, -5n, 2, 0], OK],
      [['fd_seek', 5, 1n << 62n, 0, 0], INVAL],
      [['fd_pread', 5, 16, 1, -1n, 0], INVAL],
      [['fd_pread', 5, 16, 1, 1n << 60n, 0], INVAL],
      [['fd_pwrite', 5, 16, 1, -5n, 0], INVAL],
      [['fd_filestat_set_size', 5, -1n], INVAL],
      [['fd_filestat_set_size', 5, 1n << 60n], INVAL],
      [['fd_readdir', 4, 512, 64, -1n, 0], OK],
      [['fd_readdir', 4, 512, 64, 1n << 40n, 0], OK],
      [['fd_pread', 5, 16, 1, 1n << 40n, 0], OK],
    ]);
  });

  it('answers errno for paths that are malformed, climb out, or are absolute', async () => {
    const open = (at: number, length: number): Call => ['path_open', 4, 0, at, length, 0, 2n, 0n, 0, 0];
    await expectErrnos([
      [open(100, 0), NOENT],
      [open(108, 2), ILSEQ],
      [open(104, 2), ACCES],
      [open(120, 4), PERM],
      [open(124, 11), PERM],
      [open(102, 2), PERM],
      [['path_rename', 4, 100, 1, 4, 120, 4], PERM],
      [['path_link', 4, 0, 100, 1, 4, 103, 1], PERM],
      [['path_symlink', 100, 1, 4, 103, 1], PERM],
      [['path_readlink', 4, 100, 1, 512, 64, 0], INVAL],
    ]);
  });

  it('answers errno for what it does not do', async () => {
    await expectErrnos([
      [['fd_allocate', 5, 0n, 10n], NOTSUP],
      [['fd_filestat_set_times', 5, 0n, 0n, 0], NOTSUP],
      [['path_filestat_set_times', 4, 0, 100, 1, 0n, 0n, 0], NOTSUP],
      [['fd_advise', 5, 0n, 0n, 0], OK],
    ]);
  });

  it('denies sockets [R-IMPORT-2]', async () => {
    await expectErrnos([
      [['sock_accept', 3, 0, 0], ACCES],
      [['sock_recv', 3, 0, 0, 0, 0, 0], ACCES],
      [['sock_send', 3, 0, 0, 0, 0], ACCES],
      [['sock_shutdown', 3, 0], ACCES],
    ]);
  });

  it('keeps to the rights a file was opened with', async () => {
    await expectErrnos([
      [['path_open', 4, 0, 100, 1, 0, 2n, 0n, 0, 512], OK],
      [['fd_write', 6, 16, 1, 0], BADF],
      [['fd_filestat_set_size', 6, 1n], BADF],
      [['path_open', 4, 0, 100, 1, 0, 64n, 0n, 0, 512], OK],
      [['fd_read', 7, 16, 1, 0], BADF],
      [['fd_close', 6], OK],
      [['fd_close', 7], OK],
    ]);
  });

  it('runs out of descriptors with errno', async () => {
    const opens = Array.from({ length: 1_100 }, (): Call => ['path_open', 4, 0, 120, 1, 2, 2n, 0n, 0, 0]);
    const answered = await errnos(opens, { limits: { host_calls: 10_000 } });
    expect(answered.indexOf(33)).toBeGreaterThan(1_000);
    expect(answered.at(-1)).toBe(33);
  });
});
