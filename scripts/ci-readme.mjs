// Runs the first fenced `sh` block of README.md as a newcomer would: in a fresh copy of the tracked files, line by line,
// stopping at the first failure. Lines that fetch the repository are left out, for the copy stands for them.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

const commands = readFirstBlock(readFileSync(join(ROOT, 'README.md'), 'utf8'));
const copy = mkdtempSync(join(tmpdir(), 'skillhost-readme-'));
try {
  copyTracked(copy);
  if (!/\bnpm (?:ci|i|install)\b/.test(commands)) symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  const script = `set -euxo pipefail\n${commands}\n`;
  const { status } = spawnSync('bash', ['-c', script], { cwd: copy, stdio: ['ignore', 'inherit', 'inherit'] });
  process.exitCode = status ?? 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}

function readFirstBlock(readme) {
  const block = /^```sh\n(.*?)^```/ms.exec(readme)?.[1];
  if (block === undefined) throw new Error('README.md has no fenced `sh` block');
  const lines = block.split('\n').map((line) => line.replace(/^\$ /, ''));
  return lines.filter((line) => !/^\s*(?:git clone|cd )/.test(line)).join('\n');
}

function copyTracked(target) {
  const listed = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split('\0');
  for (const path of listed.filter((one) => one !== '' && existsSync(join(ROOT, one)))) {
    cpSync(join(ROOT, path), join(target, path), { verbatimSymlinks: true });
  }
}
