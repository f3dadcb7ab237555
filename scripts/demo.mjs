// Shows the main job: one run that does something useful, one that is refused. Both are real.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const MAIN = join(ROOT, 'dist', 'cli', 'skill.js');
const DENIED = 3;

show(['run', 'tool.files', 'summarize', '--path', 'README.md', '--grant', 'filesystem_read=README.md'], 0);
show(['run', 'tool.files', 'summarize', '--path', 'package.json', '--grant', 'filesystem_read=README.md'], DENIED);

function show(words, expected) {
  console.log(`\n$ skill ${words.join(' ')}`);
  const { status } = spawnSync(process.execPath, [MAIN, ...words], { cwd: ROOT, stdio: 'inherit' });
  if (status === expected) return;
  console.error(`expected exit code ${expected}, got ${status}`);
  process.exit(1);
}
