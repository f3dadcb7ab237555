import { quote, SkillError } from '../../host/index.ts';
import type { RawFile } from '../tree/raw-file.ts';
import type { TreeEntry } from './tree-entry.ts';

const LFS = Buffer.from('version https://git-lfs.github.com/spec/v1');
/** Of the line before each object, and the one after it. */
export const BLOB_OVERHEAD = 100;

/** Reads what `cat-file --batch` wrote for these, in their order. @throws SkillError E_PACKAGE */
export function parseBlobs(output: Buffer, entries: readonly TreeEntry[]): readonly RawFile[] {
  let at = 0;
  const files = entries.map(({ path, mode, id, size }) => {
    const header = Buffer.from(`${id} blob ${size}\n`);
    const start = at + header.length;
    const bytes = output.subarray(start, start + size);
    at = start + size + 1;
    if (!output.subarray(start - header.length, start).equals(header) || output[at - 1] !== 0x0a) throw garbled(path);
    if (bytes.subarray(0, LFS.length).equals(LFS)) throw pointer(path);
    return { path, bytes, executable: mode === '100755' };
  });
  if (at !== output.length) throw garbled('');
  return files;
}

function pointer(path: string): SkillError {
  return new SkillError('E_PACKAGE', `${quote(path)} is kept in Git LFS; the repository has only a pointer to it`, {
    hint: 'its author puts the file itself into the repository, or publishes an archive',
    details: { reason: 'lfs' },
  });
}

function garbled(path: string): SkillError {
  return new SkillError('E_PACKAGE', `git did not give the content of ${quote(path)} as it was listed`, {
    hint: 'check with git --version that it is git, 2.37 or newer',
    details: { reason: 'git_output' },
  });
}
