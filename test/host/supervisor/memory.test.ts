import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Sandbox } from '../../../host/sandbox.ts';
import { withOsLimits } from '../../../host/supervisor/os-limits.ts';
import { assemble, failureOf, guestPids, newGuest, run, until, valueOf, withSandbox } from '../sandbox/guests.ts';

afterEach(() => until(() => guestPids().length === 0));

const HOSTILE = join(import.meta.dirname, 'hostile-guest.mjs');
const onLinux = process.platform === 'linux';

/** Grows its memory to so many pages, writes to all of them, and answers how many it has. */
const FULL = `(module (memory 1) (func (export "fill") (param i32) (result i32)
  (drop (memory.grow (i32.sub (local.get 0) (i32.const 1))))
  (memory.fill (i32.const 0) (i32.const 1) (i32.mul (memory.size) (i32.const 65535))) (memory.size)))`;
const PAGES_PER_MIB = 16;

function peakMb(pid: number): number {
  return Number(/VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
}

describe('a guest process', () => {
  it('that takes more memory than its limits can explain is killed, and the error says so [only linux] [R-WALL-6]', async (context) => {
    if (!onLinux) context.skip('nothing else tells how much memory another process has');
    const program = { file: process.execPath, args: [HOSTILE, 'eatsMemory', ''], cwd: '/' };
    const sandbox = new Sandbox({ keepSpare: false, program });
    try {
      const result = await run(sandbox, 'counter', 'next', { limits: { memory_mb: 8 } });
      expect(failureOf(result)).toEqual({ code: 'E_MEMORY', exit: 6, limit: 'memory_mb' });
      expect('error' in result.outcome && result.outcome.error.hint).toContain('--limit memory_mb=16');
    } finally {
      await sandbox.close();
    }
  });

  it('may fill all of the largest memory in both its workers, again and again [R-WALL-6]', () =>
    withSandbox(async (sandbox) => {
      const bytes = await assemble(FULL);
      const pages = 512 * PAGES_PER_MIB;
      const asked = { limits: { memory_mb: 512, timeout_ms: 60_000 }, input: { p0: pages } };
      for (let i = 0; i < 3; i++) {
        const both = await Promise.all([run(sandbox, bytes, 'fill', asked), run(sandbox, bytes, 'fill', asked)]);
        for (const one of both) expect(valueOf(one)).toBe(pages);
      }
    }));

  it('does not keep the memories of calls that are over [only linux] [R-WALL-6]', (context) =>
    withSandbox(async (sandbox) => {
      if (!onLinux) context.skip('it looks into /proc');
      const bytes = await assemble(FULL);
      const input = { p0: 64 * PAGES_PER_MIB };
      for (let i = 0; i < 25; i++) expect(valueOf(await run(sandbox, bytes, 'fill', { input }))).toBe(input.p0);
      expect(peakMb(await newGuest())).toBeLessThan(400);
    }));

  it('has limits of the operating system on core files, files and data [only linux] [R-WALL-6]', (context) =>
    withSandbox(async (sandbox) => {
      if (!onLinux) context.skip('it looks into /proc');
      await run(sandbox, 'counter', 'next');
      const limits = readFileSync(`/proc/${await newGuest()}/limits`, 'utf8');
      expect(limits).toMatch(/Max core file size\s+0\s+0/);
      expect(limits).toMatch(/Max file size\s+0\s+0/);
      const data = Number(/Max data size\s+(\d+)/.exec(limits)?.[1]) / 2 ** 20;
      expect(data).toBeGreaterThan(2_048);
      expect(data).toBeLessThan(6_144);
    }));
});

describe('limits of the operating system', () => {
  const shells = ['/bin/sh', '/bin/dash', '/bin/bash'].filter((path) => existsSync(path));
  const start = (shell: string, dataKb: number, source: string) => {
    const program = { file: process.execPath, args: ['-e', source], cwd: '/' };
    const { file, args, cwd } = withOsLimits(program, dataKb, shell);
    const { stdout, status } = spawnSync(file, args, { cwd, env: {}, encoding: 'utf8' });
    return { stdout, isGood: status === 0 };
  };

  it.each(shells)('leave the environment empty, by %s [R-WALL-5]', (shell) => {
    const source = 'console.log(JSON.stringify(process.env), process.argv.length)';
    expect(start(shell, 4_000_000, source)).toEqual({ stdout: '{} 1\n', isGood: true });
  });

  it('hold what a process may take [only linux] [R-WALL-6]', (context) => {
    if (!onLinux) context.skip('other systems count data differently');
    const source = 'Buffer.alloc(2 ** 31, 1); console.log("had it")';
    expect(start('/bin/sh', 4_000_000, source)).toEqual({ stdout: 'had it\n', isGood: true });
    expect(start('/bin/sh', 1_500_000, source)).toEqual({ stdout: '', isGood: false });
  });

  it('are left out where there is no shell [R-WALL-6]', () => {
    const program = { file: 'node', args: ['a'], cwd: '/' };
    expect(withOsLimits(program, 1, '/nowhere/sh')).toEqual(program);
  });
});
