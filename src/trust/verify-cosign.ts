import { decodeBase64 } from './decode-base64.ts';
import { decodeText } from './decode-text.ts';
import { type Claim, type Finding, foundBy, malformed } from './finding.ts';
import { isSignedByPem, parsePem } from './pem-key.ts';
import type { TrustKey } from './policy/policy.ts';

/** The public keys in PEM that verify something. */
export function findPemSigners(
  keys: readonly TrustKey[],
  payload: Uint8Array,
  signature: Uint8Array,
): readonly TrustKey[] {
  return keys.filter(({ kind, key }) => {
    const parsed = kind === 'cosign' ? parsePem(key) : undefined;
    return parsed !== undefined && isSignedByPem(parsed, payload, signature);
  });
}

/**
 * Verifies a cosign signature: base64, over the payload. It names no key, so one that no trusted key made is by somebody
 * unknown. @throws SkillError E_SIGNATURE when it is not base64
 */
export function verifyCosign(claim: Claim, keys: readonly TrustKey[]): Finding {
  const { where, signature, payload } = claim;
  const bytes = decodeBase64((decodeText(signature) ?? '').replace(/\n$/, ''));
  if (bytes === undefined || bytes.length === 0 || bytes.length > 256) throw malformed(where, 'it is not base64');
  return foundBy(claim, 'a key it does not name', findPemSigners(keys, payload, bytes));
}
