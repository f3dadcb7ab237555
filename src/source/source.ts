/** A signature over something that is not the package itself, such as the manifest of an OCI artifact. */
export interface DetachedSignature {
  readonly kind: 'minisign' | 'cosign' | 'sigstore' | 'gpg';
  /** What was signed, byte by byte. */
  readonly payload: Uint8Array;
  /** The signature in the form of its kind: a minisign file, base64 of DER, a bundle as JSON, an armored signature. */
  readonly signature: Uint8Array;
}
