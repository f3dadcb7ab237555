import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch, write } from '../runtime/folders.ts';
import { type Around, busy, type Came, failing, filesOf, runRecipe } from './bundled-recipe.ts';

const GRANT = {
  filesystem_read: ['./'],
  filesystem_write: ['./'],
  terminal_exec: ['tar', 'sha256sum', 'awk', 'test', 'rm'],
};

function folder(): string {
  const root = scratch();
  write(root, {
    'photos/a.jpg': 'a',
    'photos/deep/-rf': 'an option',
    'photos/deep/b c': 'b\n',
    'photos/empty': '',
    'out/keep': 'k',
  });
  symlinkSync('a.jpg', join(root, 'photos', 'link'));
  chmodSync(join(root, 'photos', 'a.jpg'), 0o640);
  return root;
}

const archive = (cwd: string, input: object = {}, rest: Partial<Around> = {}): Promise<Came> =>
  runRecipe(
    'core.posix',
    'archive-folder',
    { folder: 'photos', archive: 'out/photos.tar', ...input },
    {
      cwd,
      grant: GRANT,
      ...rest,
    },
  );

describe('core.posix archive-folder [R-SHIPPED-3]', () => {
  it.each(['photos.tar', 'out/photos.tar.gz', 'out/my photos %s "1".tgz'])('makes %s and its SHA-256', async (name) => {
    const root = folder();
    const before = filesOf(root);
    expect(await archive(root, { archive: name })).toMatchObject({ code: 'ok', asked: [] });
    const digest = createHash('sha256')
      .update(readFileSync(join(root, name)))
      .digest('hex');
    expect(readFileSync(join(root, `${name}.sha256`), 'utf8')).toBe(`${digest}  ${name}\n`);
    const made = { [name]: expect.any(String), [`${name}.sha256`]: expect.any(String) };
    expect(filesOf(root)).toEqual({ ...before, ...made });
    const there = scratch();
    execFileSync('tar', ['--extract', '--file', join(root, name), '--directory', there]);
    expect(filesOf(join(there, 'photos'))).toEqual(filesOf(join(root, 'photos')));
  });

  it.each<[what: string, input: object, code: string, says: RegExp]>([
    ['a folder that is an option', { folder: '--checkpoint-action=exec=sh' }, 'E_PRECONDITION', /option|there is no/],
    ['an archive that is an option', { archive: '-x.tar' }, 'E_PRECONDITION', /option/],
    ['an archive on another machine', { archive: 'host:x.tar' }, 'E_INPUT', /archive/],
    ['a folder that is not there', { folder: 'photo' }, 'E_PRECONDITION', /there is no photo/],
    ['a file', { folder: 'photos/a.jpg' }, 'E_PRECONDITION', /it is no folder/],
    ['a folder outside', { folder: '../x' }, 'E_INPUT', /folder/],
    ['a folder far outside', { folder: '/etc' }, 'E_INPUT', /folder/],
    ['an archive outside', { archive: 'out/../../x.tar' }, 'E_INPUT', /archive/],
    ['another ending', { archive: 'out/photos.zip' }, 'E_INPUT', /archive/],
    ['a line end in a name', { archive: 'out/a\nb.tar' }, 'E_INPUT', /archive/],
    ['a folder for it that is not there', { archive: 'none/photos.tar' }, 'E_RECIPE', /none\/photos\.tar/],
  ])('refuses %s, and changes nothing', async (_what, input, code, says) => {
    const root = folder();
    const before = filesOf(root);
    expect(await archive(root, input)).toMatchObject({ code, message: expect.stringMatching(says) });
    expect(filesOf(root)).toEqual(before);
  });

  it.each(['out/photos.tar', 'out/photos.tar.sha256'])('replaces no %s', async (name) => {
    const root = folder();
    write(root, { [name]: 'mine' });
    const before = filesOf(root);
    expect(await archive(root)).toMatchObject({
      code: 'E_PRECONDITION',
      message: expect.stringContaining('is there already'),
    });
    expect(filesOf(root)).toEqual(before);
  });

  it.each<[program: string, holds: string, does: boolean, at: string]>([
    ['tar', '--create', false, 'pack'],
    ['tar', '--create', true, 'pack'],
    ['tar', '--list', true, 'list'],
    ['tar', '--compare', false, 'compare'],
    ['sha256sum', '-- out/photos.tar', false, 'digest'],
    ['awk', 'sha256', false, 'note'],
    ['awk', 'sha256', true, 'note'],
    ['sha256sum', '--check', false, 'verification[0]'],
  ])('leaves nothing behind when %s %s fails (done: %s), at %s', async (program, holds, does, at) => {
    const root = folder();
    const before = filesOf(root);
    const { code, report } = await archive(root, {}, { before: failing(program, { holds, does }) });
    expect({ code, at: report?.failure?.at, errors: report?.rollbackErrors }).toEqual({
      code: 'E_RECIPE',
      at,
      errors: [],
    });
    expect(filesOf(root)).toEqual(before);
  });

  it('keeps no archive of a folder that changed in between', async () => {
    const root = folder();
    const came = await archive(
      root,
      {},
      { before: busy('tar', '--compare', `echo more >> ${join(root, 'photos/a.jpg')}`) },
    );
    expect(came).toMatchObject({ code: 'E_RECIPE', message: expect.stringContaining('differs from the folder') });
    expect(Object.keys(filesOf(root)).filter((name) => name.startsWith('out/'))).toEqual(['out/keep']);
  });

  it('needs every grant it declares', async () => {
    const root = folder();
    const before = filesOf(root);
    for (const program of GRANT.terminal_exec) {
      const grant = { ...GRANT, terminal_exec: GRANT.terminal_exec.filter((one) => one !== program) };
      const { code } = await archive(root, {}, { grant });
      // Without `rm` there is a way there and none back, which nobody needed.
      if (program !== 'rm') expect({ program, ok: code === 'ok' }).toEqual({ program, ok: false });
      if (program !== 'rm') expect(filesOf(root)).toEqual(before);
    }
  });
});
