import type { OciManifest } from './manifest.ts';

/** An artifact that was found, of which the layers are not fetched yet. */
export interface Artifact {
  readonly manifest: Extract<OciManifest, { readonly kind: 'artifact' }>;
  readonly name: string;
  readonly tag: string | undefined;
  readonly digest: string;
  readonly shown: string;
}
