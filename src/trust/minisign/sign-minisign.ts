import { createHash, randomBytes, sign } from 'node:crypto';
import { privateKeyOf, publicBytes } from '../ed25519.ts';
import { writePublicKey } from './public-key.ts';
import { type MinisignSecret, writeSecretKey } from './secret-key.ts';
import { writeSignature } from './signature.ts';

/** Signs as `minisign -S` does, over the BLAKE2b-512 sum. */
export function signMinisign(payload: Uint8Array, { keyId, seed }: MinisignSecret): Uint8Array {
  const key = privateKeyOf(seed);
  const bytes = sign(null, createHash('blake2b512').update(payload).digest(), key);
  const trustedComment = 'skillhost signature v1';
  const global = sign(null, Buffer.concat([bytes, Buffer.from(trustedComment)]), key);
  return writeSignature({ algorithm: 'ED', keyId, bytes, trustedComment, global });
}

/** Draws a new key: two files as minisign writes them, the secret one without a password. Nothing is written. */
export function newKey(): { readonly public: string; readonly secret: string } {
  const secret = { keyId: randomBytes(8), seed: randomBytes(32) };
  const bytes = publicBytes(privateKeyOf(secret.seed));
  return { public: writePublicKey({ id: secret.keyId, bytes }), secret: writeSecretKey(secret) };
}
