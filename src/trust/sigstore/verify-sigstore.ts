import { type Claim, type Finding, unknownForm } from '../finding.ts';
import type { TrustLayer } from '../policy/policy.ts';
import { parseBundle } from './parse-bundle.ts';
import { verifyBundle } from './verify-bundle.ts';

/** Verifies a Sigstore bundle with a signature over a payload. @throws SkillError E_SIGNATURE, E_USAGE */
export async function verifySigstore(claim: Claim, layers: readonly TrustLayer[]): Promise<Finding> {
  const bundle = await parseBundle(claim.where, claim.signature);
  if (bundle.content.$case !== 'messageSignature') {
    throw unknownForm(claim.where, 'it has an envelope of its own instead of a signature');
  }
  return verifyBundle({ ...claim, bundle }, layers);
}
