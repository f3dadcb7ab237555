import { quote, SkillError } from '../../host/index.ts';
import { endInTime } from '../download/end-in-time.ts';
import { OciClient, type OciWay } from '../oci/client.ts';
import type { Artifact } from '../oci/artifact.ts';
import { filesOf } from '../oci/files-of.ts';
import { parseManifest } from '../oci/manifest.ts';
import { isDigest, isOciRequest, type OciReference, parseOciReference } from '../oci/reference.ts';
import { fetchSignatures } from '../oci/signatures.ts';
import { filesBelow } from './files-below.ts';
import type { Source } from './source.ts';

export interface OciSourceOptions extends Pick<OciWay, 'privateHosts' | 'env'> {
  /** Of a whole fetch, however many layers it has, milliseconds; default 120,000. */
  readonly timeoutMs?: number;
}

/** An artifact of an OCI registry: `oci://host/name:tag` or `@sha256:…`. What it turned out to be names its digest. */
export function ociSource({ privateHosts, env, timeoutMs = 120_000 }: OciSourceOptions): Source {
  return {
    kind: 'oci',
    takes: isOciRequest,
    async fetch(request, { download, signal: outer }) {
      const reference = parseOciReference(request);
      const { host, name, folder } = reference;
      return endInTime({ signal: outer, ms: timeoutMs, shown: `oci://${host}/${name}` }, async (signal) => {
        const client = new OciClient(reference, 'pull', { download, signal, env, privateHosts });
        const { artifact, bytes } = await fetchArtifact(client, reference);
        const files = await filesOf(artifact, ({ digest, size }) => client.blob(digest, size));
        return {
          resolved: `oci://${host}/${name}@${artifact.digest}${folder === undefined ? '' : `#sub=${folder}`}`,
          files: folder === undefined ? files : filesBelow(files, folder, artifact.shown),
          wasExpected: isDigest(reference.reference),
          signatures: await fetchSignatures(client, { bytes, digest: artifact.digest }, artifact.shown),
        };
      });
    },
  };
}

async function fetchArtifact(
  client: OciClient,
  { host, name, reference }: OciReference,
): Promise<{ readonly artifact: Artifact; readonly bytes: Uint8Array }> {
  const shown = `oci://${host}/${name}`;
  const tag = isDigest(reference) ? undefined : reference;
  let found = await client.manifest(reference);
  let manifest = parseManifest(found.bytes, shown);
  if (manifest.kind === 'index') {
    const { manifests } = manifest;
    const [only, second] = manifests.length === 1 ? manifests : manifests.filter(({ platform }) => platform === '');
    if (only === undefined || second !== undefined)
      throw new SkillError('E_AMBIGUOUS', `${quote(shown, 300)} holds ${manifests.length} artifacts`, {
        hint: `name one by its digest: ${manifests
          .slice(0, 5)
          .map(({ digest, platform }) => `@${digest} ${platform}`.trim())
          .join(', ')}`,
        details: { reason: 'index' },
      });
    found = await client.manifest(only.digest);
    manifest = parseManifest(found.bytes, shown);
  }
  if (manifest.kind === 'index')
    throw new SkillError('E_PACKAGE', `${quote(shown, 300)} is an index of indexes`, {
      details: { reason: 'manifest' },
    });
  return { artifact: { manifest, name, tag, digest: found.digest, shown }, bytes: found.bytes };
}
