import { createHash } from 'node:crypto';
import { type Claim, type Finding, wrong } from '../finding.ts';
import type { TrustLayer } from '../policy/policy.ts';
import { parseStatement } from './in-toto.ts';
import { parseBundle } from './parse-bundle.ts';
import { verifyBundle } from './verify-bundle.ts';

/** What `cosign sign` states, from version 3 on. Other predicates say how something was made, not that it is good. */
const SIGNED_BY_COSIGN = 'https://sigstore.dev/cosign/sign/v1';

/**
 * Verifies a Sigstore bundle over a payload: with a signature over it, or with an envelope in which cosign signs its sum.
 * Undefined for an envelope of somebody known that attests something else.
 * @throws SkillError E_SIGNATURE, E_USAGE
 */
export async function verifySigstore(claim: Claim, layers: readonly TrustLayer[]): Promise<Finding | undefined> {
  const { where, payload } = claim;
  const bundle = await parseBundle(where, claim.signature);
  const finding = await verifyBundle({ ...claim, bundle }, layers);
  if (bundle.content.$case === 'messageSignature' || finding.signers.length === 0) return finding;
  const { predicateType, subjects } = parseStatement(where, bundle.content.dsseEnvelope);
  if (predicateType !== SIGNED_BY_COSIGN) return undefined;
  const sum = createHash('sha256').update(payload).digest('hex');
  if (subjects.length === 1 && subjects[0] === sum) return finding;
  throw wrong(where, `it is by ${finding.signers[0]?.name}, who signed something else`);
}
