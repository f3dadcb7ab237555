import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { manifest, scratch, write } from '../runtime/folders.ts';
import { findBubblewrap } from '../../host/command/bubblewrap.ts';
import { PATH } from '../executor/bench.ts';
import { type Ended, skill } from './support.ts';

// Under Landlock no such socket is reached at all.
const SEES_SOCKETS = findBubblewrap(PATH) !== undefined;

const tool = (rest = ''): string => `[capabilities]
terminal_exec = { allowed = true, commands = ["bash"] }
env_read = ["TONE"]
[[tools]]
name = "shell"
description = "Runs shell code in a session"
type = "code_session"
command = "bash"
${rest}`;

interface Listed {
  readonly id: string;
  readonly name: string;
  readonly skill: string;
  readonly requests: number;
  readonly open: boolean;
  readonly memoryBytes: number;
}

/** A folder with the skill `./calc`, a home, and a folder for sockets, which are all gone after the tests. */
function place(rest = ''): {
  root: string;
  home: string;
  run: (...words: string[]) => Promise<Ended>;
  send: (code: string, ...words: string[]) => Promise<Ended>;
  list: () => Promise<readonly Listed[]>;
  sockets: () => readonly string[];
  keepers: () => Promise<readonly number[]>;
  inFolder: (folder: string) => (code: string) => Promise<Ended>;
} {
  const root = scratch();
  const sockets = join(root, 'run');
  mkdirSync(sockets);
  chmodSync(sockets, 0o700);
  write(root, { 'calc/skill.toml': manifest('custom.calc', tool(rest)), 'calc/LICENSE': 'MIT\n' });
  const home = join(root, 'home');
  const env = { XDG_RUNTIME_DIR: sockets, TONE: 'low', PATH };
  const run = (...words: string[]): Promise<Ended> => skill(words, { cwd: root, home, env });
  const grants = ['--grant', 'terminal_exec=bash', '--grant', 'env_read=TONE'];
  const names = (): readonly string[] => {
    try {
      return readdirSync(join(sockets, 'skillhost')).filter((name) => name.endsWith('.sock'));
    } catch {
      return [];
    }
  };
  return {
    root,
    home,
    run,
    send: (code, ...words) => run('session', 'send', './calc', code, ...grants, ...words),
    list: async () => JSON.parse((await run('session', 'list', '--format', 'json')).stdout) as readonly Listed[],
    sockets: names,
    keepers: () => Promise.resolve(processesOf(home)),
    inFolder: (folder) => (code) =>
      skill(['session', 'send', join(root, 'calc'), code, ...grants], { cwd: folder, home, env }),
  };
}

/** The processes that keep sessions of a home. */
function processesOf(home: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
        return words.includes('keep') && environment.includes(`SKILLHOST_HOME=${home}\0`) ? [Number(pid)] : [];
      } catch {
        return [];
      }
    });
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await setTimeout(50);
}

const linux = process.platform === 'linux';

const wrong = place();

describe.skipIf(!linux)('a session on the command line [only on Linux] [R-SESSION-7]', () => {
  it('goes on when its command has ended, is seen, and is gone when it is closed', async () => {
    const { send, list, run, sockets, keepers } = place();
    expect(await send('total=41; echo begun')).toMatchObject({ code: 0, stdout: 'begun\n', stderr: '' });
    expect(await send('echo $((total + 1)) $TONE')).toMatchObject({ code: 0, stdout: '42 low\n' });
    expect(await send('echo "${total:-none}"', '--session', 'other')).toMatchObject({ stdout: 'none\n' });
    const listed = await list();
    expect(
      listed
        .map(({ name, requests, open }) => ({ name, requests, open }))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    ).toEqual([
      { name: 'default', requests: 2, open: true },
      { name: 'other', requests: 1, open: true },
    ]);
    expect((await run('session', 'list')).stdout).toMatch(
      / custom\.calc +shell +default +bash +2 .* open, \d+ MiB, \d/,
    );
    expect([sockets().length, (await keepers()).length]).toEqual([1, 1]);

    expect(await run('session', 'close', 'default')).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^closed default \(/),
    });
    expect((await list()).map(({ name }) => name)).toEqual(['other']);
    expect(await send('echo "${total:-none}"')).toMatchObject({ stdout: 'none\n' });
    for (const name of ['default', 'other']) await run('session', 'close', name);
    await until(async () => (await keepers()).length === 0);
    expect(sockets()).toEqual([]);
    expect((await run('audit', 'verify')).code).toBe(0);
  });

  it('is that of its place and its policy: elsewhere, and after a change, another one is begun', async () => {
    const { root, home, send, inFolder } = place();
    await send('total=1');
    expect(await inFolder(home)('echo "${total:-none}"')).toMatchObject({ stdout: 'none\n' });
    expect(await inFolder(root)('echo "${total:-none}"')).toMatchObject({ stdout: '1\n' });
    writeFileSync(join(home, 'config.toml'), '[native]\nallow_unsandboxed = true\n');
    const changed = await send('echo "${total:-none}"');
    expect(changed.stdout).not.toBe('1\n');
  });

  it('does nothing for a command that may not what it asks, whatever others were granted', async () => {
    const { send, run } = place();
    await send('total=1');
    const refused = await run('session', 'send', './calc', 'echo $total');
    expect(refused).toMatchObject({ code: 3, stdout: '' });
    expect(refused.stderr).toMatch(/denied by grant: terminal_exec[^]*why: layer grant[^]*fix: .*--grant/);
    expect(await send('echo "${total:-none}"', '--limit', 'memory_mb=100')).toMatchObject({ stdout: 'none\n' });
    expect(await send('echo $total')).toMatchObject({ code: 0, stdout: '1\n' });
  });

  it('is the same whatever a request may take, and is ended by one that takes more', async () => {
    const { send, keepers } = place();
    await send('total=1');
    expect(await send('echo $total', '--limit', 'timeout_ms=9000')).toMatchObject({ stdout: '1\n' });
    expect(await send('sleep 60', '--limit', 'timeout_ms=300')).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('timeout_ms = 300'),
    });
    expect(await send('echo "${total:-none}"')).toMatchObject({ stdout: 'none\n' });
    expect((await keepers()).length).toBe(1);
  });

  it.skipIf(!SEES_SOCKETS)(
    'answers no program that is closed in, though it sees the socket [only with bubblewrap]',
    async () => {
      const { root, home, run, sockets } = place();
      write(root, {
        'spy/skill.toml': manifest(
          'custom.spy',
          `[capabilities]
terminal_exec = { allowed = true, commands = ["python3"] }
filesystem_read = ["./"]
[[tools]]
name = "py"
description = "Runs Python"
type = "code_session"
command = "python3"
`,
        ),
      });
      const send = (code: string): Promise<Ended> =>
        run('session', 'send', './spy', code, '--grant', 'terminal_exec=python3', '--grant', 'filesystem_read=./');
      expect(await send('print(1)')).toMatchObject({ stdout: '1\n' });
      const request = {
        op: 'send',
        skill: './calc',
        tool: null,
        session: 'x',
        code: 'id',
        grant: ['terminal_exec=bash'],
        limit: [],
      };
      const said = await send(`
import json, socket
one = socket.socket(socket.AF_UNIX)
one.connect(${JSON.stringify(join(root, 'run/skillhost', sockets()[0] ?? ''))})
name = json.loads(one.makefile().readline())["prove"]
try:
    open(${JSON.stringify(join(home, 'sessions'))} + "/" + name, "w")
except OSError:
    print("no file")
one.sendall(${JSON.stringify(`${JSON.stringify(request)}\n`)}.encode())
print(one.recv(100))
`);
      expect(said).toMatchObject({ code: 0, stdout: "no file\nb''\n" });
    },
  );

  it('is begun anew when what kept it was killed, and made again where it is kept on disk', async () => {
    const { send, keepers } = place('[tools.session_config]\nstate_persistence = true\ncleanup_on_exit = false\n');
    await send('total=41');
    for (const pid of await keepers()) process.kill(pid, 'SIGKILL');
    expect(await send('echo $((total + 1))')).toMatchObject({ code: 0, stdout: '42\n' });
  });

  it('ends with a signal to what keeps it, and takes its name along', async () => {
    const { send, keepers, sockets, list } = place();
    await send('total=41');
    const [keeper = 0] = await keepers();
    process.kill(keeper, 'SIGTERM');
    await until(async () => (await keepers()).length === 0);
    expect([sockets(), await list()]).toEqual([[], []]);
  });

  it('ends when nobody uses it for as long as its tool says', async () => {
    const { send, keepers, list } = place('[tools.session_config]\nsession_timeout = 1\n');
    await send('total=41');
    await until(async () => (await keepers()).length === 0);
    expect(await list()).toEqual([]);
  });

  it('ends when its skill loses a grant, is disabled, or is removed', async () => {
    const { run, list } = place();
    await run('add', './calc', '--yes');
    for (const words of [
      ['capabilities', 'custom.calc', 'revoke', 'env_read'],
      ['disable', 'custom.calc'],
      ['remove', 'custom.calc'],
    ]) {
      await run('enable', 'custom.calc');
      expect(await run('session', 'send', 'custom.calc', 'echo on')).toMatchObject({ code: 0, stdout: 'on\n' });
      expect((await run(...words)).code).toBe(0);
      expect(await list()).toEqual([]);
    }
  });

  it('is not begun past max_sessions of its tool', async () => {
    const { send } = place('[tools.session_config]\nmax_sessions = 1\n');
    await send('echo one', '--session', 'one');
    expect(await send('echo two', '--session', 'two')).toMatchObject({
      code: expect.not.stringMatching(/^0$/),
      stdout: '',
      stderr: expect.stringContaining('max_sessions = 1'),
    });
  });

  it('logs to a file, for standard error ends with the command', async () => {
    const { root, send } = place();
    expect(await send('echo on', '--log', '-')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--log FILE'),
    });
    expect(await send('echo on', '--log', 'log.jsonl')).toMatchObject({ code: 0, stdout: 'on\n' });
    expect(readFileSync(join(root, 'log.jsonl'), 'utf8')).toContain('custom.calc');
  });

  it.each([
    [['session', 'send', './nowhere', 'x'], 'E_NOT_FOUND'],
    [['session', 'send', './calc', 'x', '--tool', 'none'], 'E_NOT_FOUND'],
    [['session', 'send', 'core.git', 'x'], 'E_NOT_FOUND'],
    [['session', 'send', './calc', 'x', '--grant', 'network'], 'E_USAGE'],
    [['session', 'send', './calc', 'x', '--limit', 'speed=1'], 'E_USAGE'],
    [['session', 'close', 'nobody'], 'E_NOT_FOUND'],
  ])('%j is told what is wrong', async (words, code) => {
    expect((await wrong.run(...words)).stderr).toMatch(new RegExp(`fix: [^]*code: ${code}`));
  });

  it('is left alone by skill run, which begins its own and ends it', async () => {
    const { send, run, list } = place();
    await send('total=1');
    const ran = await run(
      'run',
      './calc',
      'shell',
      '--code',
      'echo "${total:-none}"',
      '--grant',
      'terminal_exec=bash',
      '--grant',
      'env_read=TONE',
    );
    expect(JSON.parse(ran.stdout)).toMatchObject({ stdout: 'none\n' });
    expect((await list()).map(({ requests }) => requests)).toEqual([1]);
  });
});
