import type { Download } from '../download/download.ts';
import type { RawFile } from '../tree/raw-file.ts';

/**
 * One way packages get here. A request is text in the syntax of its source, as a person types it after `skill add`, as
 * `skills.lock` keeps it, and as registries and manifests never choose it.
 */
export interface Source {
  readonly kind: 'path' | 'git' | 'url' | 'oci' | 'registry';
  /**
   * Whether a request is of this kind, by its beginning alone. Kinds do not overlap; what none takes is no request.
   */
  takes(request: string): boolean;
  /**
   * Fetches what a request means, and says what it turned out to be. Nothing of it is written outside of
   * `surroundings.temporary`.
   * @throws SkillError E_USAGE for a request that is malformed, E_NOT_FOUND, E_NETWORK, E_TIMEOUT, E_PACKAGE, E_INTEGRITY,
   * E_AMBIGUOUS, E_UNSUPPORTED
   */
  fetch(request: string, surroundings: FetchSurroundings): Promise<Fetched>;
}

export interface FetchSurroundings {
  /** What relative paths are relative to. */
  readonly cwd: string;
  /** An empty folder of this fetch alone, removed after it. */
  readonly temporary: string;
  readonly download: Download;
  readonly signal: AbortSignal;
}

export interface Fetched {
  /**
   * A request for exactly this: with the commit instead of a branch, the digest instead of a tag, the sum of the archive.
   * Fetching it gives the same files, or fails.
   */
  readonly resolved: string;
  /** Of the folder that was asked for; paths are relative to it. */
  readonly files: readonly RawFile[];
  /** Whether the bytes were compared with a sum that was known before they were fetched. */
  readonly wasExpected: boolean;
  /** What the source says it is, where it says so: a package that is something else is refused. */
  readonly claims?: { readonly id: string; readonly version: string };
  /** Signatures that came beside the package, not in it. */
  readonly signatures: readonly DetachedSignature[];
}

/** A signature over something that is not the package itself, such as the manifest of an OCI artifact. */
export interface DetachedSignature {
  readonly kind: 'minisign' | 'cosign' | 'sigstore' | 'gpg';
  /** What was signed, byte by byte. */
  readonly payload: Uint8Array;
  /** The signature in the form of its kind: a minisign file, base64 of DER, a bundle as JSON, an armored signature. */
  readonly signature: Uint8Array;
}
