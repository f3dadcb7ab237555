import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { HAS_BUBBLEWRAP, isRunning } from '../function/program-fixture.ts';
import { plant, type Rules } from '../function/scope-fixture.ts';
import { type Door, door, textOf } from './command-fixture.ts';

const SYSTEM = '/usr/local/bin:/usr/bin:/bin';

/** Files inside and outside of what is granted: `in` to read, `out` to write, `hidden` for nobody. */
function world(voices: readonly Rules[] = [{ read: ['./in'], write: ['./out'] }]): Door {
  return door({
    voices: voices.map((rules) => ({ commands: ['*'], ...rules })),
    path: SYSTEM,
    prepare: ({ root }) => {
      plant(root, {
        'in/a.txt': 'inside',
        'in/deep/b.txt': 'deeper',
        'out/a.txt': 'old',
        'out/deep/b.txt': 'old',
        'hidden/key': 'secret',
        'alone.txt': 'alone',
      });
      symlinkSync('../hidden', join(root, 'in/escape'));
      symlinkSync(join(root, 'hidden/key'), join(root, 'in/key'));
      symlinkSync('deep', join(root, 'in/within'));
      symlinkSync('in', join(root, 'link'));
    },
  });
}

/** What a script prints; the shell is granted for what it can try, and closed in as any program is. */
async function script(here: Door, text: string, cwd?: string): Promise<string> {
  const request = { program: 'sh', args: ['-c', text], ...(cwd !== undefined && { cwd }) };
  const result = await here.commands.run(request);
  expect(result.isolation).toBe('bubblewrap');
  return `${Buffer.from(result.stdout).toString()}${Buffer.from(result.stderr).toString()}`.trim();
}

const quoted = (here: Door, name: string): string => `'${join(here.root, name)}'`;

describe.skipIf(!HAS_BUBBLEWRAP)('a program in bubblewrap', () => {
  it('says so in its record [R-COMMAND-3]', async () => {
    const here = world();
    await script(here, 'true');
    expect(here.records).toMatchObject([{ event: 'used', isolation: 'bubblewrap' }]);
    expect(here.commands.isolation).toBe('bubblewrap');
  });

  it.each([
    ['in/a.txt', 'inside'],
    ['in/deep/b.txt', 'deeper'],
    ['in/within/b.txt', 'deeper'],
    ['out/a.txt', 'old'],
  ])('reads %s, which is granted [R-COMMAND-3]', async (name, content) => {
    const here = world();
    expect(await script(here, `cat ${quoted(here, name)}`)).toBe(content);
  });

  it.each(['hidden/key', 'alone.txt', 'in/escape/key', 'in/key', 'bin/tell', '.'])(
    'does not see %s, which is not [R-COMMAND-3]',
    async (name) => {
      const here = world();
      expect(existsSync(join(here.root, name))).toBe(true);
      const said = await script(here, `cat ${quoted(here, name)} || ls ${quoted(here, name)}`);
      expect(said).toMatch(name === '.' ? /^cat: .*Is a directory\nin\nlink\nout$|in\nout/s : /No such file/);
      expect(said).not.toContain('secret');
    },
  );

  it.each([
    '/etc/shadow',
    '/etc/sudoers',
    '/etc/ssl/private',
    '/etc/ssh',
    '/root',
    '/home',
    '/var',
    '/run',
    '/opt',
    '/boot',
    '/sys/kernel',
    '/dev/sda',
    '/dev/vda',
    '/dev/mem',
    '/dev/kmsg',
  ])('does not see %s [R-COMMAND-3]', async (path) => {
    expect(await script(world(), `ls -d ${path}`)).toMatch(/No such file/);
  });

  it.each(['in/a.txt', 'in/new', 'in/deep/b.txt', 'in/within/b.txt'])(
    'does not write %s, which may be read [R-COMMAND-3]',
    async (name) => {
      const here = world();
      expect(await script(here, `echo x > ${quoted(here, name)}`)).toMatch(/Read-only file system/);
      expect(existsSync(join(here.root, 'in/new'))).toBe(false);
      expect(readFileSync(join(here.root, 'in/a.txt'), 'utf8')).toBe('inside');
    },
  );

  it.each(['/x', '/usr/x', '/bin/x', '/etc/x', '/etc/passwd', '/dev/x'])(
    'does not write %s [R-COMMAND-3]',
    async (path) => {
      expect(await script(world(), `echo x >> ${path}`)).toMatch(/Read-only file system|Permission denied/);
      expect(existsSync(path) && path.endsWith('/x')).toBe(false);
    },
  );

  it('writes what may be written, and that stays [R-COMMAND-3]', async () => {
    const here = world();
    const [old, deep, made] = ['out/a.txt', 'out/deep/b.txt', 'out/new/c.txt'].map((name) => quoted(here, name));
    await script(here, `echo 1 > ${old}; echo 2 > ${deep}; mkdir ${quoted(here, 'out/new')}; echo 3 > ${made}`);
    expect(
      ['out/a.txt', 'out/deep/b.txt', 'out/new/c.txt'].map((name) => readFileSync(join(here.root, name), 'utf8')),
    ).toEqual(['1\n', '2\n', '3\n']);
  });

  it('sees only what every layer grants; the narrower rule counts [R-COMMAND-3]', async () => {
    const here = world([
      { read: ['./'], write: ['./out', './in'] },
      { read: ['./in/deep', './alone.txt', './hidden'], write: ['./'] },
      { read: ['./in', './alone.txt'], write: ['./out/deep'] },
    ]);
    const read = (name: string): Promise<string> => script(here, `cat ${quoted(here, name)}`);
    expect(await read('in/deep/b.txt')).toBe('deeper');
    expect(await read('alone.txt')).toBe('alone');
    for (const name of ['in/a.txt', 'hidden/key', 'out/a.txt']) expect(await read(name)).toMatch(/No such file/);
    expect(await script(here, `echo x > ${quoted(here, 'out/deep/b.txt')}`)).toBe('');
    expect(await script(here, `echo x > ${quoted(here, 'in/deep/b.txt')}`)).toMatch(/Read-only/);
    // Folders on the way to what is granted are made in a private place.
    await script(here, `echo x > ${quoted(here, 'out/a.txt')}`);
    expect(readFileSync(join(here.root, 'out/a.txt'), 'utf8')).toBe('old');
  });

  it('finds what was granted by a link at both of its names, until the link leads elsewhere [R-COMMAND-3]', async () => {
    const here = world([{ read: ['./link'] }]);
    expect(await script(here, `cat ${quoted(here, 'link/a.txt')} ${quoted(here, 'in/a.txt')}`)).toBe('insideinside');
    execFileSync('ln', ['-sfn', 'hidden', join(here.root, 'link')]);
    const said = await script(here, `cat ${quoted(here, 'link/key')}; cat ${quoted(here, 'in/a.txt')}`);
    expect(said).toMatch(/No such file/);
    expect(said).toContain('inside');
  });

  it('sees the whole machine but the kernel where that is granted [R-COMMAND-3]', async () => {
    const here = world([{ read: ['/'], write: ['./out'] }]);
    expect(await script(here, `cat ${quoted(here, 'hidden/key')}; echo x > ${quoted(here, 'out/a.txt')}`)).toBe(
      'secret',
    );
    expect(readFileSync(join(here.root, 'out/a.txt'), 'utf8')).toBe('x\n');
    expect(await script(here, `echo x > ${quoted(here, 'in/a.txt')}`)).toMatch(/Read-only/);
    expect(await script(here, 'ls /sys; ls /proc | grep -c "^[0-9]"; ls -d /dev/mem')).toMatch(/^[1-5]\nls: .*No such/);
  });

  it('sees no other process, and cannot end one [R-COMMAND-3]', async () => {
    const pids = (await script(world(), 'ls /proc | grep "^[0-9]"')).split('\n');
    expect(pids.length).toBeLessThan(6);
    expect(await script(world(), `kill -0 ${process.pid} || echo none`)).toMatch(/^none/);
    expect(await script(world(), 'cat /proc/1/cmdline | tr "\\0" " "; tr "\\0" "\\n" < /proc/1/environ')).toMatch(
      /^\S*bwrap --args 3 -- /,
    );
  });

  it('has no capability, no further namespace and no new privileges [R-COMMAND-3]', async () => {
    const status = await script(world(), 'grep -E "^(Cap|NoNewPrivs)" /proc/self/status');
    expect(status.split('\n').map((line) => line.replaceAll(/\s+/g, ' '))).toEqual([
      ...['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'].map((name) => `${name}: 0000000000000000`),
      'NoNewPrivs: 1',
    ]);
    expect(await script(world(), 'unshare --user true 2>&1 || echo refused')).toMatch(/refused$/);
    expect(await script(world(), 'mount -o remount,rw /usr 2>&1 || echo refused')).toMatch(/refused$/);
  });

  it('reads the variables, the arguments and the input that are its own [R-COMMAND-3]', async () => {
    const here = door({
      rules: { commands: ['tell'], read: ['./'], env: ['APP'] },
      env: { APP: 'a=b\n c', LD_X: '1' },
    });
    const result = await here.commands.run({
      program: 'tell',
      args: ['--ro-bind', '/', '/', '--', ''],
      stdin: Buffer.from('in'),
      env: { EXTRA: '' },
    });
    const told = JSON.parse(textOf(result)) as Record<string, unknown>;
    expect(told).toMatchObject({ argv: ['--ro-bind', '/', '/', '--', ''], stdin: 'in', cwd: here.root });
    expect(told['env']).toEqual({
      APP: 'a=b\n c',
      EXTRA: '',
      PWD: here.root,
      TMPDIR: expect.stringMatching(/skillhost-/) as string,
    });
  });

  it('has private folders for temporary files, and no home [R-COMMAND-3]', async () => {
    const here = world();
    writeFileSync(join(here.root, '../skillhost-canary'), '');
    onTestFinished(() => rmSync(join(here.root, '../skillhost-canary')));
    const said = await script(here, 'echo x > /tmp/mine; echo y > "$TMPDIR/mine"; ls /tmp; echo "[$HOME]"; cat ~/mine');
    expect(said).not.toContain('canary');
    expect(said).toContain('mine');
    expect(said).toContain('[]');
    expect(existsSync('/tmp/mine')).toBe(false);
  });

  it('starts in a granted folder, by whatever name, and in its own otherwise [R-COMMAND-3]', async () => {
    const here = world([{ read: ['./in', './link'] }]);
    expect(await script(here, 'pwd -P; ls', 'link/deep')).toBe(`${join(here.root, 'in/deep')}\nb.txt`);
    expect(await script(here, 'test "$PWD" = "$TMPDIR" && test "$PWD" = "$(pwd -P)" && ls')).toBe('');
  });

  it('is found among programs of many names, with links of its own folder followed [R-COMMAND-3]', async () => {
    const here = world();
    const shell = execFileSync('readlink', ['-f', '/bin/sh']).toString().trim();
    symlinkSync(shell, join(here.bin, 'other-name'));
    here.layers = world([{ commands: ['other-name'] }]).layers;
    const told = await door({
      rules: { commands: ['other-name'] },
      prepare: ({ bin }) => symlinkSync(shell, join(bin, 'other-name')),
    }).commands.run({ program: 'other-name', args: ['-c', 'echo "$0"'] });
    expect(textOf(told)).toMatch(/\/other-name\n$/);
  });

  it('that was granted with a folder which is gone runs without it [R-COMMAND-3]', async () => {
    const here = world([{ read: ['./in', './missing', '/proc', '/dev'], write: ['./later/file'] }]);
    execFileSync('rm', ['-r', join(here.root, 'in')]);
    mkdirSync(join(here.root, 'later'));
    expect(await script(here, `ls ${quoted(here, 'in')}; echo x > ${quoted(here, 'later/file')}`)).toMatch(/No such/);
    expect(existsSync(join(here.root, 'later/file'))).toBe(false);
  });

  it('dies with all it started, whatever session that went to [R-COMMAND-3]', async () => {
    const word = `escaped-${process.pid}`;
    const here = world();
    here.add('child', 'setInterval(() => {}, 1000)');
    const asked = new AbortController();
    const escape = `setsid sh -c 'exec tail -f /dev/null --pid=1 ${word}' & setsid -f sleep 1000; echo up; sleep 1000`;
    const run = here.commands.run({
      program: 'sh',
      args: ['-c', escape, word],
      signal: asked.signal,
      onOutput: () => {
        expect(isRunning(word)).toBe(true);
        asked.abort();
      },
    });
    await expect(run).rejects.toMatchObject({ code: 'E_ABORTED' });
    for (let i = 0; i < 1_000 && isRunning(word); i++) await new Promise((done) => setTimeout(done, 10));
    expect(isRunning(word)).toBe(false);
  });
});

describe.skipIf(!HAS_BUBBLEWRAP)('the network of a program in bubblewrap', () => {
  const KNOCK = `
    const socket = require('node:net').connect(Number(process.argv[2]), '127.0.0.1');
    socket.on('connect', () => { console.log('in'); process.exit(); }).on('error', (e) => { console.log(e.code); process.exit(); });`;

  async function knock(voices: readonly Rules[]): Promise<{ readonly said: string; readonly connections: number }> {
    let connections = 0;
    const server = createServer((socket) => {
      connections++;
      socket.destroy();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    // Somebody is there.
    await new Promise((done) => connect(port, '127.0.0.1').on('close', done));
    const here = door({
      voices: voices.map((rules) => ({ commands: ['knock'], ...rules })),
      prepare: ({ add }) => void add('knock', KNOCK),
    });
    const result = await here.commands.run({ program: 'knock', args: [String(port)] });
    return { said: textOf(result).trim(), connections: connections - 1 };
  }

  it.each<[string, readonly Rules[]]>([
    ['nothing', [{}]],
    ['hosts', [{ network: ['http://127.0.0.1', '*.example.org', '127.0.0.1', '*', 'GET programs:*'] }]],
    ['one layer', [{ network: ['programs:*'] }, {}]],
    ['one layer, and hosts by the other', [{ network: ['http://127.0.0.1'] }, { network: ['programs:*'] }]],
  ])('is none when it is granted by %s [R-COMMAND-3]', async (_name, voices) => {
    expect(await knock(voices)).toEqual({ said: 'ECONNREFUSED', connections: 0 });
  });

  it('is that of the machine when every layer grants programs:* [R-COMMAND-3]', async () => {
    expect(await knock([{ network: ['api.example.org', 'programs:*'] }, { network: ['programs:*'] }])).toEqual({
      said: 'in',
      connections: 1,
    });
  });
});
