import { describe, expect, it } from 'vitest';
import { scratch, write } from '../runtime/folders.ts';
import { blocksOf, testPage } from './page.ts';

const blocks = blocksOf('migration.md');
const root = scratch();

// What can hold no comment that names it is named by the command that reads it.
const NAMES = ['release-notes/SKILL.md', 'count-lines.json', 'weather.json'];
const unnamed = blocks.filter(({ language }) => language === 'json' || language === 'markdown');

describe.sequential('docs/migration.md, from top to bottom [R-MIGRATE-8, R-DOCS-3]', () => {
  it('shows a file for each command that reads one', () => {
    expect(unnamed).toHaveLength(NAMES.length);
    write(root, Object.fromEntries(unnamed.map(({ lines }, i) => [NAMES[i] ?? '', `${lines.join('\n')}\n`])));
  });

  testPage(blocks, {
    adapt: (command) =>
      command.replace(/^skill import (\.\/(?:release-notes|[\w-]+\.json))/, `cp -r ${root}/* . && $&`),
  });

  it('has an example of each kind', () => {
    const shown = blocks.flatMap(({ lines }) =>
      lines.flatMap((line) => /^\.\/[\w./-]+: an? (.*)$/.exec(line)?.[1] ?? []),
    );
    expect(shown).toEqual([
      'SKILL.md',
      'skill.json of version 2',
      'manifest.yaml of the skill SDK',
      'list of MCP tools',
      'Goose recipe',
    ]);
  });
});
