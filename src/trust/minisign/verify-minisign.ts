import { createHash, verify } from 'node:crypto';
import { quote } from '../../../host/index.ts';
import { publicKeyOf } from '../ed25519.ts';
import { type Claim, type Finding, foundBy, malformed, unknownForm, wrong } from '../finding.ts';
import type { TrustKey } from '../policy/policy.ts';
import { parsePublicKey, showKeyId } from './public-key.ts';
import { type MinisignSignature, parseSignature } from './signature.ts';

/**
 * Verifies a minisign file over a payload. @throws SkillError E_SIGNATURE when it is malformed, or is by a known key and
 * does not verify
 */
export function verifyMinisign(claim: Claim, keys: readonly TrustKey[]): Finding {
  const { where, signature, payload } = claim;
  const parsed = parseSignature(signature);
  if (parsed === undefined) throw malformed(where, 'it is not the four lines of a minisign signature');
  const { algorithm, keyId } = parsed;
  if (algorithm !== 'Ed' && algorithm !== 'ED') throw unknownForm(where, `algorithm ${quote(algorithm)}`);
  const by = `key ${showKeyId(keyId)}`;
  const named = keys.flatMap((entry) => {
    const key = entry.kind === 'minisign' ? parsePublicKey(entry.key) : undefined;
    return key?.id.equals(keyId) === true ? [{ entry, bytes: key.bytes }] : [];
  });
  // Key ids are no secret: another key of the same id must not keep the right one from being found.
  const good = named.filter(({ bytes }) => isSignedBy(bytes, parsed, payload));
  if (named.length > 0 && good.length === 0) {
    throw wrong(where, `it names ${by} of ${named[0]?.entry.name}, which did not sign this package as it is`);
  }
  return foundBy(
    claim,
    by,
    good.map(({ entry }) => entry),
  );
}

function isSignedBy(bytes: Uint8Array, signature: MinisignSignature, payload: Uint8Array): boolean {
  const key = publicKeyOf(bytes);
  const signed = signature.algorithm === 'ED' ? createHash('blake2b512').update(payload).digest() : payload;
  const commented = Buffer.concat([signature.bytes, Buffer.from(signature.trustedComment)]);
  return verify(null, signed, key, signature.bytes) && verify(null, commented, key, signature.global);
}
