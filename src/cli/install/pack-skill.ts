import { readFile } from 'node:fs/promises';
import { quote, quoteForShell, SkillError } from '../../../host/index.ts';
import { packFiles } from '../../archive/pack.ts';
import { describeProblem } from '../../manifest/describe-problem.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { loadSkill } from '../../skill/load-skill.ts';
import { parseTree } from '../../tree/file-tree.ts';
import type { RawFile } from '../../tree/raw-file.ts';
import { readFolder } from '../../tree/read-folder.ts';

export interface Packed {
  readonly manifest: Manifest;
  readonly archive: Uint8Array;
  /** `sha256:…` of the tree: what a signature is of. */
  readonly tree: string;
  readonly files: number;
  /** The file in the archive that signs it. */
  readonly signature: string | undefined;
}

/** What a skill is signed with: a secret key file of minisign, or a private key in PEM. */
export interface SigningKey {
  readonly text: string;
  readonly password: string | undefined;
}

/** Makes an archive of a skill folder: the same files make the same bytes. @throws SkillError E_MANIFEST, E_PACKAGE, E_USAGE */
export async function packSkill(folder: string, key: SigningKey | undefined): Promise<Packed> {
  const skill = await loadSkill(folder);
  if (!skill.ready || skill.manifest === undefined)
    throw new SkillError('E_MANIFEST', `it is not packed: ${skill.problems.map(describeProblem).join('; ')}`, {
      hint: `skill validate ${quoteForShell(folder)} shows every problem with its fix`,
    });
  const { manifest } = skill;
  const tree = parseTree(readFolder(folder, '.git'));
  const signature = key === undefined ? undefined : await sign(manifest, tree.hash, key);
  const unsigned = tree.files.filter(({ path }) => path !== signature?.path);
  const files = signature === undefined ? unsigned : [...unsigned, signature];
  return {
    manifest,
    archive: await packFiles(files),
    tree: tree.hash,
    files: files.length,
    signature: signature?.path,
  };
}

async function sign({ id, version }: Manifest, tree: string, { text, password }: SigningKey): Promise<RawFile> {
  const { signStatement, statementOf } = await import('../../trust/index.ts');
  const { file, bytes } = await signStatement(statementOf({ id, version, tree }), text, password);
  return { path: file, bytes, executable: false };
}

/** The password of a key is in `SKILLHOST_KEY_PASSWORD`. @throws SkillError E_NOT_FOUND */
export async function readSigningKey(file: string | undefined): Promise<SigningKey | undefined> {
  if (file === undefined) return undefined;
  try {
    return { text: await readFile(file, 'utf8'), password: process.env['SKILLHOST_KEY_PASSWORD'] };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SkillError('E_NOT_FOUND', `the key ${quote(file)} cannot be read: ${code}`, {
      hint: 'make one with: minisign -G, or openssl genpkey -algorithm ed25519 -out key.pem',
      cause: error,
    });
  }
}
