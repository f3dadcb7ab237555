import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { packFiles } from '../../src/archive/pack.ts';
import { addSkills } from '../../src/install/add.ts';
import { pathSource } from '../../src/source/path.ts';
import type { Fetched } from '../../src/source/source.ts';
import { addOptions, openBench, writePlain } from '../install/support.ts';
import { scratch, write } from '../runtime/folders.ts';

const root = scratch();
let count = 0;

function place(): string {
  const folder = join(root, `p${count++}`);
  mkdirSync(folder);
  return folder;
}

function fetch(request: string, cwd: string): Promise<Fetched> {
  const download = (): Promise<never> => Promise.reject(new Error('nothing of this machine is downloaded'));
  return pathSource.fetch(request, { cwd, temporary: '/nowhere', download, signal: new AbortController().signal });
}

const pathsOf = ({ files }: Fetched): readonly string[] => files.map(({ path }) => path).toSorted();
const SKILL = '---\nname: a\ndescription: b\n---\n';

/** An archive of these paths, all skills. */
async function pack(file: string, ...paths: readonly string[]): Promise<void> {
  writeFileSync(file, await packFiles(paths.map((path) => ({ path, bytes: Buffer.from(SKILL), executable: false }))));
}

describe('an archive of this machine [R-SOURCE-1]', () => {
  it.each(['./a.tgz', './a.tar.gz', './a.TGZ', './deep/../a.tgz'])('is taken by its ending: %s', async (request) => {
    const cwd = place();
    const name = request.split('/').at(-1) ?? '';
    await pack(join(cwd, name), 'SKILL.md');
    const fetched = await fetch(request, cwd);
    expect(pathsOf(fetched)).toEqual(['SKILL.md']);
    expect(fetched.resolved).toBe(pathToFileURL(join(cwd, name)).href);
  });

  it('may hold several skills, of which one has a name of its own', async () => {
    const cwd = place();
    await pack(join(cwd, 'all.tgz'), 'one/SKILL.md', 'group/two/SKILL.md', 'group/three/SKILL.md');
    const bench = openBench(join(cwd, 'home'));
    const supply = { ...addOptions().supply, cwd };
    const skills = await addSkills(['./all.tgz'], addOptions({ supply, pick: ['two'] }), bench.installation);
    const { href } = pathToFileURL(join(cwd, 'all.tgz'));
    expect(skills.map(({ skill }) => skill.source)).toEqual([`${href}#sub=group/two`]);
    expect(pathsOf(await fetch(`${href}#sub=group/two`, '/'))).toEqual(['SKILL.md']);
    expect(pathsOf(await fetch('./all.tgz#sub=group&sub=two', cwd))).toEqual(['SKILL.md']);
  });

  it.each([
    ['./text.tgz', 'E_PACKAGE', /no archive that is known here/],
    ['./none.tgz', 'E_NOT_FOUND', /no such folder/],
    ['./all.tgz#sub=none', 'E_NOT_FOUND', /has no folder/],
    ['./all.tgz#sub=../../etc', 'E_USAGE', /no folder in/],
    ['./all.tgz#sub=/etc', 'E_USAGE', /no folder in/],
    ['./plain.txt', 'E_NOT_FOUND', /it is no folder/],
    ['./pipe.tgz', 'E_NOT_FOUND', /it is no folder/],
    ['./dangling.tgz', 'E_NOT_FOUND', /no such folder/],
  ])('%s is refused: %s', async (request, code, message) => {
    const cwd = place();
    write(cwd, { 'text.tgz': 'This is text.', 'plain.txt': 'x' });
    await pack(join(cwd, 'all.tgz'), 'one/SKILL.md');
    execFileSync('mkfifo', [join(cwd, 'pipe.tgz')]);
    symlinkSync('nowhere', join(cwd, 'dangling.tgz'));
    await expect(fetch(request, cwd)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});

describe('a folder that is called like an archive [R-SOURCE-1]', () => {
  it('is a folder, and those in it are folders', async () => {
    const cwd = place();
    for (const name of ['one', 'two']) writePlain(join(cwd, 'all.tgz', name), `custom.${name}`);
    const bench = openBench(join(cwd, 'home'));
    const supply = { ...addOptions().supply, cwd };
    const added = await addSkills(['./all.tgz'], addOptions({ supply, pick: 'all' }), bench.installation);
    for (const { skill } of added) expect(pathsOf(await fetch(skill.source, '/'))).toContain('skill.toml');
    expect(added.map(({ skill }) => skill.source)).toEqual(
      ['one', 'two'].map((name) => pathToFileURL(join(cwd, 'all.tgz', name)).href),
    );
  });
});
