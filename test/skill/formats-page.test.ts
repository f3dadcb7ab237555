import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadSkill } from '../../src/skill/load-skill.ts';
import { skill as command } from '../cli/support.ts';
import { scratch, write } from '../runtime/folders.ts';

const root = scratch();
const page = readFileSync(join(import.meta.dirname, '../../docs/formats.md'), 'utf8');

/** The one example of a format on the page. */
function example(language: string): string {
  const found = [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))];
  expect(found).toHaveLength(1);
  return found[0]?.[1] ?? '';
}

describe('the examples of docs/formats.md [R-DOCS-1]', () => {
  it.each<[file: string, language: string, folder: string, id: string, warnings: string[]]>([
    ['skill.toml', 'toml', 'release', 'custom.release-notes', []],
    ['SKILL.md', 'markdown', 'release-notes', 'custom.release-notes', []],
    ['skill.json', 'json', 'count-lines', 'custom.count-lines', []],
    ['manifest.yaml', 'yaml', 'word-tools', 'custom.word-tools', ['M_TOOL_NO_MODULE']],
  ])('%s is ready and without a problem', async (file, language, folder, id, warnings) => {
    const dir = join(root, file, folder);
    write(dir, { [file]: example(language), 'README.md': '# x\n', LICENSE: 'x\n' });
    const skill = await loadSkill(dir, { strict: true });
    expect(skill.problems.map(({ code }) => code)).toEqual(warnings);
    expect(skill).toMatchObject({ ready: true, id });
    // The command is a bundle, which finds its parsers in another way.
    const { code, stdout } = await command(['validate', '--strict', dir]);
    expect([code, stdout.split('\n').at(-2)]).toEqual([
      0,
      `${dir}: valid (${id}; 0 errors, ${warnings.length} warning${warnings.length === 1 ? '' : 's'})`,
    ]);
  });
});
