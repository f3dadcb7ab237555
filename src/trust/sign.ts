import { createHash, createPrivateKey, type KeyObject } from 'node:crypto';
import { SkillError } from '../../host/index.ts';
import { parseSecretKey } from './minisign/secret-key.ts';
import { signMinisign } from './minisign/sign-minisign.ts';
import { isOfKnownKind, signWithPem, spkiOf } from './pem-key.ts';
import type { SignatureFile } from './statement.ts';

/** A signature, and the file at the root of the skill's folder it belongs into. */
export interface SignedFile {
  readonly file: SignatureFile;
  readonly bytes: Uint8Array;
}

/**
 * Signs a statement: with a secret key file of minisign into `skill.minisig`, with a private key in PEM (ECDSA on P-256, or
 * Ed25519) into a bundle that names the public half. @throws SkillError E_USAGE
 */
export async function signStatement(statement: Uint8Array, keyFile: string, password?: string): Promise<SignedFile> {
  if (!keyFile.startsWith('-----BEGIN ')) {
    const bytes = signMinisign(statement, await parseSecretKey(keyFile, password));
    return { file: 'skill.minisig', bytes };
  }
  const key = parsePrivatePem(keyFile, password);
  const { BUNDLE_V03_MEDIA_TYPE } = await import('@sigstore/bundle');
  const bundle = {
    mediaType: BUNDLE_V03_MEDIA_TYPE,
    verificationMaterial: { publicKey: { hint: createHash('sha256').update(spkiOf(key)).digest('base64') } },
    messageSignature: {
      messageDigest: { algorithm: 'SHA2_256', digest: createHash('sha256').update(statement).digest('base64') },
      signature: signWithPem(key, statement).toString('base64'),
    },
  };
  return { file: 'skill.sigstore.json', bytes: new TextEncoder().encode(`${JSON.stringify(bundle)}\n`) };
}

/** Signs a payload as cosign does with a key: base64 of DER, or of the 64 bytes of Ed25519. @throws SkillError E_USAGE */
export function signCosign(payload: Uint8Array, pem: string, password?: string): string {
  return signWithPem(parsePrivatePem(pem, password), payload).toString('base64');
}

function parsePrivatePem(pem: string, passphrase: string | undefined): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey({ key: pem, ...(passphrase !== undefined && { passphrase }) });
  } catch (error) {
    throw unusable('it is no private key in PEM, or its password is missing or wrong', error);
  }
  if (isOfKnownKind(key)) return key;
  throw unusable('it is neither ECDSA on P-256 nor Ed25519');
}

function unusable(why: string, cause?: unknown): SkillError {
  return new SkillError('E_USAGE', `The signing key cannot be used: ${why}.`, {
    hint: 'draw one with: openssl genpkey -algorithm ed25519',
    cause,
  });
}
