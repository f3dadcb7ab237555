import type { DetachedSignature } from '../source/source.ts';
import type { OciClient } from './client.ts';
import { type Descriptor, type IndexEntry, parseManifest } from './manifest.ts';
import { MANIFEST_BYTES } from './client.ts';

const COSIGN = 'dev.cosignproject.cosign/signature';
const BUNDLE = /^application\/vnd\.dev\.sigstore\.bundle\.v0\.3\+json$/;
const MOST = 16;
const MOST_BYTES = 256 * 1024;

/**
 * Signatures that refer to a manifest: those of cosign under the tag `sha256-….sig`, and Sigstore bundles among its
 * referrers, or under the tag that stands in for these where a registry has none.
 */
export async function fetchSignatures(
  client: OciClient,
  { bytes, digest }: { readonly bytes: Uint8Array; readonly digest: string },
  shown: string,
): Promise<readonly DetachedSignature[]> {
  const tag = digest.replace(':', '-');
  const signatures: DetachedSignature[] = [];
  for (const { layer, blob } of await layersOf(client, `${tag}.sig`, shown)) {
    const signature = layer.annotations.get(COSIGN);
    if (signature !== undefined) signatures.push({ kind: 'cosign', payload: blob, signature: Buffer.from(signature) });
  }
  for (const { digest: referrer } of await referrersOf(client, digest, shown)) {
    for (const { layer, blob } of await layersOf(client, referrer, shown))
      if (BUNDLE.test(layer.mediaType)) signatures.push({ kind: 'sigstore', payload: bytes, signature: blob });
  }
  return signatures.slice(0, MOST);
}

async function layersOf(
  client: OciClient,
  reference: string,
  shown: string,
): Promise<readonly { readonly layer: Descriptor; readonly blob: Uint8Array }[]> {
  const found = await client.findManifest(reference);
  if (found === undefined) return [];
  const manifest = parseManifest(found.bytes, shown);
  if (manifest.kind !== 'artifact') return [];
  const small = manifest.layers.filter(({ size }) => size <= MOST_BYTES).slice(0, MOST);
  return Promise.all(small.map(async (layer) => ({ layer, blob: await client.blob(layer.digest, layer.size) })));
}

async function referrersOf(client: OciClient, digest: string, shown: string): Promise<readonly IndexEntry[]> {
  const answer = await client.ask(`referrers/${digest}`, { most: MANIFEST_BYTES });
  const listed = answer.status === 200 ? answer.bytes : (await client.findManifest(digest.replace(':', '-')))?.bytes;
  if (listed === undefined) return [];
  const index = parseManifest(listed, shown);
  return index.kind !== 'index'
    ? []
    : index.manifests.filter(({ artifactType }) => BUNDLE.test(artifactType)).slice(0, MOST);
}
