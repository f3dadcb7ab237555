import { quote, SkillError } from '../../host/index.ts';

/** The files that hold signatures, at the root of a skill's folder. They are no part of its tree. */
export const SIGNATURE_FILES = ['skill.minisig', 'skill.asc', 'skill.sigstore.json', 'skill.oms.sig'] as const;

export type SignatureFile = (typeof SIGNATURE_FILES)[number];

/** Whether a path in a skill is that of a signature, which is no part of what is signed. */
export function isSignaturePath(path: string): boolean {
  return SIGNATURE_FILES.some((name) => name === path);
}

/** What a signature vouches for. */
export interface Signed {
  readonly id: string;
  readonly version: string;
  /** `sha256:` and 64 hexadecimal digits, of the canonical tree. */
  readonly tree: string;
}

const WORD = /^[!-~]{1,256}$/;
const TREE = /^sha256:[0-9a-f]{64}$/;

/**
 * The bytes that are signed. Id, version and content stand in one statement, so that no signature can be moved to other
 * content or to another name. @throws SkillError E_USAGE for a field that could be read as another line
 */
export function statementOf({ id, version, tree }: Signed): Uint8Array {
  checkField('id', id, WORD);
  checkField('version', version, WORD);
  checkField('tree', tree, TREE);
  return new TextEncoder().encode(`skillhost signature v1\nid: ${id}\nversion: ${version}\ntree: ${tree}\n`);
}

function checkField(name: string, text: string, shape: RegExp): void {
  if (shape.test(text)) return;
  throw new SkillError('E_USAGE', `The ${name} ${quote(text)} cannot be signed.`, {
    hint: name === 'tree' ? 'pass sha256: and 64 hexadecimal digits' : 'use printable ASCII without spaces',
  });
}
