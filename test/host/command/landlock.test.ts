// cspell:ignore unshare
import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import {
  chmodSync,
  closeSync,
  existsSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { findLandlock } from '../../../host/command/landlock/find-landlock.ts';
import { breakBubblewrap, breakSandboxes, HAS_LANDLOCK, isRunning } from '../function/program-fixture.ts';
import { openDescriptors, plant, rejection, type Rules, temporaryFolder } from '../function/scope-fixture.ts';
import { type Door, door, telling, textOf } from './command-fixture.ts';

const SYSTEM = '/usr/local/bin:/usr/bin:/bin';
const HAS_PERL = existsSync('/usr/bin/perl');

/** Files inside and outside of what is granted: `in` to read, `out` to write, `hidden` for nobody. */
function world(voices: readonly Rules[] = [{ read: ['./in'], write: ['./out'] }]): Door {
  return door({
    voices: voices.map((rules) => ({ commands: ['*'], ...rules })),
    path: SYSTEM,
    prepare: ({ root }) => {
      plant(root, { 'in/a': 'inside', 'in/deep/b': 'deeper', 'out/a': 'old', 'hidden/key': 'secret', alone: 'alone' });
      symlinkSync('../hidden', join(root, 'in/escape'));
      symlinkSync(join(root, 'hidden/key'), join(root, 'in/key'));
      symlinkSync('deep', join(root, 'in/within'));
      symlinkSync('in', join(root, 'link'));
    },
  });
}

/** What a script prints, on both outputs. */
async function script(here: Door, text: string, cwd?: string): Promise<string> {
  const result = await here.commands.run({ program: 'sh', args: ['-c', text], ...(cwd !== undefined && { cwd }) });
  expect(result.isolation).toBe('landlock');
  return `${Buffer.from(result.stdout).toString()}${Buffer.from(result.stderr).toString()}`.trim();
}

const quoted = (here: Door, name: string): string => `'${join(here.root, name)}'`;

describe.skipIf(!HAS_LANDLOCK)('a program under Landlock [only where Landlock is]', () => {
  beforeEach(() => breakBubblewrap());

  it('says so in its record, and runs as the user it is [R-OS-10]', async () => {
    const here = world();
    expect(await script(here, 'id -u')).toBe(String(process.getuid?.()));
    expect(here.records).toMatchObject([{ event: 'used', isolation: 'landlock' }]);
    expect(here.commands.isolation).toBe('landlock');
  });

  it.each([
    ['in/a', 'inside'],
    ['in/deep/b', 'deeper'],
    ['in/within/b', 'deeper'],
    ['out/a', 'old'],
  ])('reads %s, which is granted [R-OS-10]', async (name, content) => {
    const here = world();
    expect(await script(here, `cat ${quoted(here, name)}`)).toBe(content);
  });

  it.each(['hidden/key', 'alone', 'in/escape/key', 'in/key', 'bin/tell', '.', 'hidden'])(
    'does not read %s, which is not [R-OS-10]',
    async (name) => {
      const here = world();
      const said = await script(here, `cat ${quoted(here, name)} || ls ${quoted(here, name)}/`);
      // On the way to what is granted there are folders, of which nothing else is shown.
      expect(said).toMatch(/Permission denied|No such file/);
      expect(said).not.toMatch(/secret|alone$|^in$/m);
    },
  );

  it.each(['/etc/shadow', '/etc/ssh', '/home', '/var', '/run', '/opt', '/sys', '/', '/tmp', '/dev/mem', '/dev/kmsg'])(
    'does not read %s [R-OS-10]',
    async (path) => {
      expect(await script(world(), `cat ${path}; ls ${path}/`)).toMatch(
        /(denied|No such file).*\n.*(denied|No such file|Not a dir)/,
      );
    },
  );

  it.each(['in/a', 'in/new', 'in/deep/b', 'hidden/key', 'hidden/new', 'in/key'])(
    'does not write %s, nor changes its mode and times [R-OS-10]',
    async (name) => {
      const here = world();
      const before = ['in', 'in/a', 'hidden/key'].map((path) => statSync(join(here.root, path)));
      const file = quoted(here, name);
      const tries = [
        'echo x >',
        'rm -f',
        'mkdir',
        'touch',
        'chmod 777',
        'mv -T /dev/null',
        'ln -s /x',
        'truncate -s 0',
      ];
      const said = await script(here, tries.map((tried) => `${tried} ${file} || echo refused`).join('\n'));
      expect(said.match(/^refused$/gm)?.length).toBeGreaterThanOrEqual(name.endsWith('new') ? tries.length - 1 : 7);
      expect(existsSync(join(here.root, name))).toBe(!name.endsWith('new'));
      expect(['in', 'in/a', 'hidden/key'].map((path) => statSync(join(here.root, path)))).toEqual(before);
    },
  );

  it('writes what may be written, and that stays [R-OS-10]', async () => {
    const here = world([{ read: ['./in', './out'], write: ['./out'] }]);
    const [old, made, moved] = ['out/a', 'out/new/c', 'out/new/a'].map((name) => quoted(here, name));
    expect(
      await script(
        here,
        `echo 1 > ${old}; mkdir ${quoted(here, 'out/new')}; echo 3 > ${made}; mv ${old} ${moved}; chmod 600 ${made}`,
      ),
    ).toBe('');
    expect(['out/new/a', 'out/new/c'].map((name) => readFileSync(join(here.root, name), 'utf8'))).toEqual([
      '1\n',
      '3\n',
    ]);
    expect(await script(here, 'echo x > f; cat f', 'out')).toBe('x');
    expect(readFileSync(join(here.root, 'out/f'), 'utf8')).toBe('x\n');
  });

  it('reads and writes what every layer grants; the narrower rule counts [R-OS-10]', async () => {
    const here = world([
      { read: ['./'], write: ['./out', './in'] },
      { read: ['./in/deep', './alone'], write: ['./out'] },
    ]);
    expect(await script(here, `cat ${quoted(here, 'in/deep/b')} ${quoted(here, 'alone')}`)).toBe('deeperalone');
    expect(await script(here, `cat ${quoted(here, 'in/a')}`)).toMatch(/No such file/);
    expect(await script(here, `echo x > ${quoted(here, 'in/deep/b')}`)).toMatch(/Read-only|denied/);
    expect(await script(here, `echo x > ${quoted(here, 'out/a')}`)).toBe('');
  });

  it('sees the whole machine but its kernel, disks and processes where that is granted [R-OS-10]', async () => {
    const here = world([{ read: ['/'], write: ['./out'] }]);
    expect(await script(here, `cat ${quoted(here, 'hidden/key')}; echo x > ${quoted(here, 'out/a')}`)).toBe('secret');
    expect(await script(here, `echo x > ${quoted(here, 'in/a')}`)).toMatch(/Read-only|denied/);
    expect(await script(here, 'ls /sys; ls /proc | grep -c "^[0-9]"; ls -d /dev/mem /dev/vda /dev/sda')).toMatch(
      /^[1-6]\n(ls: .*No such file.*\n?){3}$/,
    );
    const whole = world([{ read: ['/'], write: ['/'] }]);
    await script(whole, `echo all > ${quoted(whole, 'hidden/key')}`);
    expect(readFileSync(join(whole.root, 'hidden/key'), 'utf8')).toBe('all\n');
  });

  it('finds what was granted by a link at both of its names [R-OS-10]', async () => {
    const here = world([{ read: ['./link'] }]);
    expect(await script(here, `cat ${quoted(here, 'link/a')} ${quoted(here, 'in/a')}`)).toBe('insideinside');
    expect(await script(here, `ls ${quoted(here, '.')}`)).toMatch(/denied/);
  });

  it('does without the configuration of a user and most of the machine, and complains of none [R-OS-10]', async () => {
    expect(await script(world(), 'ls -d /etc/shadow /etc/ssh /home /run/* 2>/dev/null')).toBe('/home');
    const bash = { program: 'bash', args: ['-c', 'cat <(echo by a pipe)'], env: {} };
    const { stdout, stderr } = await world().commands.run(bash);
    expect([Buffer.from(stdout).toString(), Buffer.from(stderr).toString()]).toEqual(['by a pipe\n', '']);
  });

  it('has devices, memory and a folder of its own, which goes [R-OS-10]', async () => {
    const said = await script(
      world(),
      'echo x > "$TMPDIR/f"; cat "$TMPDIR/f" /dev/null; head -qc 1 /dev/zero /dev/urandom | wc -c; echo y > /dev/shm/f; cat /dev/shm/f; echo z > /dev/null; echo "$TMPDIR"; echo in | cat /dev/stdin',
    );
    const [kept, random, memory, folder, input] = said.split('\n');
    expect([kept, random, memory, input]).toEqual(['x', '2', 'y', 'in']);
    expect(existsSync(folder as string)).toBe(false);
    expect(existsSync('/dev/shm/f')).toBe(false);
  });

  it('is not led by what takes the place of a granted folder [R-OS-10]', async () => {
    const here = world();
    const granted = here.commands.run({
      program: 'sh',
      args: ['-c', `cat ${quoted(here, 'in/key')} ${quoted(here, 'in/a')}`],
    });
    renameSync(join(here.root, 'in'), join(here.root, 'was'));
    symlinkSync('hidden', join(here.root, 'in'));
    const outcome = await granted.then(
      ({ stdout }) => Buffer.from(stdout).toString(),
      (error: unknown) => (error as { code: string }).code,
    );
    expect(['E_UNAVAILABLE', '']).toContain(outcome);
  });

  it('starts in the folder that was asked for, and in its own otherwise [R-OS-12]', async () => {
    const here = world([{ read: ['./in', './link'] }]);
    expect(await script(here, 'pwd -P; ls', 'link/deep')).toBe(`${join(here.root, 'in/deep')}\nb`);
    expect(await script(here, 'test "$PWD" = "$TMPDIR" && test "$PWD" = "$(pwd -P)" && ls')).toBe('');
  });

  it('gets its arguments, variables and input, and nothing else [R-OS-12]', async () => {
    const rules = { commands: ['*'], env: ['APP', 'LD_PRELOAD'] };
    const here = door({ rules, env: { APP: 'a=b\n c', LD_PRELOAD: '', LD_X: '1' }, path: SYSTEM });
    const args = ['', '--', 'a\nb', '"$(id)"', 'ä €', '-c', '\u{1f600}'];
    const told = await telling(here, { args, env: { EXTRA: '' }, stdin: Buffer.from('in') });
    expect(told).toMatchObject({ argv: args, stdin: 'in' });
    const { TMPDIR, ...env } = told.env;
    expect(env).toEqual({ APP: 'a=b\n c', LD_PRELOAD: '', EXTRA: '', PWD: TMPDIR });
    const { stdout } = await here.commands.run({ program: 'cat', args: ['/proc/self/cmdline', '/proc/self/environ'] });
    expect(Buffer.from(stdout).toString()).toMatch(
      /^cat\0\/proc\/self\/cmdline\0\/proc\/self\/environ\0APP=a=b\n c\0LD_PRELOAD=\0TMPDIR=[^\0]*\0PWD=[^\0]*\0$/,
    );
  });

  it('of several names is told which was meant [R-OS-12]', async () => {
    const shell = execFileSync('readlink', ['-f', '/bin/sh']).toString().trim();
    const here = door({ prepare: ({ bin }) => symlinkSync(shell, join(bin, 'other-name')) });
    const request = { program: 'other-name', args: ['-c', 'echo "$0"'] };
    expect(textOf(await here.commands.run(request))).toBe('other-name\n');
  });

  it('inherits no descriptor, and no signal that is ignored [R-OS-12]', async () => {
    const held = [1, 2, 3].map(() => openSync('/etc/passwd', 'r'));
    onTestFinished(() => held.forEach((fd) => closeSync(fd)));
    const before = openDescriptors();
    const here = world();
    const said = await script(here, 'exec ls -l /proc/self/fd');
    const links = [...said.matchAll(/ (\d+) -> (\S+)/g)].map(([, fd, to]) => `${fd} ${to?.replace(/\d+/g, 'N')}`);
    expect(links).toEqual(['0 socket:[N]', '1 socket:[N]', '2 socket:[N]', expect.stringMatching(/^3 \/proc\/N\/fd$/)]);
    expect(await script(here, 'grep -E "Sig(Ign|Blk)" /proc/self/status')).toMatch(/^SigBlk:\s+0+\nSigIgn:\s+0+$/);
    await vi.waitFor(() => expect(openDescriptors()).toBe(before));
  });

  it.each([
    ['exit 0', 0],
    ['exit 7', 7],
    ['kill -TERM $$', 143],
    ['kill -KILL $$', 137],
    ['kill -SEGV $$', 139],
  ])('that does %s ends with %i, and nothing is said for it [R-OS-12]', async (text, code) => {
    const { exitCode, stdout, stderr } = await world().commands.run({ program: 'sh', args: ['-c', text] });
    expect([exitCode, stdout.length, Buffer.from(stderr).toString()]).toEqual([code, 0, '']);
  });

  it.each<[string, string, Partial<Record<string, unknown>>]>([
    ['is gone when it is to start', '#!/bin/sh\nrm -f "$0"\n', { code: 'E_NOT_FOUND' }],
    ['names an interpreter that is not there', '#!/nowhere/at-all\n', { code: 'E_NOT_FOUND' }],
    ['is of no format that is known', 'no program\n', { code: 'E_UNAVAILABLE', details: { code: 'ENOEXEC' } }],
  ])('that %s is an error, as anywhere [R-OS-13]', async (name, text, error) => {
    const here = world();
    const file = join(here.bin, 'odd');
    writeFileSync(file, text);
    chmodSync(file, 0o755);
    const running = here.commands.run({ program: 'odd', args: [] });
    if (name.startsWith('is gone')) renameSync(file, `${file}-gone`);
    expect(await rejection(running)).toMatchObject(error);
  });

  it('has no capability, no further namespace and no new privileges [R-OS-14]', async () => {
    const here = world();
    const status = await script(here, 'grep -E "^(Cap|NoNewPrivs|Seccomp:)" /proc/self/status');
    expect(status.split('\n').map((line) => line.replaceAll(/\s+/g, ' '))).toEqual([
      ...['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'].map((name) => `${name}: 0000000000000000`),
      'NoNewPrivs: 1',
      'Seccomp: 2',
    ]);
    for (const tried of [
      'unshare --user true',
      'unshare --user --map-root-user --mount true',
      'mount -o remount,rw /',
      'umount /proc',
      'umount -l /dev',
      'nsenter --net --target 1 true',
    ])
      expect(await script(here, `${tried} 2>&1 || echo refused`)).toMatch(/refused$/);
  });

  it('sees no other process, and cannot end or look into one [R-OS-14]', async () => {
    const here = world();
    expect((await script(here, 'ls /proc | grep "^[0-9]"')).split('\n').length).toBeLessThan(6);
    expect(await script(here, `kill -0 ${process.pid} || echo none`)).toMatch(/^none/);
    const first = await script(here, 'kill -9 1; ls /proc/1/fd /proc/1/root/; cat /proc/1/environ; echo on');
    expect(first).toMatch(/on$|^on/m);
    expect(first.match(/denied|permitted/g)?.length).toBeGreaterThanOrEqual(3);
  });

  it('dies with all it started, whatever session that went to [R-OS-12]', async () => {
    const word = `left-${process.pid}`;
    const asked = new AbortController();
    const leave = `(setsid setsid sh -c 'exec tail -f /dev/null ${word}' &) ; setsid -f tail -f /dev/null ${word}; sleep 0.3; echo up; sleep 1000`;
    const run = world().commands.run({
      program: 'sh',
      args: ['-c', leave],
      signal: asked.signal,
      onOutput: () => {
        expect(isRunning(word)).toBe(true);
        asked.abort();
      },
    });
    await expect(run).rejects.toMatchObject({ code: 'E_ABORTED' });
    await vi.waitFor(() => expect(isRunning(word)).toBe(false), { timeout: 10_000 });
  });

  it('leaves nobody behind when it ends [R-OS-12]', async () => {
    const word = `behind-${process.pid}`;
    expect(await script(world(), `setsid -f tail -f /dev/null ${word} >/dev/null 2>&1; echo up`)).toBe('up');
    await vi.waitFor(() => expect(isRunning(word)).toBe(false), { timeout: 10_000 });
  });
});

describe.skipIf(!HAS_LANDLOCK)('the network of a program under Landlock [only where Landlock is]', () => {
  beforeEach(() => breakBubblewrap());

  const KNOCK = `
    const [kind, port, path] = process.argv.slice(2);
    const done = (said) => { console.log(said); process.exit(); };
    if (kind === 'udp') require('node:dgram').createSocket('udp4').send('knock', Number(port), '127.0.0.1', (e) => done(e ? e.code : 'sent'));
    else if (kind === 'listen') require('node:net').createServer().on('error', (e) => done(e.code)).listen(0, '127.0.0.1', () => done('in'));
    else require('node:net').connect(kind === 'tcp' ? { port: Number(port), host: '127.0.0.1' } : { path }).on('connect', () => done('in')).on('error', (e) => done(e.code));`;

  async function knock(
    kind: string,
    voices: readonly Rules[],
  ): Promise<{ readonly said: string; readonly heard: number }> {
    let heard = 0;
    const served = temporaryFolder();
    const servers = [createServer(), createServer()] as const;
    for (const server of servers) server.on('connection', (socket) => (heard++, socket.destroy()));
    await new Promise<void>((done) => servers[0].listen(0, '127.0.0.1', done));
    await new Promise<void>((done) => servers[1].listen(join(served, 'socket'), done));
    const udp = createSocket('udp4').on('message', () => heard++);
    const { port } = servers[0].address() as { port: number };
    await new Promise<void>((done) => udp.bind(port, '127.0.0.1', done));
    onTestFinished(() => [...servers, udp].forEach((server) => void server.close()));
    await new Promise((done) => connect(port, '127.0.0.1').on('close', done));
    const here = door({
      voices: voices.map((rules) => ({ commands: ['knock'], read: [served], write: [served], ...rules })),
      prepare: ({ add }) => void add('knock', KNOCK),
    });
    const args = [kind, String(port), join(served, 'socket')];
    const said = textOf(await here.commands.run({ program: 'knock', args })).trim();
    await new Promise((done) => setTimeout(done, 50));
    return { said, heard: heard - 1 };
  }

  it.each<[string, readonly Rules[]]>([
    ['nothing', [{}]],
    ['hosts', [{ network: ['http://127.0.0.1', '127.0.0.1', '*'] }]],
    ['one layer', [{ network: ['programs:*'] }, {}]],
  ])('is none when it is granted by %s: no TCP, no UDP [R-OS-11]', async (_name, voices) => {
    for (const kind of ['tcp', 'udp', 'listen']) {
      const { said, heard } = await knock(kind, voices);
      // The kernel drops what leaves a namespace without an interface, and may tell nobody.
      expect([kind, said]).toEqual([
        kind,
        kind === 'udp' ? 'ENETUNREACH' : expect.stringMatching(/^(EACCES|EADDRNOTAVAIL)$/),
      ]);
      expect(heard).toBe(0);
    }
  });

  it('is that of the machine when every layer grants programs:* [R-OS-11]', async () => {
    const voices = [{ network: ['programs:*'] }, { network: ['programs:*'] }];
    expect(await knock('tcp', voices)).toEqual({ said: 'in', heard: 1 });
    expect(await knock('udp', voices)).toEqual({ said: 'sent', heard: 1 });
    expect(await knock('listen', voices)).toEqual({ said: 'in', heard: 0 });
  });

  it('does not reach servers that listen at a name, even one that is granted [R-OS-11]', async () => {
    for (const voices of [[{}], [{ network: ['programs:*'] }]])
      expect(await knock('name', voices)).toEqual({ said: 'EACCES', heard: 0 });
  });

  it.skipIf(!HAS_PERL)('has only such pairs of sockets as lead nowhere else [only with perl] [R-OS-11]', async () => {
    const pair = (kind: string): string =>
      `perl -MSocket -e 'print socketpair(my $a, my $b, AF_UNIX, ${kind}, 0) ? "made" : "$!"'`;
    expect(await script(world(), pair('SOCK_STREAM'))).toBe('made');
    for (const kind of ['SOCK_DGRAM', 'SOCK_RAW']) expect(await script(world(), pair(kind))).toBe('Permission denied');
  });
});

describe('Landlock is chosen', () => {
  it('where the probe ran a program in it, and bubblewrap does not work [R-OS-13]', () => {
    breakBubblewrap();
    expect(world().commands.isolation).toBe(HAS_LANDLOCK ? 'landlock' : 'none');
  });

  it('never without namespaces, for it knows no UDP [R-OS-13]', async () => {
    breakSandboxes();
    const here = world();
    expect([findLandlock(), here.commands.isolation]).toEqual([undefined, 'none']);
    const { isolation } = await here.commands.run({ program: 'true', args: [] });
    expect([isolation, here.records.at(-1)?.isolation]).toEqual(['none', 'none']);
  });

  it.skipIf(!HAS_LANDLOCK)(
    'once for each PATH; what fails later is an error, never a program in the open [only where Landlock is] [R-OS-13]',
    async () => {
      breakBubblewrap();
      const bin = temporaryFolder();
      const real = findLandlock()?.unshare ?? '';
      writeFileSync(
        join(bin, 'unshare'),
        `#!/bin/sh\necho "$*" >> '${bin}/asked'\n[ -e '${bin}/broken' ] && { echo "unshare: no more" >&2; exit 1; }\nexec '${real}' "$@"\n`,
      );
      chmodSync(join(bin, 'unshare'), 0o755);
      vi.stubEnv('PATH', `${bin}:${process.env['PATH']}`);
      const here = world();
      expect([here.commands.isolation, here.commands.isolation]).toEqual(['landlock', 'landlock']);
      expect(readFileSync(join(bin, 'asked'), 'utf8').split('\n').length).toBe(2);
      expect(await script(here, 'echo ran')).toBe('ran');
      linkSync(join(bin, 'asked'), join(bin, 'broken'));
      const error = await rejection(here.commands.run({ program: 'sh', args: ['-c', 'echo ran'] }));
      expect(error).toMatchObject({ code: 'E_UNAVAILABLE', message: expect.stringContaining('no more') as string });
    },
  );
});
