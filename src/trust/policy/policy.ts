/** How much must be known of a package before it is used, from little to much. */
export const REQUIREMENTS = ['none', 'integrity', 'signature'] as const;

export type Requirement = (typeof REQUIREMENTS)[number];

/**
 * Who is trusted, and what is required where. Plain values. Each layer has its own demands, and all of them must be met, so
 * that adding a layer never allows more.
 */
export interface TrustPolicy {
  /** The strictest first: what the company says, then what the user says. */
  readonly layers: readonly TrustLayer[];
}

export interface TrustLayer {
  /** The file it was read from. */
  readonly where: string;
  /** Where no rule of `sources` matches. */
  readonly require: Requirement;
  /** The content of a Sigstore `trusted_root.json`. */
  readonly root: Uint8Array | undefined;
  readonly keys: readonly TrustKey[];
  readonly identities: readonly TrustIdentity[];
  readonly sources: readonly SourceRule[];
}

export interface TrustKey {
  readonly name: string;
  /** `cosign` is any public key in PEM; Sigstore bundles made without a certificate are checked against it too. */
  readonly kind: 'minisign' | 'cosign' | 'gpg';
  /** The public key: `RW…`, PEM, or armored. */
  readonly key: string;
  /** From then on nothing it signed is taken. */
  readonly revoked: Date | undefined;
  readonly expires: Date | undefined;
  /** The name of the entry it stands in for. */
  readonly replaces: string | undefined;
}

/** Somebody a certificate of the trust root names. */
export interface TrustIdentity {
  readonly name: string;
  /** Who vouched for the subject, compared exactly. */
  readonly issuer: string;
  /** An address or URI; `*` stands for characters other than `/` and `@`. */
  readonly subject: string;
  /** What it signed before then stays good, as its time is in the log. */
  readonly revoked: Date | undefined;
  readonly expires: undefined;
  readonly replaces: string | undefined;
}

export interface SourceRule {
  /** A glob over the resolved source; `*` stands for any characters. */
  readonly match: string;
  readonly require: Requirement;
  /** Names of keys and identities; undefined means each of them. */
  readonly signers: readonly string[] | undefined;
  /** How many different signers there must be. */
  readonly threshold: number;
}
