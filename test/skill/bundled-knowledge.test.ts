import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, it } from 'vitest';
import { parseKnowledgeTests } from '../../src/knowledge/knowledge-test.ts';
import { readLines } from '../../src/knowledge/markdown-lines.ts';
import { splitSections } from '../../src/knowledge/sections.ts';
import { stripInvisible } from '../../src/knowledge/strip-invisible.ts';
import { loadSkill } from '../../src/skill/load-skill.ts';
import type { ReadySkill } from '../../src/skill/skill.ts';
import { listFiles, readText, ROOT } from '../house/sources.ts';

const SHELLS: Readonly<Record<string, string>> = { sh: 'sh', bash: 'bash' };
const MAX_SECTION = 250;
const MAX_ALWAYS_ON = 500;

/** The folders that come with knowledge. */
const folders = [
  ...new Set(listFiles('skills', '.md').flatMap((path) => /^skills\/[^/]+(?=\/knowledge\/)/.exec(path) ?? [])),
];
const tokensOf = (text: string): number => countTokens(text, { disallowedSpecial: new Set() });
const load = async (folder: string): Promise<ReadySkill> => {
  const skill = await loadSkill(posix.join(ROOT, folder));
  if (!skill.ready) throw new Error(JSON.stringify(skill.problems));
  return skill;
};
/** What can come into a context: all but the overview, which is for people. */
const contextFiles = (folder: string): string[] =>
  listFiles(`${folder}/knowledge`, '.md').filter((path) => !path.endsWith('/overview.md'));

/** The code blocks of a text, with the language behind their fence. */
function codeBlocks(markdown: string): { readonly language: string; readonly line: number; readonly code: string }[] {
  const blocks: { language: string; line: number; code: string }[] = [];
  let open = false;
  for (const { text, line, openSince } of readLines(markdown)) {
    const last = blocks.at(-1);
    if (!open && openSince !== undefined) blocks.push({ language: text.replace(/^[\s`~]+/, ''), line, code: '' });
    else if (open && openSince !== undefined && last !== undefined) last.code += `${text}\n`;
    open = openSince !== undefined;
  }
  return blocks;
}

describe('the bundled knowledge [R-SKILLS-2]', () => {
  it('is that of the shell, of POSIX tools and of Git', async () => {
    const ids = await Promise.all(folders.map(async (folder) => (await load(folder)).id));
    expect(ids).toEqual(['core.git', 'core.posix', 'core.shell']);
  });

  it('of a skill that is always on comes to 500 tokens at most', () => {
    const text = contextFiles('skills/shell').map(readText).join('\n');
    expect(tokensOf(text)).toBeLessThanOrEqual(MAX_ALWAYS_ON);
    expect(readText('skills/shell/skill.toml')).toMatch(/^always_on = true$/m);
  });

  it('is always on for no other skill', () => {
    const others = listFiles('skills', 'skill.toml').filter((path) => path !== 'skills/shell/skill.toml');
    expect(others.filter((path) => readText(path).includes('always_on'))).toEqual([]);
  });
});

describe.each(folders)('%s [R-SKILLS-2]', (folder) => {
  it('is a skill without problems', async () => {
    const { manifest, problems, tools } = await load(folder);
    expect(problems).toEqual([]);
    // Recipes, and no code.
    expect(tools.filter(({ action }) => action.type !== 'recipe')).toEqual([]);
    expect(manifest?.knowledge.topics.length).toBeGreaterThan(3);
    expect(manifest?.license).toBe('Apache-2.0');
  });

  it('has synonyms of its own topics alone, and names nothing twice', async () => {
    const { knowledge } = (await load(folder)).manifest ?? {};
    const synonyms = [...(knowledge?.synonyms ?? [])];
    const topics = knowledge?.topics ?? [];
    expect(synonyms.map(([topic]) => topic).filter((topic) => !topics.includes(topic))).toEqual([]);
    const words = [...topics, ...synonyms.flatMap(([, others]) => others)];
    expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([]);
  });

  it('has what every skill with knowledge has', () => {
    for (const file of ['README.md', 'LICENSE', 'knowledge/overview.md', 'knowledge/prompts/context.md']) {
      expect(existsSync(posix.join(ROOT, folder, file)), file).toBe(true);
    }
  });

  it('comes with tests that can be read, one of them about something else', () => {
    const { cases, problems } = parseKnowledgeTests(readText(`${folder}/tests/knowledge_test.md`), 'knowledge_test.md');
    expect(problems).toEqual([]);
    expect(cases.length).toBeGreaterThanOrEqual(4);
    const text = contextFiles(folder).map(readText).join('\n');
    expect(cases.flatMap(({ contains }) => contains).filter((literal) => !text.includes(literal))).toEqual([]);
  });

  it('leads from its README only to what is there', () => {
    const links = [...readText(`${folder}/README.md`).matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target);
    const named = [...readText(`${folder}/README.md`).matchAll(/`(knowledge\/[^`]+)`/g)].map(([, path = '']) => path);
    for (const path of [...links, ...named]) expect(existsSync(posix.join(ROOT, folder, path)), path).toBe(true);
  });

  describe.each(listFiles(`${folder}/knowledge`, '.md'))('%s', (path) => {
    const text = readText(path);

    it('hides nothing', () => {
      expect(stripInvisible(text)).toEqual({ text, found: [], count: 0 });
    });

    it('is a title and sections that fit whole', () => {
      const sections = splitSections(text);
      expect(sections[0]?.level).toBe(1);
      expect(sections.slice(1).filter(({ level }) => level !== 2)).toEqual([]);
      const large = sections.map(({ heading, text: whole }) => ({ heading, tokens: tokensOf(whole) }));
      expect(large.filter(({ tokens }) => tokens > MAX_SECTION)).toEqual([]);
    });

    it('gives each section a heading of its own', () => {
      const headings = splitSections(text).map(({ heading }) => heading);
      expect(new Set(headings).size).toBe(headings.length);
      expect(headings).not.toContain('');
    });

    it('shows code that a shell can read, and names the shell', (context) => {
      const wrong = codeBlocks(text).map(({ language, line, code }) => {
        const shell = SHELLS[language];
        if (shell === undefined) return `${path}:${line}: a block of ${JSON.stringify(language)}`;
        const { error, status, stderr } = spawnSync(shell, ['-n'], { input: code, encoding: 'utf8' });
        if (error !== undefined) return context.skip(`${shell} cannot be run: ${error.message}`);
        return status === 0 && stderr === '' ? undefined : `${path}:${line}: ${status} ${stderr}`;
      });
      expect(wrong.filter((one) => one !== undefined)).toEqual([]);
    });
  });
});
