import type { TrustIdentity, TrustKey } from './policy/policy.ts';
import { refusal } from './reasons.ts';

export type SignatureKind = 'minisign' | 'cosign' | 'sigstore' | 'oms' | 'gpg';

/** What looking at one signature came to, when it was not refused. */
export interface Finding {
  readonly kind: SignatureKind;
  /** Where it was found, for sentences: `skill.minisig`, or `a cosign signature beside the package`. */
  readonly where: string;
  /** The key or identity as the signature itself names it, which nobody may know. */
  readonly by: string;
  /** The entries of the policy it was verified against. None: nobody here knows the signer, and nothing was verified. */
  readonly signers: readonly (TrustKey | TrustIdentity)[];
  /** When it was made at the latest, where a log or a time authority says so. */
  readonly signedAt: Date | undefined;
}

/** One signature, and what it must be over. */
export interface Claim {
  readonly kind: SignatureKind;
  readonly where: string;
  readonly signature: Uint8Array;
  readonly payload: Uint8Array;
}

/** What is known of a claim: whom it says it is by, and which signers of the policy it was verified against, if any. */
export function foundBy(
  { kind, where }: Pick<Claim, 'kind' | 'where'>,
  by: string,
  signers: Finding['signers'],
  signedAt?: Date,
): Finding {
  return { kind, where, by, signers, signedAt };
}

/**
 * Refuses a signature by a signer that was no longer good when it was made, or, where nobody knows when, now.
 * @throws SkillError E_SIGNATURE
 */
export function checkValidity({ signers, where, signedAt }: Finding, now: Date): void {
  const at = signedAt ?? now;
  for (const { name, revoked, expires } of signers) {
    if (revoked !== undefined && at >= revoked) {
      const message = `${where} is by ${name}, which was revoked on ${revoked.toISOString()}.`;
      throw refusal('key_revoked', message, 'ask the publisher for a version signed with a current key');
    }
    if (expires !== undefined && at >= expires) {
      const message = `${where} is by ${name}, which expired on ${expires.toISOString()}.`;
      throw refusal('key_expired', message, 'ask the publisher for a version signed with a current key');
    }
  }
}

/** A signature that names a trusted signer and does not verify. */
export function wrong(where: string, why: string, cause?: unknown): Error {
  const message = `${where} is wrong: ${why}.`;
  return refusal('signature_wrong', message, 'do not use this package; fetch it again from its publisher', cause);
}

export function malformed(where: string, why: string, cause?: unknown): Error {
  const hint = 'do not use this package; ask its publisher to sign it again';
  return refusal('signature_malformed', `${where} cannot be read: ${why}.`, hint, cause);
}

export function unknownForm(where: string, why: string): Error {
  return refusal('algorithm_unknown', `${where} is of a form that is not verified here: ${why}.`, WITH_MINISIGN);
}

const WITH_MINISIGN = 'sign it with: skill pack --sign KEYFILE';
