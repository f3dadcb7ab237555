import { publicBytes } from '../ed25519.ts';
import { parsePublicKey } from '../minisign/public-key.ts';
import { parsePem, spkiOf } from '../pem-key.ts';
import type { TrustKey } from './policy.ts';

/** What is the same for one key, however it is written: an Ed25519 key may be one of minisign and one in PEM. */
export function materialOf({ kind, key }: TrustKey): string {
  const pem = kind === 'cosign' ? parsePem(key) : undefined;
  if (pem?.asymmetricKeyType === 'ed25519') return publicBytes(pem).toString('hex');
  const bytes = pem === undefined ? parsePublicKey(key)?.bytes : spkiOf(pem);
  return bytes?.toString('hex') ?? key.trim();
}
