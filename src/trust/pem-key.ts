import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

const PEM = /^-----BEGIN PUBLIC KEY-----\r?\n[A-Za-z0-9+/=\r\n]{1,2048}-----END PUBLIC KEY-----(?:\r?\n)?$/;

/** Reads one public key in PEM, ECDSA on P-256 or Ed25519; undefined for anything else. */
export function parsePem(text: string): KeyObject | undefined {
  if (!PEM.test(text)) return undefined;
  try {
    const key = createPublicKey(text);
    return isOfKnownKind(key) ? key : undefined;
  } catch {
    return undefined;
  }
}

export function isOfKnownKind({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  return (
    asymmetricKeyType === 'ed25519' || (asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1')
  );
}

/**
 * Whether a key signed a payload: ECDSA over SHA-256 in DER, or plain Ed25519. Of the two ECDSA signatures that follow from
 * each other both count, as cosign writes either; signers are told apart by key, never by the bytes of a signature.
 */
export function isSignedByPem(key: KeyObject, payload: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify(hashOf(key), payload, key, signature);
  } catch {
    return false;
  }
}

export function signWithPem(key: KeyObject, payload: Uint8Array): Buffer {
  return sign(hashOf(key), payload, key);
}

/** The DER of its public half, which is what fingerprints are taken of. */
export function spkiOf(key: KeyObject): Buffer {
  return (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'der', type: 'spki' });
}

function hashOf(key: KeyObject): 'sha256' | null {
  return key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
}
