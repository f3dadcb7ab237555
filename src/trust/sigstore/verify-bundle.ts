import { createHash } from 'node:crypto';
import { quote } from '../../../host/index.ts';
import { type Finding, foundBy, unknownForm, wrong } from '../finding.ts';
import { parsePem, spkiOf } from '../pem-key.ts';
import type { TrustKey, TrustLayer } from '../policy/policy.ts';
import { findPemSigners } from '../verify-cosign.ts';
import type { BundleClaim } from './parse-bundle.ts';
import { verifyCertificate } from './verify-certificate.ts';

/** In the numbers of the protocol. */
const SHA2_256 = 1;

/**
 * Verifies a bundle over a payload, which for an envelope is its own: by the certificate in it and a trust root, or by a
 * public key of the policy. @throws SkillError E_SIGNATURE when it is by a known signer and does not verify
 */
export async function verifyBundle(claim: BundleClaim, layers: readonly TrustLayer[]): Promise<Finding> {
  const { bundle, where } = claim;
  const { content } = bundle;
  const sum: number =
    content.$case === 'messageSignature' ? content.messageSignature.messageDigest.algorithm : SHA2_256;
  if (sum !== SHA2_256) {
    throw unknownForm(where, 'it signs another sum than SHA-256');
  }
  const material = bundle.verificationMaterial.content;
  if (material.$case !== 'publicKey') return verifyCertificate(claim, layers);
  const keys = layers.flatMap((layer) => layer.keys);
  return verifyKey(claim, { keys, hint: material.publicKey.hint });
}

function verifyKey(
  claim: BundleClaim,
  { keys, hint }: { readonly keys: readonly TrustKey[]; readonly hint: string },
): Finding {
  const { where, payload } = claim;
  const { content } = claim.bundle;
  const found =
    content.$case === 'dsseEnvelope'
      ? findPemSigners(keys, encodeEnvelope(content.dsseEnvelope), content.dsseEnvelope.signatures[0]?.sig ?? NOTHING)
      : findPemSigners(keys, payload, content.messageSignature.signature);
  const meant = found.length === 0 ? keys.find((entry) => fingerprintsOf(entry).includes(hint)) : undefined;
  if (meant !== undefined) {
    throw wrong(where, `it names the key of ${meant.name}, which did not sign this package as it is`);
  }
  return foundBy(claim, hint === '' ? 'a key it does not name' : `key ${quote(hint)}`, found);
}

const NOTHING = new Uint8Array();

/** What a DSSE envelope signs: its type and its payload, each after its length. */
function encodeEnvelope({ payloadType, payload }: { readonly payloadType: string; readonly payload: Uint8Array }) {
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

/** The ways tools name a key in a bundle. */
export function fingerprintsOf({ kind, key }: TrustKey): readonly string[] {
  const parsed = kind === 'cosign' ? parsePem(key) : undefined;
  if (parsed === undefined) return [];
  const ofDer = createHash('sha256').update(spkiOf(parsed)).digest();
  const ofPem = createHash('sha256').update(parsed.export({ format: 'pem', type: 'spki' }));
  return [ofDer.toString('base64'), ofDer.toString('hex'), ofPem.digest('hex')];
}
