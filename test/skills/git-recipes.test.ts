import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Around, busy, type Came, failing, Repository, runRecipe } from './bundled-recipe.ts';

const GRANT = {
  filesystem_read: ['./'],
  filesystem_write: ['./'],
  terminal_exec: ['git', 'awk'],
};
const WHO = {
  ...GRANT,
  env_read: ['GIT_AUTHOR_NAME', 'GIT_AUTHOR_EMAIL', 'GIT_COMMITTER_NAME', 'GIT_COMMITTER_EMAIL'],
};

type Rest = Partial<Around>;
const squash = ({ folder }: Repository, input: object = {}, rest: Rest = {}): Promise<Came> =>
  runRecipe(
    'core.git',
    'squash-commits',
    { count: 3, message: 'One', ...input },
    { cwd: folder, grant: GRANT, ...rest },
  );
const release = ({ folder }: Repository, input: object = {}, rest: Rest = {}): Promise<Came> =>
  runRecipe('core.git', 'release-tag', { ...input }, { cwd: folder, grant: GRANT, ...rest });

let four: Repository | undefined;

function fourCommits(options: { knowsWho?: boolean } = {}): Repository {
  if (four === undefined) {
    four = new Repository({ knowsWho: false });
    for (const n of [1, 2, 3, 4]) four.commit(`commit ${n}`, { [`file ${n}`]: `${n}\n`, last: `${n}\n` });
  }
  return new Repository({ ...options, of: four });
}

describe('core.git squash-commits [R-SHIPPED-1]', () => {
  it('makes one commit of the last ones, moves nothing else, and keeps them under a name', async () => {
    const repository = fourCommits();
    const [before, tree, base] = ['HEAD', 'HEAD^{tree}', 'HEAD~3'].map((name) => repository.git('rev-parse', name));
    const { index, files } = repository.state() as Record<string, unknown>;
    writeFileSync(join(repository.folder, 'untracked'), 'stays');
    expect(await squash(repository, { message: 'One\n\n"of" $(three); -x' })).toMatchObject({
      code: 'ok',
      asked: ['move'],
      report: { result: 'success', rolledBack: [] },
    });
    const after = repository.git('rev-parse', 'HEAD');
    expect(repository.git('log', '-1', '--format=%an <%ae> %P %T%n%B')).toBe(
      `A Person <person@example.org> ${base} ${tree}\nOne\n\n"of" $(three); -x`,
    );
    expect(repository.git('symbolic-ref', 'HEAD')).toBe('refs/heads/main');
    expect(repository.git('rev-parse', `refs/skillhost/squashed/${after}`)).toBe(before);
    expect(repository.state()).toMatchObject({
      index,
      files: { ...(files as object), untracked: 'stays' },
      status: '?? untracked',
    });
  });

  it('knows who commits by parameters, where Git does not', async () => {
    const repository = fourCommits({ knowsWho: false });
    const before = repository.state();
    expect(await squash(repository)).toMatchObject({
      code: 'E_RECIPE',
      message: expect.stringContaining('Git does not know who commits'),
    });
    expect(repository.state()).toEqual(before);
    const input = { name: 'Ann', email: 'ann@example.org' };
    expect(await squash(repository, input)).toMatchObject({
      code: 'E_RECIPE',
      message: expect.stringContaining('GIT_'),
    });
    expect(repository.state()).toEqual(before);
    expect(await squash(repository, input, { grant: WHO })).toMatchObject({ code: 'ok' });
    expect(repository.git('log', '-1', '--format=%an %ae %cn %ce')).toBe('Ann ann@example.org Ann ann@example.org');
  });

  it.each<[what: string, prepare: (repository: Repository) => void, input: object, code: string, says: RegExp]>([
    ['one commit', () => undefined, { count: 1 }, 'E_INPUT', /count: 1 is less than 2/],
    ['a part of a commit', () => undefined, { count: 2.5 }, 'E_INPUT', /integer|whole/],
    ['an empty message', () => undefined, { message: ' ' }, 'E_INPUT', /message/],
    ['a message that is an option', () => undefined, { message: '--amend' }, 'E_RECIPE', /would be read as an option/],
    ['more commits than there are', () => undefined, { count: 4 }, 'E_PRECONDITION', /does not go back that far/],
    [
      'changes in a file',
      ({ folder }) => writeFileSync(join(folder, 'last'), 'x'),
      {},
      'E_PRECONDITION',
      /not committed/,
    ],
    [
      'changes in the index',
      (repository) => {
        writeFileSync(join(repository.folder, 'new'), 'x');
        repository.git('add', 'new');
      },
      {},
      'E_PRECONDITION',
      /not committed.*git stash/,
    ],
    [
      'a detached HEAD',
      (repository) => void repository.git('checkout', '--quiet', '--detach'),
      {},
      'E_PRECONDITION',
      /no branch is checked out/,
    ],
    [
      'a merge among them',
      (repository) => {
        repository.git('checkout', '--quiet', '-b', 'side', 'HEAD~1');
        repository.commit('aside', { aside: 'x' });
        repository.git('checkout', '--quiet', 'main');
        repository.git('merge', '--quiet', '--no-edit', 'side');
      },
      { count: 2 },
      'E_PRECONDITION',
      /one of the commits is a merge/,
    ],
    [
      'commits that were pushed',
      (repository) => void repository.git('update-ref', 'refs/remotes/origin/main', 'HEAD~1'),
      {},
      'E_RECIPE',
      /were pushed .*allow_pushed/,
    ],
    ['a name alone', () => undefined, { name: 'Ann' }, 'E_RECIPE', /of name and email only one is given/],
  ])('refuses %s, and changes nothing', async (_what, prepare, input, code, says) => {
    const repository = fourCommits();
    prepare(repository);
    const before = repository.state();
    expect(await squash(repository, input)).toMatchObject({ code, message: expect.stringMatching(says), asked: [] });
    expect(repository.state()).toEqual(before);
  });

  it('squashes what was pushed when told to', async () => {
    const repository = fourCommits();
    repository.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    expect(await squash(repository, { allow_pushed: true })).toMatchObject({ code: 'ok' });
  });

  it('refuses a folder that is no repository', async () => {
    const repository = new Repository();
    const folder = join(repository.folder, '.git', 'objects');
    expect(
      await runRecipe('core.git', 'squash-commits', { count: 2, message: 'x' }, { cwd: folder, grant: GRANT }),
    ).toMatchObject({
      code: 'E_PRECONDITION',
      message: expect.stringContaining('no working tree of Git'),
    });
  });

  it('does nothing that is declined', async () => {
    const repository = fourCommits();
    const before = repository.state();
    expect(await squash(repository, {}, { declines: 'move' })).toMatchObject({ code: 'E_DECLINED', asked: ['move'] });
    expect(repository.state()).toEqual(before);
  });

  it.each<[holds: string, does: boolean, at: string, left: number]>([
    ['rev-parse --verify HEAD', false, 'head', 0],
    ['symbolic-ref HEAD', false, 'branch', 0],
    ['commit-tree', false, 'squash', 0],
    ['commit-tree', true, 'squash', 0],
    ['update-ref refs/skillhost', false, 'keep', 0],
    ['update-ref refs/skillhost', true, 'keep', 0],
    // Whether the branch is where it left it, the way back looks as well: here it is not.
    ['update-ref -m squash-commits of', false, 'move', 1],
    ['update-ref -m squash-commits of', true, 'move', 0],
    ['rev-parse --verify refs/heads/main^{tree}', true, 'verification[0]', 0],
    ['..refs/heads/main', false, 'verification[1]', 0],
  ])('is as before when %j fails (done: %s), at %s', async (holds, does, at, left) => {
    const repository = fourCommits();
    const before = repository.state();
    const { code, report } = await squash(repository, {}, { before: failing('git', { holds, does }) });
    expect({ code, at: report?.failure?.at, left: report?.rollbackErrors.length }).toEqual({
      code: 'E_RECIPE',
      at,
      left,
    });
    expect(repository.state()).toEqual(before);
  });

  it('leaves a commit alone that somebody made in between', async () => {
    const repository = fourCommits();
    const { folder } = repository;
    const meanwhile = `git -C ${folder} -c user.name=B -c user.email=b@example.org commit --quiet --allow-empty -m meanwhile`;
    const { code, report } = await squash(repository, {}, { before: busy('git', 'commit-tree', meanwhile) });
    expect({ code, at: report?.failure?.at }).toEqual({ code: 'E_RECIPE', at: 'move' });
    expect(report?.rollbackErrors).toEqual([
      { undo: 'rollback[1]', error: expect.objectContaining({ message: expect.stringContaining('refs/heads/main') }) },
    ]);
    expect(repository.git('log', '--format=%s')).toBe('meanwhile\ncommit 4\ncommit 3\ncommit 2\ncommit 1');
    expect(repository.git('for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
  });
});

function withVersion(text = '1.2.3\n'): Repository {
  const repository = new Repository();
  repository.commit('first', { VERSION: text, other: 'x\n' });
  return repository;
}

describe('core.git release-tag [R-SHIPPED-2]', () => {
  it.each<[input: object, version: string]>([
    [{}, '1.2.4'],
    [{ bump: 'minor' }, '1.3.0'],
    [{ bump: 'major' }, '2.0.0'],
    [{ version: '10.20.30' }, '10.20.30'],
    [{ version: '2.0.0', bump: 'minor' }, '2.0.0'],
  ])('%j: commits VERSION and tags the commit as %s', async (input, version) => {
    const repository = withVersion();
    const before = repository.git('rev-parse', 'HEAD');
    expect(await release(repository, input)).toMatchObject({ code: 'ok', asked: ['write', 'tag'] });
    expect(repository.git('log', '-1', '--format=%P %an %s')).toBe(`${before} A Person Release v${version}`);
    expect(repository.git('diff', '--name-only', 'HEAD~1')).toBe('VERSION');
    expect(repository.git('for-each-ref', '--format=%(objecttype) %(contents:subject)', `refs/tags/v${version}`)).toBe(
      `tag Release v${version}`,
    );
    expect(repository.git('rev-parse', `v${version}^{commit}`)).toBe(repository.git('rev-parse', 'HEAD'));
    expect(repository.state()).toMatchObject({ status: '', files: { VERSION: `${version}\n` } });
  });

  it('counts up from the last tag, and commits nothing', async () => {
    const repository = withVersion();
    repository.git('tag', '-a', '-m', 'x', 'rel-0.9.9');
    repository.git('tag', 'v7.0.0');
    const before = repository.commit('second', { other: 'y\n' });
    const input = { source: 'tag', prefix: 'rel-', message: 'Out' };
    expect(await release(repository, input)).toMatchObject({ code: 'ok', asked: ['tag'] });
    expect(repository.git('rev-parse', 'HEAD')).toBe(before);
    expect(repository.git('rev-parse', 'rel-0.9.10^{commit}')).toBe(before);
    expect(repository.git('for-each-ref', '--format=%(contents:subject)', 'refs/tags/rel-0.9.10')).toBe(
      'Out rel-0.9.10',
    );
  });

  it('makes the first tag of a version that is given, without a prefix', async () => {
    const repository = withVersion();
    expect(await release(repository, { source: 'tag' })).toMatchObject({
      code: 'E_RECIPE',
      message: expect.stringContaining('no tag before has a version'),
    });
    expect(await release(repository, { source: 'tag', version: '0.1.0', prefix: '' })).toMatchObject({ code: 'ok' });
    expect(repository.git('tag', '--list')).toBe('0.1.0');
  });

  it('knows who commits by parameters, where Git does not', async () => {
    const repository = new Repository({ knowsWho: false });
    repository.commit('first', { VERSION: '0.0.9' });
    expect(await release(repository)).toMatchObject({
      code: 'E_RECIPE',
      message: expect.stringMatching(/who commits/),
    });
    const came = await release(repository, { name: 'Ann', email: 'ann@example.org' }, { grant: WHO });
    expect(came).toMatchObject({ code: 'ok' });
    expect(repository.git('log', '-1', '--format=%an %ae %cn %ce')).toBe('Ann ann@example.org Ann ann@example.org');
    expect(repository.git('for-each-ref', '--format=%(taggername) %(taggeremail)', 'refs/tags/v0.0.10')).toBe(
      'Ann <ann@example.org>',
    );
  });

  it.each<[what: string, prepare: (repository: Repository) => void, input: object, code: string, says: RegExp]>([
    ['a version that is none', () => undefined, { version: '1.2' }, 'E_INPUT', /version/],
    ['a version that is an option', () => undefined, { version: '--force' }, 'E_INPUT', /version/],
    ['a prefix that is an option', () => undefined, { prefix: '-d' }, 'E_INPUT', /prefix/],
    ['a prefix that is a pattern', () => undefined, { prefix: 'v*' }, 'E_INPUT', /prefix/],
    ['a message that is an option', () => undefined, { message: '--edit' }, 'E_RECIPE', /would be read as an option/],
    ['another part', () => undefined, { bump: 'build' }, 'E_INPUT', /bump/],
    [
      'no VERSION',
      (repository) => {
        repository.git('rm', '--quiet', 'VERSION');
        repository.commit('gone', {});
      },
      {},
      'E_RECIPE',
      /no file VERSION/,
    ],
    [
      'a VERSION of many words',
      (repository) => void repository.commit('odd', { VERSION: 'v1\n' }),
      {},
      'E_RECIPE',
      /no file VERSION/,
    ],
    [
      'a VERSION of many lines',
      (repository) => void repository.commit('odd', { VERSION: '1.2.3\n$(touch x)\n' }),
      {},
      'E_RECIPE',
      /no MAJOR\.MINOR\.PATCH/,
    ],
    [
      'a tag that is there',
      (repository) => void repository.git('tag', 'v1.2.4'),
      {},
      'E_RECIPE',
      /tag is there already/,
    ],
    ['the version that is there', () => undefined, { version: '1.2.3' }, 'E_RECIPE', /or nothing/],
    ['changes', ({ folder }) => writeFileSync(join(folder, 'other'), 'z'), {}, 'E_PRECONDITION', /not committed/],
    [
      'a detached HEAD',
      (repository) => void repository.git('checkout', '--quiet', '--detach'),
      {},
      'E_PRECONDITION',
      /no branch/,
    ],
    ['an address alone', () => undefined, { email: 'ann@example.org' }, 'E_RECIPE', /only one is given/],
  ])('refuses %s, and changes nothing', async (_what, prepare, input, code, says) => {
    const repository = withVersion();
    prepare(repository);
    const before = repository.state();
    expect(await release(repository, input)).toMatchObject({ code, message: expect.stringMatching(says) });
    expect(repository.state()).toEqual(before);
  });

  it.each(['write', 'tag'])('does nothing that is declined at %s', async (declines) => {
    const repository = withVersion();
    const before = repository.state();
    expect(await release(repository, {}, { declines })).toMatchObject({ code: 'E_DECLINED' });
    expect(repository.state()).toEqual(before);
  });

  it.each<[program: string, holds: string, does: boolean, at: string, left: number]>([
    ['awk', 'VERSION', false, 'write', 0],
    ['awk', 'VERSION', true, 'write', 0],
    ['git', 'add -- VERSION', false, 'stage', 0],
    ['git', 'add -- VERSION', true, 'stage', 0],
    ['git', 'write-tree', false, 'tree', 0],
    ['git', 'commit-tree', true, 'commit', 0],
    ['git', 'update-ref -m release-tag of', false, 'move', 1],
    ['git', 'update-ref -m release-tag of', true, 'move', 0],
    ['git', 'tag --annotate', false, 'tag', 0],
    ['git', 'tag --annotate', true, 'tag', 0],
    ['git', 'describe --exact-match', true, 'verification[0]', 0],
  ])('is as before when %s %j fails (done: %s), at %s', async (program, holds, does, at, left) => {
    const repository = withVersion();
    const before = repository.state();
    const { code, report } = await release(repository, {}, { before: failing(program, { holds, does }) });
    expect({ code, at: report?.failure?.at, left: report?.rollbackErrors.length }).toEqual({
      code: 'E_RECIPE',
      at,
      left,
    });
    expect(repository.state()).toEqual(before);
  });

  it('runs no hook of the repository', async () => {
    const repository = withVersion();
    for (const hook of ['pre-commit', 'commit-msg', 'post-commit', 'post-checkout'])
      writeFileSync(join(repository.folder, '.git', 'hooks', hook), `#!/bin/sh\ntouch ${repository.folder}/ran\n`, {
        mode: 0o755,
      });
    expect(await release(repository)).toMatchObject({ code: 'ok' });
    const before = repository.state();
    const shim = failing('git', { holds: 'tag --annotate', does: false });
    expect(await release(repository, {}, { before: shim })).toMatchObject({ code: 'E_RECIPE' });
    expect(repository.state()).toEqual(before);
    expect(before).toMatchObject({ status: '' });
  });
});
