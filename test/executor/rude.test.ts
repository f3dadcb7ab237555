import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { findBubblewrap } from '../../host/command/bubblewrap.ts';
import { findLandlock } from '../../host/command/landlock/find-landlock.ts';
import type { ErrorCode } from '../../host/errors.ts';
import type { Limits } from '../../host/limits.ts';
import { breakBubblewrap, breakSandboxes } from '../host/function/program-fixture.ts';
import { temporaryFolder } from '../host/function/scope-fixture.ts';
import { write } from '../runtime/folders.ts';
import { PATH, processesWith, type Workbench, workbench } from './bench.ts';

// Programs that would stay, grow, or take others with them. Each says a number in its command line, by which it is found.

const REST = `[capabilities]
terminal_exec = { allowed = true, commands = ["bash", "perl", "python3"] }
filesystem_read = ["./"]
filesystem_write = ["./"]
[[tools]]
name = "sh"
description = "Runs"
type = "code_inline"
command = "bash"
args = ["-c", "{{code}}"]
parameters = { code = { type = "string", required = true } }
`;
const GRANT = { terminal_exec: ['bash', 'perl', 'python3'], filesystem_read: ['./'], filesystem_write: ['./'] };

interface Rude {
  readonly name: string;
  readonly code: (mark: string) => string;
  readonly limits?: Partial<Limits>;
  /** Undefined: it ends by itself, and well. */
  readonly ends: ErrorCode | undefined;
  /** Tried only where a sandbox holds it. */
  readonly isHeld?: true;
  /** Which limit says so. */
  readonly limit?: string;
}

const RUDE: readonly Rude[] = [
  {
    name: 'a fork bomb',
    code: (mark) => `bomb() { bomb ${mark} | bomb ${mark} & }; bomb; sleep ${mark}`,
    limits: { timeout_ms: 5_000, processes: 40 },
    ends: 'E_RESOURCE',
    limit: 'processes',
    // In the open nothing holds its processes together; they are found and ended, but not in time.
    isHeld: true,
  },
  {
    name: 'one that starts too many',
    code: (mark) => `for i in $(seq 60); do sleep ${mark} & done; wait`,
    limits: { processes: 40 },
    ends: 'E_RESOURCE',
    limit: 'processes',
  },
  {
    name: 'one that starts too many threads',
    code: (mark) =>
      `python3 -c 'import threading, time; threading.stack_size(65536); [threading.Thread(target=time.sleep, args=(${mark},)).start() for _ in range(600)]'`,
    limits: { processes: 8, timeout_ms: 5_000 },
    ends: 'E_RESOURCE',
    limit: 'processes',
  },
  {
    name: 'one that goes on in threads when its first one is gone',
    code: (mark) =>
      `python3 -c 'import ctypes, threading, time; threading.stack_size(65536); [threading.Thread(target=time.sleep, args=(${mark},)).start() for _ in range(600)]; ctypes.CDLL(None).pthread_exit(None)'`,
    limits: { processes: 8, timeout_ms: 5_000 },
    ends: 'E_RESOURCE',
    limit: 'processes',
  },
  {
    name: 'one that leaves its group, and forks twice',
    code: (mark) => `setsid bash -c "sleep ${mark} & disown; sleep ${mark}" & sleep 0.3`,
    ends: undefined,
  },
  {
    name: 'one that leaves its group, and waits',
    code: (mark) => `setsid --fork bash -c "sleep ${mark}" & sleep ${mark}`,
    limits: { timeout_ms: 500 },
    ends: 'E_TIMEOUT',
    limit: 'timeout_ms',
  },
  {
    name: 'one that floods its output',
    code: (mark) => `: ${mark}; exec yes ${mark}`,
    ends: 'E_OUTPUT_LIMIT',
    limit: 'output_kb',
  },
  {
    name: 'one that writes a gigabyte to standard error',
    code: (mark) => `: ${mark}; exec head -c 1000000000 /dev/zero >&2`,
    ends: 'E_OUTPUT_LIMIT',
    limit: 'output_kb',
  },
  {
    name: 'one that ignores every signal it can',
    code: (mark) => `trap '' TERM INT HUP QUIT TSTP; while :; do sleep ${mark}; done`,
    limits: { timeout_ms: 500 },
    ends: 'E_TIMEOUT',
    limit: 'timeout_ms',
  },
  {
    name: 'one that leaves a zombie',
    code: (mark) => `perl -e 'if (fork) { sleep ${mark} } else { exit }'`,
    limits: { timeout_ms: 500 },
    ends: 'E_TIMEOUT',
    limit: 'timeout_ms',
  },
  {
    name: 'one that closes its standard input and output',
    code: (mark) => `exec <&- >&- 2>&-; sleep ${mark}`,
    limits: { timeout_ms: 500 },
    ends: 'E_TIMEOUT',
    limit: 'timeout_ms',
  },
  {
    name: 'one that removes the folder it is in',
    code: () => 'rm -rf "$PWD/gone"; mkdir gone; cd gone; rmdir "$PWD"; pwd',
    ends: undefined,
  },
  {
    name: 'one that holds its output open in a child',
    code: (mark) => `sleep ${mark} & echo done`,
    ends: undefined,
  },
  {
    name: 'one that fills its memory',
    code: (mark) => `perl -e 'my $all = "x" x 400000000; sleep ${mark}'`,
    limits: { memory_mb: 100 },
    ends: 'E_MEMORY',
    limit: 'memory_mb',
  },
  {
    name: 'several that fill it together',
    code: (mark) => `for i in 1 2 3 4; do perl -e 'my $all = "x" x 30000000; sleep ${mark}' & done; wait`,
    limits: { memory_mb: 100 },
    ends: 'E_MEMORY',
    limit: 'memory_mb',
  },
  {
    name: 'one that fills files that are memory, and maps none',
    code: (mark) =>
      `python3 -c 'import os, time; [[os.write(fd, bytes(1 << 20)) for _ in range(20)] for fd in [os.memfd_create("x") for _ in range(10)]]; time.sleep(${mark})'`,
    limits: { memory_mb: 100, timeout_ms: 5_000 },
    ends: 'E_MEMORY',
    limit: 'memory_mb',
  },
  {
    name: 'one that fills the disk',
    code: () => 'head -c 3000000 /dev/zero > big; exit $?',
    limits: { file_size_mb: 1 },
    ends: 'E_RESOURCE',
    limit: 'file_size_mb',
  },
];

let marks = 600;

describe.each([
  { isolation: 'bubblewrap', isThere: findBubblewrap(PATH) !== undefined, prepare: () => undefined },
  { isolation: 'landlock', isThere: findLandlock(PATH) !== undefined, prepare: breakBubblewrap },
  { isolation: 'none', isThere: true, prepare: breakSandboxes },
])('a program in isolation $isolation [only where it is] [R-OS-1]', ({ isolation, isThere, prepare }) => {
  const isOpen = isolation === 'none';
  afterEach(() => vi.unstubAllEnvs());

  function bench(): Workbench {
    // What there is, is asked of the path of this process.
    vi.stubEnv('PATH', PATH);
    prepare();
    vi.stubEnv('TMPDIR', temporaryFolder());
    const made = workbench({}, { rest: REST, grant: GRANT });
    mkdirSync(join(made.root, 'work'), { recursive: true });
    return made;
  }

  const tried = RUDE.filter(({ isHeld }) => isHeld !== true || !isOpen);
  it.skipIf(!isThere).each(tried)('$name is ended, and leaves nothing', async ({ code, limits, ends, limit }) => {
    const { runtime, records } = bench();
    const mark = `${++marks}.${process.pid}`;
    const result = await runtime.run('custom.sample', 'sh', { input: { code: code(mark) }, limits: limits ?? {} });
    if (ends === undefined) expect(result).toMatchObject({ ok: true });
    else expect(result).toMatchObject({ ok: false, error: { code: ends, details: { limit, killedBy: limit } } });
    // Thousands of processes take a while to be gone.
    await vi.waitFor(() => expect(processesWith(mark)).toEqual([]), 20_000);
    expect(readdirSync(tmpdir()).filter((name) => !name.startsWith('skillhost-gate-'))).toEqual([]);
    expect(records.at(-1)?.event).toMatch(/^(?:finished|failed|killed)$/);
    expect(records.find(({ capability }) => capability === 'terminal_exec')?.isolation).toBe(isolation);
  });

  it.skipIf(!isThere)('gets the share of a processor that it may have, with all it starts', async () => {
    const { runtime } = bench();
    const busy = "for i in 1 2; do perl -e '1 while (times)[0] + (times)[1] < 0.25' & done; wait; times | tail -1";
    const started = performance.now();
    const result = await runtime.run('custom.sample', 'sh', { input: { code: busy }, limits: { cpu_percent: 25 } });
    expect(result).toMatchObject({ ok: true });
    // Half a second of a processor at a quarter of one.
    expect(performance.now() - started).toBeGreaterThan(1_400);
  });

  it.skipIf(!isThere)('gets no more by way of short children that nobody waits for', async () => {
    const { runtime } = bench();
    // In two seconds, how many children burned four milliseconds each.
    const busy = `import os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
until, count = time.monotonic() + 2, 0
while time.monotonic() < until:
    reader, writer = os.pipe()
    if os.fork() == 0:
        while time.process_time() < 0.004: pass
        os.write(writer, b"x")
        os._exit(0)
    os.close(writer)
    count += len(os.read(reader, 1))
    os.close(reader)
print(count)`;
    const limits = { cpu_percent: 10, timeout_ms: 10_000 };
    const result = await runtime.run('custom.sample', 'sh', { input: { code: `python3 -c '${busy}'` }, limits });
    expect(result).toMatchObject({ ok: true });
    const { stdout } = (result.ok ? result.result : {}) as { readonly stdout?: string };
    expect(Number(stdout ?? Number.NaN) * 4).toBeLessThan(700);
  });

  it.skipIf(!isThere)('is started, or not, as the operator demands [R-OS-2]', async () => {
    const { runtime, root, records } = bench();
    write(join(root, 'home'), { 'config.toml': '[programs]\nrequire_sandbox = true\n' });
    const result = await runtime.run('custom.sample', 'sh', { input: { code: 'echo ran' } });
    if (!isOpen) return expect(result).toMatchObject({ ok: true });
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'E_DENIED', message: expect.stringContaining('require_sandbox') },
    });
    expect(records.map(({ event }) => event)).toEqual(['started', 'denied', 'failed']);
  });

  it.skipIf(!isThere)('finds the files of its skill, and cannot change them', async () => {
    const { runtime, root } = bench();
    const own = join(root, 'skills', 'sample');
    const code = `head -1 ${own}/skill.toml; echo x > ${own}/new`;
    const result = await runtime.run('custom.sample', 'sh', { input: { code } });
    expect(result.ok).toBe(isOpen);
    expect(JSON.stringify(result.ok ? result.result : result.error.details)).toContain('[skill]');
    expect(existsSync(join(own, 'new'))).toBe(isOpen);
  });
});
