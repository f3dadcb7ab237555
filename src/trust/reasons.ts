import { type ErrorCode, SkillError } from '../../host/index.ts';

/** Every way the trust in a package can fail: the code of its error, and its sentence for the manual. */
export const TRUST_REASONS = {
  signature_missing: {
    code: 'E_SIGNATURE',
    means: 'A signature by a trusted signer is required for this source, and there is none.',
  },
  threshold_missed: { code: 'E_SIGNATURE', means: 'It is signed, but by fewer of the trusted signers than required.' },
  signature_wrong: {
    code: 'E_SIGNATURE',
    means: 'A signature names a trusted key, but what it signs is not this id, version and content.',
  },
  signature_malformed: { code: 'E_SIGNATURE', means: 'A signature file is not written as its kind is.' },
  signature_too_large: {
    code: 'E_SIGNATURE',
    means: 'A signature is larger than any honest one, or there are too many.',
  },
  algorithm_unknown: {
    code: 'E_SIGNATURE',
    means: 'A signature is of an algorithm or form that is not verified here.',
  },
  payload_foreign: {
    code: 'E_SIGNATURE',
    means: 'A signature beside the package signs something else than what the source was pinned to.',
  },
  key_revoked: { code: 'E_SIGNATURE', means: 'A signature is by a key or identity that was revoked.' },
  key_expired: { code: 'E_SIGNATURE', means: 'A signature is by a key that has expired.' },
  file_changed: { code: 'E_SIGNATURE', means: 'A signed list of files names another digest for a file.' },
  file_unlisted: { code: 'E_SIGNATURE', means: 'The package has a file that is not in its signed list of files.' },
  file_missing: { code: 'E_SIGNATURE', means: 'A signed list of files names a file that the package does not have.' },
  integrity_unknown: {
    code: 'E_INTEGRITY',
    means: 'This source must be known by a sum before it is fetched, and it was not.',
  },
  signature_removed: {
    code: 'E_DOWNGRADE',
    means: 'The version that is installed was signed by a trusted signer, and this one is not.',
  },
  signer_changed: {
    code: 'E_DOWNGRADE',
    means: 'The version that is installed was signed by another signer, which this one does not replace.',
  },
} as const satisfies Record<string, { code: ErrorCode; means: string }>;

export type TrustReason = keyof typeof TRUST_REASONS;

/** The error of a reason; `message` says what happened here, with values from outside quoted. */
export function refusal(reason: TrustReason, message: string, hint: string, cause?: unknown): SkillError {
  return new SkillError(TRUST_REASONS[reason].code, message, { hint, details: { reason }, cause });
}
