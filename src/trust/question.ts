import type { DetachedSignature } from '../source/source.ts';
import type { RawFile } from '../tree/raw-file.ts';
import type { SignatureKind } from './finding.ts';
import type { TrustPolicy } from './policy/policy.ts';
import type { Signed } from './statement.ts';
import type { TrustStep } from './steps.ts';

export interface TrustQuestion extends Signed {
  readonly policy: TrustPolicy;
  /** As the source resolved it: with the commit, the digest, the sum. */
  readonly source: string;
  /** Whether the bytes were compared with a sum that was known before. */
  readonly wasExpected: boolean;
  /** Of the tree, without signature files; `tree` is its sum. */
  readonly files: readonly RawFile[];
  readonly signatures: {
    /** The contents of SIGNATURE_FILES that are there. */
    readonly inside: ReadonlyMap<string, Uint8Array>;
    readonly beside: readonly DetachedSignature[];
  };
  /** What the lockfile says of the installed version, if one is. */
  readonly previous?: Previous | undefined;
  readonly now: Date;
  /** What somebody said yes to. */
  readonly accept?: { readonly signerChange?: boolean } | undefined;
}

export interface TrustVerdict {
  readonly ok: true;
  /** The one to keep in the lockfile; undefined when nobody who is known signed. `signer` is its name in the policy. */
  readonly signature: { readonly kind: SignatureKind; readonly signer: string; readonly verified: true } | undefined;
  /** What was checked, in order. */
  readonly steps: readonly TrustStep[];
}

/** The signature of the installed version, as the lockfile keeps it. */
export interface Previous {
  readonly signer: string;
  readonly verified: boolean;
  readonly version: string;
}
