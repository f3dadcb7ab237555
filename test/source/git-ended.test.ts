import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { makeRoot } from '../git/repository.ts';
import { failureOf, fetchFrom } from './git-fetcher.ts';

// A git of sh: what a broken, hostile or hanging one does, and what it is given.
const IS_WINDOWS = process.platform === 'win32';
const { root, remove } = makeRoot();
afterAll(remove);

const URL = 'git+https://git.test/a';
const COMMIT = '1'.repeat(40);
const TREE = '2'.repeat(40);
const BLOB = '3'.repeat(40);

/** What it answers to each command; without one it does nothing and succeeds. */
type Script = Partial<
  Record<'--version' | 'ls-remote' | 'init' | 'fetch' | 'rev-parse' | 'ls-tree' | 'cat-file', string>
>;

const GOOD: Script = {
  '--version': 'echo git version 2.37.0',
  'ls-remote': `printf '${COMMIT}\\tHEAD\\n'`,
  'rev-parse': `case "$*" in *tree}) echo ${TREE};; *) echo ${COMMIT};; esac`,
  'ls-tree': `printf '100644 blob ${BLOB}       3\\tSKILL.md\\0'`,
  'cat-file': `read id && test "$id" = ${BLOB} && printf '${BLOB} blob 3\\nabc\\n'`,
};

let count = 0;
function fakeGit(script: Script): { readonly PATH: string; readonly folder: string } {
  const folder = join(root, `bin-${count++}`);
  mkdirSync(folder);
  const cases = Object.entries({ ...GOOD, ...script }).map(([name, run]) => `*" ${name} "*) ${run};;`);
  writeFileSync(join(folder, 'git'), `#!/bin/sh\ncd ${folder}\ncase " $* " in\n${cases.join('\n')}\nesac\n`);
  chmodSync(join(folder, 'git'), 0o755);
  return { PATH: `${folder}:/usr/bin:/bin`, folder };
}

const withGit = (script: Script) => ({ env: { PATH: fakeGit(script).PATH } });

describe.skipIf(IS_WINDOWS)('a git that [only with sh]', () => {
  it('does what it should is believed', async () => {
    const { resolved, files } = await fetchFrom(URL, withGit({}));
    expect(resolved).toBe(`${URL}#${COMMIT}`);
    expect(files).toMatchObject([{ path: 'SKILL.md', executable: false }]);
  });

  it.each([
    ['is too old to be told addresses', { '--version': 'echo git version 2.36.9' }, 'E_UNSUPPORTED', 'old_git'],
    ['is something else', { '--version': 'echo busybox' }, 'E_UNSUPPORTED', 'old_git'],
    ['fails at once', { '--version': 'exit 1' }, 'E_UNSUPPORTED', 'old_git'],
    ['fails without a word', { fetch: 'exit 128' }, 'E_NETWORK', 'git_failed'],
    ['is killed', { fetch: 'kill -9 $$' }, 'E_NETWORK', 'git_failed'],
    ['lists no ref', { 'ls-remote': 'echo hello' }, 'E_NOT_FOUND', 'no_ref'],
    ['lists refs for ever', { 'ls-remote': 'yes' }, 'E_PACKAGE', 'too_much'],
    ['lists files for ever', { 'ls-tree': 'yes' }, 'E_PACKAGE', 'too_much'],
    ['lists no files', { 'ls-tree': 'echo hello' }, 'E_PACKAGE', 'git_output'],
    ['gives contents for ever', { 'cat-file': 'yes' }, 'E_PACKAGE', 'too_much'],
    ['gives other contents', { 'cat-file': `printf '${BLOB} blob 4\\nabcd\\n'` }, 'E_PACKAGE', 'git_output'],
    ['gives no contents', { 'cat-file': 'exit 0' }, 'E_PACKAGE', 'git_output'],
    ['names no commit', { 'rev-parse': 'echo main' }, 'E_NOT_FOUND', 'no_commit'],
  ] satisfies readonly (readonly [string, Script, string, string])[])(
    '%s is not believed [R-GIT-7]',
    async (_, script, code, reason) => {
      expect(await failureOf(URL, withGit(script))).toMatchObject({ code, details: { reason } });
    },
  );

  it('lists names for ever finds none like the one that was asked for [R-GIT-7]', async () => {
    const script = { 'ls-remote': `case "$*" in *--heads*) yes '${COMMIT}\trefs/heads/x';; esac` };
    const failure = await failureOf(`${URL}#main`, withGit(script));
    expect(failure).toMatchObject({ code: 'E_NOT_FOUND', hint: 'check its name in the repository' });
  });

  it('gives another commit than the one that was asked for is not believed [R-GIT-2]', async () => {
    const failure = await failureOf(`${URL}#${'4'.repeat(40)}`, withGit({}));
    expect(failure).toMatchObject({ code: 'E_INTEGRITY', details: { reason: 'other_commit' } });
  });

  it('hangs is ended in time, with what it started [R-GIT-7]', async () => {
    const { PATH, folder } = fakeGit({ fetch: '(while :; do echo x >> alive; sleep 0.05; done) & wait' });
    expect(await failureOf(URL, { env: { PATH }, timeoutMs: 700 })).toMatchObject({ code: 'E_TIMEOUT' });
    await expectStill(join(folder, 'alive'));
  });

  it('hangs is ended with the caller, with what it started [R-GIT-7]', async () => {
    const { PATH, folder } = fakeGit({ fetch: '(while :; do echo x >> alive; sleep 0.05; done) & wait' });
    const controller = new AbortController();
    const failing = failureOf(URL, { env: { PATH }, signal: controller.signal });
    while (!existsSync(join(folder, 'alive'))) await sleep(10);
    controller.abort();
    expect(await failing).toMatchObject({ code: 'E_ABORTED' });
    await expectStill(join(folder, 'alive'));
  });

  it('writes without end is ended, with what it started [R-GIT-7]', async () => {
    const { PATH, folder } = fakeGit({
      fetch: `cd "$HOME/.."; while :; do echo x >> ${root}/pack; dd if=/dev/zero bs=65536 count=1 >> pack 2>&1; sleep 0.01; done`,
    });
    const failure = await failureOf(URL, { env: { PATH }, mostFetched: 200_000 });
    expect(failure).toMatchObject({ code: 'E_PACKAGE', details: { reason: 'too_large' } });
    expect(existsSync(folder)).toBe(true);
    await expectStill(join(root, 'pack'));
  });

  it('is not started for a caller who has gone', async () => {
    const { PATH, folder } = fakeGit({ '--version': 'touch started' });
    expect(await failureOf(URL, { env: { PATH }, signal: AbortSignal.abort() })).toMatchObject({ code: 'E_ABORTED' });
    expect(existsSync(join(folder, 'started'))).toBe(false);
  });

  it('talks in colours is quoted, and cut [R-GIT-9]', async () => {
    const noise = `i=0; while [ $i -lt 3000 ]; do echo "remote: $i"; i=$((i+1)); done >&2`;
    const script = { fetch: `${noise}; printf '\\033[31mfatal: \\342\\200\\256 no\\n' >&2; exit 128` };
    const { message } = await failureOf(URL, withGit(script));
    expect(message).toContain(String.raw`\u{1b}[31mfatal: \u{202e} no`);
    expect(message).not.toContain('remote: 1;');
    expect(message.length).toBeLessThan(800);
  });

  it('is not there is said, with what to do [R-GIT-9]', async () => {
    const empty = join(root, 'empty');
    mkdirSync(empty, { recursive: true });
    const failure = await failureOf(URL, { env: { PATH: empty } });
    expect(failure).toMatchObject({ code: 'E_UNSUPPORTED', details: { reason: 'no_git' } });
    expect(failure.hint).toMatch(/install git/);
  });

  it('cannot be started is said', async () => {
    const folder = join(root, 'broken');
    mkdirSync(folder);
    writeFileSync(join(folder, 'git'), '#!/nowhere/sh\n', { mode: 0o755 });
    expect(await failureOf(URL, { env: { PATH: folder } })).toMatchObject({ code: 'E_UNSUPPORTED' });
  });

  it('is never in a folder that is relative [R-GIT-3]', async () => {
    expect(await failureOf(URL, { env: { PATH: '.:bin' } })).toMatchObject({ details: { reason: 'no_git' } });
  });

  it.each(['https://git.test/a.git', 'git+ssh://git@git.test/a', 'github:owner/repo/sub@v1'])(
    'is not asked for %s when its address is not public [R-GIT-4]',
    async (request) => {
      const { PATH, folder } = fakeGit({ 'ls-remote': 'touch asked', fetch: 'touch asked' });
      const failure = await failureOf(request, { env: { PATH }, privateHosts: [] });
      expect(failure).toMatchObject({ code: 'E_DENIED', details: { reason: 'private_address' } });
      expect(existsSync(join(folder, 'asked'))).toBe(false);
    },
  );

  it('asks for the addresses once, and is told what they were [R-GIT-4]', async () => {
    const { PATH, folder } = fakeGit({ fetch: 'echo "$*" > asked' });
    const answers = ['1.1.1.1', '127.0.0.1'];
    const resolve = () => Promise.resolve([{ address: answers.shift() ?? '', family: 4 as const }]);
    await fetchFrom(URL, { env: { PATH }, privateHosts: [], resolve });
    expect(answers).toEqual(['127.0.0.1']);
    expect(readFileSync(join(folder, 'asked'), 'utf8')).toContain('-c http.curloptResolve=git.test:443:1.1.1.1 ');
  });

  it('is given the address behind --, where it is no option', async () => {
    const { PATH, folder } = fakeGit({ fetch: 'echo "$*" > asked' });
    await fetchFrom(`${URL}#${COMMIT}`, { env: { PATH } });
    expect(readFileSync(join(folder, 'asked'), 'utf8')).toMatch(new RegExp(` -- https://git\\.test/a ${COMMIT}\\n$`));
  });
});

/** What still wrote to it would do so within this. */
async function expectStill(file: string): Promise<void> {
  const before = readFileSync(file, 'utf8').length;
  expect(before).toBeGreaterThan(0);
  await sleep(200);
  expect(readFileSync(file, 'utf8')).toHaveLength(before);
}
