import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRoot, NO_GIT, TestRepository } from '../git/repository.ts';
import { type GitServer, serveGit } from '../git/serve.ts';
import { contents, failureOf, fetchFrom } from './git-fetcher.ts';

const SKILL = { path: 'SKILL.md', text: '---\nname: a\ndescription: b\n---\n' };

describe.skipIf(NO_GIT || process.platform === 'win32')('fetching a git repository [only with git]', () => {
  const { root, remove } = makeRoot();
  const canary = join(root, 'canary');
  const sing = `touch ${canary}`;
  const home = join(root, 'home');
  let server: GitServer;
  let sink: GitServer;

  beforeAll(async () => {
    server = await serveGit(root);
    sink = await serveGit(root);
    mkdirSync(join(home, 'hooks'), { recursive: true });
    for (const hook of ['reference-transaction', 'post-checkout', 'post-merge', 'fsmonitor', 'pre-auto-gc']) {
      writeFileSync(join(home, 'hooks', hook), `#!/bin/sh\n${sing}\n`);
      chmodSync(join(home, 'hooks', hook), 0o755);
    }
    const proxy = `http://127.0.0.1:${sink.port}`;
    writeFileSync(
      join(home, '.gitconfig'),
      `[core]\n\thooksPath = ${home}/hooks\n\tfsmonitor = ${home}/hooks/fsmonitor\n\tsshCommand = ${sing}\n\taskPass = ${home}/hooks/fsmonitor\n` +
        `[credential]\n\thelper = "!${sing}; true"\n[http]\n\tproxy = ${proxy}\n` +
        `[url "${proxy}/"]\n\tinsteadOf = http://git.test:${server.port}/\n\tinsteadOf = ssh://me@git.test:2222/\n[init]\n\ttemplateDir = ${home}\n` +
        `[filter "canary"]\n\tsmudge = ${sing}\n\tclean = ${sing}\n\trequired = true\n[alias]\n\tfetch = "!${sing}"\n`,
    );
  });
  afterAll(async () => {
    await server.close();
    await sink.close();
    remove();
  });

  /** What a user, a shell or a program around this one may have set. */
  const hostile = (): Record<string, string | undefined> => ({
    ...process.env,
    HOME: home,
    XDG_CONFIG_HOME: home,
    GIT_CONFIG_GLOBAL: join(home, '.gitconfig'),
    GIT_CONFIG_SYSTEM: join(home, '.gitconfig'),
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'core.hooksPath',
    GIT_CONFIG_VALUE_0: join(home, 'hooks'),
    GIT_TEMPLATE_DIR: home,
    GIT_DIR: join(root, 'another.git'),
    GIT_OBJECT_DIRECTORY: join(root, 'objects'),
    GIT_EXTERNAL_DIFF: sing,
    GIT_SSH_COMMAND: sing,
    GIT_ASKPASS: join(home, 'hooks', 'fsmonitor'),
    GIT_EXEC_PATH: join(home, 'hooks'),
    GIT_TRACE: canary,
    http_proxy: `http://127.0.0.1:${sink.port}`,
    https_proxy: `http://127.0.0.1:${sink.port}`,
    ALL_PROXY: `http://127.0.0.1:${sink.port}`,
  });

  it('runs nothing that the user, the environment or the repository set up [R-GIT-3]', async () => {
    const made = new TestRepository(join(root, 'a.git'));
    const commit = made.commit('refs/heads/main', [
      SKILL,
      { path: '.gitattributes', text: '* filter=canary diff=canary merge=canary\n' },
      { path: '.githooks/post-checkout', text: `#!/bin/sh\n${sing}\n`, mode: '100755' },
      { path: '.gitconfig', text: `[core]\n\tfsmonitor = ${sing}\n` },
      { path: '.lfsconfig', text: `[lfs]\n\turl = http://127.0.0.1:${sink.port}/\n` },
    ]);
    const [url, left] = [`git+http://git.test:${server.port}/a.git`, [] as string[]];
    const fetched = await fetchFrom(url, {
      env: hostile(),
      inspect: (temporary) => {
        left.push(...readdirSync(temporary).toSorted(), ...readdirSync(join(temporary, 'home')));
        if (existsSync(join(temporary, 'repository.git', 'hooks'))) left.push('hooks');
      },
    });
    expect(fetched.resolved).toBe(`${url}#${commit}`);
    expect(contents(fetched)['.gitattributes']).toContain('filter=canary');
    expect({ sang: existsSync(canary), asked: sink.asked, left }).toEqual({
      sang: false,
      asked: [],
      left: ['home', 'repository.git'],
    });
  });

  it('would run it, were git only started as it is: the canary can sing', () => {
    const made = new TestRepository(join(root, 'b.git'));
    made.commit('refs/heads/main', [SKILL]);
    const env = { PATH: process.env['PATH'], HOME: home };
    const target = join(root, 'clone.git');
    execFileSync('git', ['init', '--quiet', '--bare', '--template=', target], { env });
    spawnSync('git', ['-C', target, 'fetch', '--quiet', join(root, 'b.git'), 'main:main'], { env });
    expect(existsSync(canary)).toBe(true);
  });

  describe('over ssh', () => {
    const bin = join(root, 'bin');
    const asked = join(root, 'ssh-asked');

    beforeAll(() => {
      mkdirSync(bin);
      const script = `#!/bin/sh\nprintf '%s\\n' "$@" > ${asked}\nenv >> ${asked}\nfor last; do :; done\nexec sh -c "$last"\n`;
      writeFileSync(join(bin, 'ssh'), script, { mode: 0o755 });
    });

    it('goes to the address that was checked, by the key of the host that was named [R-GIT-4]', async () => {
      const made = new TestRepository(join(root, 'c.git'));
      const commit = made.commit('refs/heads/main', [SKILL]);
      const url = `git+ssh://me@git.test:2222${root}/c.git`;
      const env = { ...hostile(), PATH: `${bin}:${process.env['PATH']}`, SSH_AUTH_SOCK: '/agent', TOKEN: 'secret' };
      const { resolved, files } = await fetchFrom(`${url}#main`, { env });
      expect(resolved).toBe(`${url}#${commit}`);
      expect(files).toHaveLength(1);
      const lines = readFileSync(asked, 'utf8').split('\n');
      expect(lines).toEqual(
        expect.arrayContaining([
          'BatchMode=yes',
          'HostName=127.0.0.1',
          'HostKeyAlias=[git.test]:2222',
          'me@git.test',
          `HOME=${home}`,
          'SSH_AUTH_SOCK=/agent',
        ]),
      );
      expect(lines.filter((line) => /secret|proxy|GIT_DIR|GIT_CONFIG_VALUE/i.test(line))).toEqual([]);
    });

    it.each([
      ['Host key verification failed.', 'E_DENIED', 'host_key'],
      ['git@git.test: Permission denied (publickey).', 'E_DENIED', 'auth_required'],
      ['ssh: connect to host git.test port 22: Connection refused', 'E_NETWORK', 'git_failed'],
      ['ERROR: Repository not found.', 'E_NOT_FOUND', 'no_repository'],
    ])('says what to do after %j [R-GIT-9]', async (said, code, reason) => {
      const own = join(root, `bin-${reason}`);
      mkdirSync(own);
      writeFileSync(join(own, 'ssh'), `#!/bin/sh\necho '${said}' >&2\nexit 255\n`, { mode: 0o755 });
      const failure = await failureOf('git+ssh://git@git.test/a', { env: { PATH: `${own}:${process.env['PATH']}` } });
      expect(failure).toMatchObject({ code, details: { reason } });
      expect(failure.message).toContain(said.slice(0, 20));
    });
  });

  it.each(['127.0.0.1', '127.1', '0x7f000001', '2130706433', 'localhost', '[::1]', '[::ffff:127.0.0.1]'])(
    'connects to nothing at %s, which nobody listed [R-GIT-4]',
    async (host) => {
      const before = server.asked.length;
      for (const scheme of ['https', 'http']) {
        const request = `git+${scheme}://${host}:${server.port}/a.git`;
        const resolve = () => Promise.resolve([{ address: '127.0.0.1', family: 4 as const }]);
        expect(await failureOf(request, { resolve })).toMatchObject({ code: 'E_DENIED' });
      }
      expect(server.asked).toHaveLength(before);
    },
  );
});
