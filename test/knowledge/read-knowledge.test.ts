import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Knowledge, readKnowledge } from '../../src/knowledge/read-knowledge.ts';
import { readWithin } from '../../src/skill/read-within.ts';
import { scratch, write } from '../runtime/folders.ts';

const HERE = 'knowledge/concepts/here.md';

/** A skill of one readable file, and what a test puts beside it. */
async function knowledgeWith(put: (folder: string) => void | Promise<void>): Promise<Knowledge> {
  const folder = join(scratch(), 'skill');
  write(folder, { [HERE]: '# Here\n\nText.\n' });
  await put(folder);
  return readKnowledge(folder, 'skill.toml');
}
const paths = ({ files }: Knowledge): string[] =>
  files.map(({ path, isAlwaysIn }) => `${path}${isAlwaysIn ? '!' : ''}`);

describe('the knowledge of a skill', () => {
  it('is its context first, then its concepts, patterns and specialized prompts, each by name; the overview is for people', async () => {
    const names = ['patterns/b', 'concepts/b', 'prompts/specialized/a', 'concepts/a', 'prompts/context', 'overview'];
    const others = ['other/x', 'x', 'concepts/deeper/x', 'prompts/x'];
    const folder = scratch();
    write(folder, Object.fromEntries([...names, ...others].map((name) => [`knowledge/${name}.md`, `# ${name}\n`])));
    write(folder, { 'knowledge/concepts/c.txt': 'no Markdown', 'knowledge/concepts/.md/x.md': 'a folder' });
    const knowledge = await readKnowledge(folder, 'skill.toml');
    expect(paths(knowledge)).toEqual([
      'knowledge/prompts/context.md!',
      'knowledge/concepts/a.md',
      'knowledge/concepts/b.md',
      'knowledge/patterns/b.md',
      'knowledge/prompts/specialized/a.md',
    ]);
    expect(knowledge).toMatchObject({ references: [], warnings: [] });
  });

  it('is always in by its overview when there is no context, or an empty one', async () => {
    for (const context of [{}, { 'knowledge/prompts/context.md': ' \n\n' }]) {
      const knowledge = await knowledgeWith((folder) =>
        write(folder, { 'knowledge/overview.md': '# All\n', ...context }),
      );
      expect(paths(knowledge)).toEqual(['knowledge/overview.md!', HERE]);
    }
  });

  it('of a SKILL.md is its body, always in, with the names of its references', async () => {
    const folder = scratch();
    const head = '---\nname: a\ndescription: b\n---\n';
    write(folder, {
      'SKILL.md': `${head}# One\n\nText.\n`,
      'references/b.md': '',
      'references/a.md': '',
      [HERE]: '# X',
    });
    const { files, references } = await readKnowledge(folder, 'SKILL.md');
    expect(files).toMatchObject([{ path: 'SKILL.md', isAlwaysIn: true, sections: [{ heading: 'One', level: 1 }] }]);
    expect(files[0]?.sections.map(({ text }) => text).join('')).toBe('# One\n\nText.\n');
    expect(references).toEqual(['references/a.md', 'references/b.md']);
  });

  it('of a folder that is empty, gone or a file is nothing', async () => {
    const root = scratch();
    write(root, { file: '' });
    for (const name of ['', 'gone'])
      expect(await readKnowledge(join(root, name), 'skill.toml')).toMatchObject({ files: [], unreadable: [] });
    expect(await readKnowledge(join(root, 'file'), 'skill.toml')).toMatchObject({ files: [] });
  });
});

describe('what cannot be read is told, and the rest is read [R-CONTEXT-5]', () => {
  const bad = 'knowledge/concepts/bad.md';
  it.each<[what: string, why: RegExp, put: (path: string, folder: string) => void | Promise<void>]>([
    ['a link out of the folder', /leads out of the folder/, (path) => symlinkSync('/etc/passwd', path)],
    ['a link to a device', /leads out of the folder/, (path) => symlinkSync('/dev/zero', path)],
    [
      'a link to a neighbour',
      /leads out of the folder/,
      (path, folder) => {
        write(`${folder}-2`, { 'a.md': 'secret' });
        symlinkSync(join(`${folder}-2`, 'a.md'), path);
      },
    ],
    ['a link to nowhere', /leads nowhere/, (path) => symlinkSync('gone', path)],
    ['a link in circles', /ELOOP/, (path) => symlinkSync('bad.md', path)],
    ['a folder', /not a regular file/, (path) => mkdirSync(path)],
    ['a link to its own folder', /not a regular file/, (path) => symlinkSync('..', path)],
    ['a pipe', /not a regular file/, (path) => void execFileSync('mkfifo', [path])],
    [
      'a file of 100 MB',
      /104857600 bytes; at most 1048576/,
      (path) => {
        writeFileSync(path, '');
        truncateSync(path, 100 * 2 ** 20);
      },
    ],
    [
      'text that is not UTF-8',
      /not UTF-8/,
      (_path, folder) => write(folder, { [bad]: Buffer.from([0x23, 0x20, 0xff, 0xfe]) }),
    ],
    [
      'text of half a character',
      /not UTF-8/,
      (_path, folder) => write(folder, { [bad]: Buffer.from('# ü').subarray(0, 3) }),
    ],
    [
      'a lone surrogate in bytes',
      /not UTF-8/,
      (_path, folder) => write(folder, { [bad]: Buffer.from([0xed, 0xa0, 0x80]) }),
    ],
  ])('%s', async (_what, why, put) => {
    const knowledge = await knowledgeWith((folder) => put(join(folder, bad), folder));
    expect(paths(knowledge)).toEqual([HERE]);
    expect(knowledge.unreadable).toMatchObject([{ path: bad, why: expect.stringMatching(why) }]);
  });

  it('a socket', async () => {
    const server = createServer();
    try {
      const knowledge = await knowledgeWith(
        (folder) => new Promise((resolve) => void server.listen(join(folder, bad), resolve)),
      );
      expect(paths(knowledge)).toEqual([HERE]);
      expect(knowledge.unreadable).toMatchObject([{ path: bad, why: expect.stringMatching(/ENXIO|regular/) }]);
    } finally {
      server.close();
    }
  });

  it('a context or a folder that is something else', async () => {
    const knowledge = await knowledgeWith((folder) => {
      mkdirSync(join(folder, 'knowledge/prompts/context.md'), { recursive: true });
      symlinkSync('gone', join(folder, 'knowledge/overview.md'));
      write(folder, { 'knowledge/patterns': 'a file', 'knowledge/prompts/specialized': 'a file' });
    });
    expect(paths(knowledge)).toEqual([HERE]);
    expect(knowledge.unreadable.map(({ path }) => path)).toEqual([
      'knowledge/prompts/context.md',
      'knowledge/overview.md',
    ]);
  });

  it('a link within the folder is followed', async () => {
    const knowledge = await knowledgeWith((folder) => symlinkSync('here.md', join(folder, bad)));
    expect(paths(knowledge)).toEqual([bad, HERE]);
  });

  it.each(['a\nb.md', 'a\u001b[31m.md', 'a\u202eb.md', 'a\u200b.md', '\u{e0041}.md'])(
    'a file of the name %j, which hides characters',
    async (name) => {
      const knowledge = await knowledgeWith((folder) => write(folder, { [`knowledge/patterns/${name}`]: '# X\n' }));
      expect(paths(knowledge)).toEqual([HERE]);
      expect(knowledge.unreadable).toMatchObject([{ why: 'its name holds hidden characters' }]);
      const folder = scratch();
      write(folder, { 'SKILL.md': '---\nname: a\n---\n# A\n', [`references/${name}`]: '', 'references/ok.md': '' });
      expect((await readKnowledge(folder, 'SKILL.md')).references).toEqual(['references/ok.md']);
    },
  );

  it.each(['"quoted".md', 'a]b[.md', "it's.md", '日本.md', 'a b.md', '.md'])(
    'a file of the name %j is read',
    async (name) => {
      const knowledge = await knowledgeWith((folder) => write(folder, { [`knowledge/patterns/${name}`]: '# X\n' }));
      expect(paths(knowledge)).toEqual([HERE, `knowledge/patterns/${name}`]);
    },
  );
});

describe('of too much a part is read, and the rest is told [R-CONTEXT-5]', () => {
  it('10,000 files', async () => {
    const names = Array.from({ length: 10_000 }, (_, i) => `knowledge/patterns/${String(i).padStart(5, '0')}.md`);
    const begun = performance.now();
    const knowledge = await knowledgeWith((folder) =>
      write(folder, Object.fromEntries(names.map((name) => [name, '# X\n']))),
    );
    expect(performance.now() - begun).toBeLessThan(20_000);
    expect(paths(knowledge)).toEqual([HERE, ...names.slice(0, 255)]);
    expect(knowledge.unreadable).toMatchObject([{ path: '9745 more files', why: expect.stringMatching(/256 files/) }]);
  });

  it('sections without number', async () => {
    const knowledge = await knowledgeWith((folder) =>
      write(folder, { 'knowledge/prompts/context.md': '# A\n'.repeat(100_000), 'knowledge/patterns/z.md': '# Z\n' }),
    );
    expect(knowledge.files.flatMap(({ sections }) => sections)).toHaveLength(4_096);
    expect(knowledge.unreadable).toMatchObject([
      { path: 'knowledge/prompts/context.md', why: 'it has 100000 sections, of which the first 4096 are read' },
      { path: '2 more files' },
    ]);
  });

  it('many large files', async () => {
    const large = `# L\n${'many words '.repeat(90_000)}`;
    const names = Array.from({ length: 9 }, (_, i) => `knowledge/patterns/${i}.md`);
    const knowledge = await knowledgeWith((folder) =>
      write(folder, Object.fromEntries(names.map((name) => [name, large]))),
    );
    expect(knowledge.files).toHaveLength(6);
    expect(knowledge.unreadable).toMatchObject([{ path: '4 more files' }]);
  });

  it('references', async () => {
    const folder = scratch();
    const names = Array.from({ length: 300 }, (_, i) => `references/${String(i).padStart(3, '0')}.md`);
    write(folder, { 'SKILL.md': '---\nname: a\n---\n# A\n', ...Object.fromEntries(names.map((name) => [name, ''])) });
    const { references, unreadable } = await readKnowledge(folder, 'SKILL.md');
    expect(references).toEqual(names.slice(0, 256));
    expect(unreadable).toMatchObject([{ path: '44 more files' }]);
  });
});

describe('hidden characters are taken out and told [R-SECTION-4]', () => {
  it.each<[text: string, kept: string, told: string]>([
    ['# A\u200b\n', '# A\n', `${HERE}:1:4: U+200B hidden, taken out`],
    ['# A\n\nab\u202ec\u200bd\n', '# A\n\nabcd\n', `${HERE}:3:3: U+202E and 1 more hidden, taken out`],
    ['# A\r\n\u{e0041}b\r\n', '# A\nb\n', `${HERE}:2:1: U+E0041 hidden, taken out`],
    ['# A\n\u001b[31mred\n', '# A\n[31mred\n', `${HERE}:2:1: U+001B hidden, taken out`],
  ])('%j', async (text, kept, told) => {
    const { files, warnings } = await knowledgeWith((folder) => write(folder, { [HERE]: text }));
    expect(files[0]?.sections.map((section) => section.text).join('')).toBe(kept);
    expect(warnings).toEqual([told]);
  });

  it('also those that would part the front matter of a SKILL.md from its body; lines are those of the file', async () => {
    const folder = scratch();
    write(folder, { 'SKILL.md': '---\nname: a\n---\u200b\nbody\u200b\n' });
    const { files, warnings } = await readKnowledge(folder, 'SKILL.md');
    expect(files[0]?.sections.map(({ text }) => text)).toEqual(['body\n']);
    expect(warnings).toEqual(['SKILL.md:3:4: U+200B and 1 more hidden, taken out']);
  });

  it('a mark of byte order and Windows line ends are none', async () => {
    const { files, warnings } = await knowledgeWith((folder) => write(folder, { [HERE]: '\u{feff}# A\r\n\r\nb\r\n' }));
    expect(files[0]?.sections.map(({ text }) => text)).toEqual(['# A\n\nb\n']);
    expect(warnings).toEqual([]);
  });
});

describe('a file is read within its folder', () => {
  it.each<[path: string, why: RegExp]>([
    ['../other/secret', /leads out/],
    ['a/../../other/secret', /leads out/],
    ['.', /not a regular file/],
    ['in/link-out', /leads out/],
    ['in/dir-out/secret', /leads out/],
    ['gone', /ENOENT/],
    ['in/file/below', /ENOTDIR/],
    ['a\0b', /null bytes/],
  ])('%j is refused', async (path, why) => {
    const root = scratch();
    write(root, { 'other/secret': 'secret', 'skill/a/x': '', 'skill/in/file': 'text', 'skill-2/secret': 'secret' });
    symlinkSync(join(root, 'other', 'secret'), join(root, 'skill', 'in', 'link-out'));
    symlinkSync(join(root, 'skill-2'), join(root, 'skill', 'in', 'dir-out'));
    await expect(readWithin(join(root, 'skill'), path, 100)).rejects.toThrow(why);
    expect((await readWithin(join(root, 'skill'), 'in/file', 4)).toString()).toBe('text');
    await expect(readWithin(join(root, 'skill'), 'in/file', 3)).rejects.toThrow(/4 bytes; at most 3/);
  });
});
