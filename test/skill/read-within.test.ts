import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, symlinkSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { readInstructions } from '../../src/mcp/index.ts';
import { NotReadable, readWithin } from '../../src/skill/read-within.ts';
import { MOST_BYTES, readSkillFiles } from '../../src/mcp/skill-files.ts';
import { loadSkill } from '../../src/skill/load-skill.ts';
import type { ReadySkill } from '../../src/skill/skill.ts';
import { scratch, write, writeSkill } from '../runtime/folders.ts';

const root = scratch();
let count = 0;
let dir = '';

beforeEach(() => {
  dir = join(root, `skill-${count++}`);
  write(dir, { 'a.md': 'inside', 'deep/b.md': 'deep' });
  write(root, { 'secret.txt': 'secret', [`skill-${count - 1}-twin/c.md`]: 'twin' });
});

describe('a file of a skill [R-MCP-4]', () => {
  it.each<[what: string, path: string, text: string]>([
    ['itself', 'a.md', 'inside'],
    ['in a folder', 'deep/b.md', 'deep'],
    ['by a link', 'link.md', 'inside'],
    ['by a link to a link', 'link2.md', 'inside'],
    ['by a link to a folder', 'linked/b.md', 'deep'],
    ['by a way around', 'deep/../a.md', 'inside'],
  ])('is read %s', async (_what, path, text) => {
    symlinkSync('a.md', join(dir, 'link.md'));
    symlinkSync('link.md', join(dir, 'link2.md'));
    symlinkSync('deep', join(dir, 'linked'));
    expect((await readWithin(dir, path, 100)).toString()).toBe(text);
  });

  it.each<[what: string, path: string]>([
    ['above', '../secret.txt'],
    ['in a folder that begins like its own', '../$twin/c.md'],
    ['by a link that leads out', 'out.md'],
    ['by a folder that leads out', 'outer/secret.txt'],
    ['by a link to a link that leads out', 'out2.md'],
    ['of the system', 'passwd'],
    ['itself a folder', 'deep'],
    ['that is all of it', '.'],
    ['that is a pipe', 'pipe'],
    ['that is too large', 'large'],
  ])('is not read %s', async (_what, path) => {
    symlinkSync('../secret.txt', join(dir, 'out.md'));
    symlinkSync('out.md', join(dir, 'out2.md'));
    symlinkSync('..', join(dir, 'outer'));
    symlinkSync('/etc/passwd', join(dir, 'passwd'));
    execFileSync('mkfifo', [join(dir, 'pipe')]);
    write(dir, { large: 'x'.repeat(101) });
    await expect(readWithin(dir, path.replace('$', `skill-${count - 1}-`), 100)).rejects.toBeInstanceOf(NotReadable);
  });

  it('that is not there is an error of the system', async () => {
    await expect(readWithin(dir, 'nothing', 100)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('all files of a skill [R-MCP-4]', () => {
  const names = async (): Promise<string[]> => [...(await readSkillFiles(dir)).keys()].toSorted();

  it('are those of its folder; hidden ones, folders by link, and pipes are passed over', async () => {
    write(dir, { '.env': 'TOKEN=1', '.git/config': 'x', 'deep/.hidden': 'x' });
    symlinkSync('a.md', join(dir, 'link.md'));
    symlinkSync('.', join(dir, 'round'));
    execFileSync('mkfifo', [join(dir, 'pipe')]);
    expect(await names()).toEqual(['a.md', 'deep/b.md', 'link.md']);
  });

  it.each<[what: string, make: () => void, why: RegExp]>([
    ['a link that leads out', () => symlinkSync('../secret.txt', join(dir, 'out.md')), /out\.md: it leads out/],
    [
      'a link that leads nowhere',
      () => symlinkSync('nowhere', join(dir, 'gone.md')),
      /gone\.md: it cannot be read: ENOENT/,
    ],
    ['a link that leads round', () => symlinkSync('self', join(dir, 'self')), /self: it cannot be read: ELOOP/],
    [
      'more files than a skill may have',
      () => write(dir, Object.fromEntries(Array.from({ length: 512 }, (_, i) => [`f${i}`, '']))),
      /more than 512 files/,
    ],
    [
      'more folders than are looked into',
      () => {
        for (let i = 0; i < 513; i++) mkdirSync(join(dir, `d${i}`));
      },
      /more than 512 folders/,
    ],
    [
      'more bytes than a skill may have',
      () => write(dir, { one: Buffer.alloc(MOST_BYTES / 2), two: Buffer.alloc(MOST_BYTES / 2) }),
      /at most \d+ are read/,
    ],
  ])('are not given out with %s', async (_what, make, why) => {
    make();
    await expect(readSkillFiles(dir)).rejects.toThrow(why);
  });

  it('may be as many, and as large, as a skill may have', async () => {
    write(dir, Object.fromEntries(Array.from({ length: 509 }, (_, i) => [`f${i}`, ''])));
    write(dir, { rest: Buffer.alloc(MOST_BYTES - 'insidedeep'.length) });
    expect((await names()).length).toBe(512);
  });

  it('a hard link is a file of the folder', async () => {
    linkSync(join(dir, 'a.md'), join(dir, 'hard.md'));
    expect(await names()).toContain('hard.md');
  });
});

describe('the instructions of a skill [R-MCP-1]', () => {
  async function ready(files: Record<string, string>): Promise<ReadySkill> {
    await writeSkill(dir, { id: 'custom.some', guest: 'one' });
    write(dir, files);
    const skill = await loadSkill(dir);
    if (!skill.ready) throw new Error('not ready');
    return skill;
  }

  it.each<[what: string, files: Record<string, string>, text: string]>([
    ['none', {}, ''],
    ['an overview', { 'knowledge/overview.md': '# All\n' }, '# All'],
    [
      'context before the overview',
      { 'knowledge/overview.md': 'B', 'knowledge/prompts/context.md': 'A\n\n' },
      'A\n\nB',
    ],
    ['an empty context', { 'knowledge/overview.md': 'B', 'knowledge/prompts/context.md': ' \n' }, 'B'],
    ['the body of SKILL.md', { 'SKILL.md': '---\nname: some\n---\n\nDo it.\n' }, 'Do it.'],
    ['SKILL.md before knowledge', { 'SKILL.md': '---\na: b\n---\nA', 'knowledge/overview.md': 'B' }, 'A'],
    ['a rule in the body', { 'SKILL.md': '---\na: b\n---\nA\n---\nB' }, 'A\n---\nB'],
    ['no front matter', { 'SKILL.md': 'A\n---\nB\n---\n' }, 'A\n---\nB\n---'],
    ['lines of Windows', { 'SKILL.md': '\ufeff---\r\na: b\r\n---\r\nA\r\nB\r\n' }, 'A\nB'],
    ['front matter that never ends', { 'SKILL.md': '---\na: b\n' }, '---\na: b'],
  ])('%s', async (_what, files, text) => {
    expect(await readInstructions(await ready(files))).toBe(text);
  });

  it('are not taken from outside of its folder', async () => {
    const skill = await ready({});
    mkdirSync(join(dir, 'knowledge'));
    symlinkSync(join(root, 'secret.txt'), join(dir, 'knowledge', 'overview.md'));
    expect(await readInstructions(skill)).toBe('');
  });

  it('a bare module has none', async () => {
    expect(await readInstructions({ ...(await ready({ 'SKILL.md': 'A' })), manifest: undefined })).toBe('');
  });
});

describe.runIf(process.platform === 'linux')(
  'a folder that is swapped for a link while files are read [R-MCP-4]',
  () => {
    it('never gives a file from outside', async () => {
      write(dir, { 'way/file.txt': 'inside' });
      write(root, { 'outside/file.txt': 'outside' });
      const [way, kept, link] = ['way', 'kept', 'link'].map((name) => join(dir, name)) as [string, string, string];
      symlinkSync(join(root, 'outside'), link);
      const until = performance.now() + 1_500;
      const swapping = (async () => {
        for (let i = 0; performance.now() < until; i++) {
          await rename(way, kept);
          await rename(link, way);
          if (i % 2 === 0) await pause(1);
          await rename(way, link);
          await rename(kept, way);
          if (i % 3 === 0) await pause(i % 5);
        }
      })();
      const seen = new Set<string>();
      while (performance.now() < until) {
        const results = await Promise.allSettled(Array.from({ length: 8 }, () => readWithin(dir, 'way/file.txt', 100)));
        for (const one of results) seen.add(one.status === 'fulfilled' ? one.value.toString() : 'refused');
      }
      await swapping;
      expect([...seen].toSorted()).toEqual(['inside', 'refused']);
    });
  },
);
