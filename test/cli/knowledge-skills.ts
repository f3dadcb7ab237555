import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { write } from '../runtime/folders.ts';
import { writeKnowledge } from '../knowledge/contexts.ts';

/** What a skill or a person may write that a terminal would obey. */
export const HOSTILE = 'a\u001b[31m\u001b]0;x\u0007\u009b2J\rb\u202ec\u200bd';

/** A home with skills of knowledge in it, one of them broken, one hostile. */
export function writeHome(root: string): string {
  const home = join(root, 'home');
  const skills = join(home, 'skills');
  mkdirSync(skills, { recursive: true });
  writeKnowledge(skills, {
    id: 'custom.knitting',
    topics: ['knitting', 'scarf'],
    description: 'Knitting with two needles, cables, lace and whatever else can be made of one long thread of wool',
    files: {
      'knowledge/prompts/context.md': '# Knitting\n\nCount your stitches.\n',
      'knowledge/patterns/cables.md': `# Cables\n\n${'Cross them over the front of the work. '.repeat(40)}\n`,
      'tests/knowledge_test.md':
        '## Test: A scarf\n\n**Input topic**: scarf\n\n**Expected context contains**:\n- "stitches"\n\n## Test: A cable\n\n**Input prompt**: "knitting cables"\n\n**Expected files loaded**:\n- prompts/context.md\n- patterns/cables.md\n',
    },
  });
  writeKnowledge(skills, {
    id: 'custom.hostile',
    topics: ['trap'],
    files: {
      'knowledge/prompts/context.md': `# ${HOSTILE}\n\n${HOSTILE}\n`,
      [`knowledge/patterns/trap ${HOSTILE}.md`]: '# trap\n',
      'tests/knowledge_test.md': `## Test: ${HOSTILE}\n\n**Input topic**: trap\n\n**Expected context contains**:\n- "${HOSTILE}"\n`,
    },
  });
  writeKnowledge(skills, {
    id: 'custom.failing',
    topics: ['loom'],
    files: {
      'tests/knowledge_test.md':
        '## Test: It has nothing\n\n**Input topic**: loom\n\n**Expected context**: (empty)\n\n## Test: It has something\n\n**Input topic**: loom\n\n**Expected context contains**:\n- "About"\n',
    },
  });
  writeKnowledge(skills, { id: 'custom.untested', topics: ['quilt'] });
  writeKnowledge(skills, {
    id: 'custom.wrong',
    files: { 'tests/knowledge_test.md': '## Test: X\n\n**Input topic**: x\n' },
  });
  write(skills, { 'broken/skill.toml': '[skill\n' });
  return home;
}
