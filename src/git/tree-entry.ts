import { SkillError } from '../../host/index.ts';

/** A file of a commit, as its tree lists it. */
export interface TreeEntry {
  readonly path: string;
  /** Of git: `100644`, `100755`, `120000` for a link, `160000` for a submodule. */
  readonly mode: string;
  readonly id: string;
  /** Bytes; 0 for a submodule. */
  readonly size: number;
}

const MOST_ENTRIES = 100_000;
const LINE = /^(\d{6}) (?:blob|commit) ([0-9a-f]{40}|[0-9a-f]{64}) +(\d+|-)\t(.+)$/s;

/** Reads what `ls-tree -r -z --long` wrote. @throws SkillError E_PACKAGE */
export function parseTreeEntries(listing: Buffer): readonly TreeEntry[] {
  const lines = decode(listing).split('\0');
  if (lines.pop() !== '') throw garbled();
  if (lines.length > MOST_ENTRIES)
    throw new SkillError('E_PACKAGE', `the git repository has more than ${MOST_ENTRIES} files`, {
      hint: 'name the folder of the skill in it with sub=FOLDER',
      details: { reason: 'too_many_files' },
    });
  return lines.map((line) => {
    const [, mode = '', id = '', size = '', path = ''] = LINE.exec(line) ?? [];
    if (path === '') throw garbled();
    return { path, mode, id, size: size === '-' ? 0 : Number(size) };
  });
}

function decode(listing: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(listing);
  } catch (cause) {
    throw new SkillError('E_PACKAGE', 'the git repository has a file whose name is no UTF-8', {
      hint: 'rename it in the repository, or name the folder of the skill with sub=FOLDER',
      details: { reason: 'path' },
      cause,
    });
  }
}

function garbled(): SkillError {
  return new SkillError('E_PACKAGE', 'git listed the files of the commit in a way that is not understood', {
    hint: 'check with git --version that it is git, 2.37 or newer',
    details: { reason: 'git_output' },
  });
}
