import { quote, SkillError } from '../../host/index.ts';
import { digestOf, MANIFEST_BYTES, OciClient, type OciWay } from './client.ts';
import { isDigest, type OciReference } from './reference.ts';

export interface Push {
  readonly archive: Uint8Array;
  readonly id: string;
  readonly version: string;
  readonly description: string;
  /** Signs what cosign signs: the payload that names the manifest. @returns base64 */
  readonly sign?: (payload: Uint8Array) => string;
}

const SKILL = 'application/vnd.skillhost.skill.v1';
const LAYER = `${SKILL}.tar+gzip`;
const IMAGE = 'application/vnd.oci.image.manifest.v1+json';
const SIMPLE_SIGNING = 'application/vnd.dev.cosign.simplesigning.v1+json';
const EMPTY = { mediaType: 'application/vnd.oci.empty.v1+json', digest: digestOf(Buffer.from('{}')), size: 2 };

/**
 * Pushes a skill as an OCI 1.1 artifact with one archive as its layer. The same archive makes the same manifest.
 * @returns the digest of the manifest
 * @throws SkillError E_CONFLICT when its tag is there with other bytes; E_DENIED, E_NETWORK, E_USAGE
 */
export async function pushSkill(
  { archive, id, version, description, sign }: Push,
  to: OciReference,
  way: OciWay,
): Promise<string> {
  if (isDigest(to.reference))
    throw new SkillError('E_USAGE', 'a digest cannot be pushed to: it is what comes of it', {
      hint: 'write a tag, such as :1.2.0',
    });
  const client = new OciClient(to, 'pull,push', way);
  const manifest = encode({
    schemaVersion: 2,
    mediaType: IMAGE,
    artifactType: SKILL,
    config: EMPTY,
    layers: [
      {
        mediaType: LAYER,
        digest: digestOf(archive),
        size: archive.length,
        annotations: { 'org.opencontainers.image.title': `${id}-${version}.tgz` },
      },
    ],
    annotations: {
      'org.opencontainers.image.description': description,
      'org.opencontainers.image.title': id,
      'org.opencontainers.image.version': version,
    },
  });
  const before = await client.findManifest(to.reference);
  const digest = digestOf(manifest);
  if (before !== undefined && before.digest !== digest && to.reference !== 'latest')
    throw new SkillError(
      'E_CONFLICT',
      `${quote(`${to.host}/${to.name}:${to.reference}`, 300)} is there with other bytes`,
      {
        hint: 'a published version never changes: raise the version of the skill, or push to another tag',
        details: { reason: 'published' },
      },
    );
  await putBlob(client, archive);
  await putBlob(client, Buffer.from('{}'));
  await putManifest(client, manifest, to.reference);
  if (sign !== undefined) await pushSignature(client, { digest, sign }, to);
  return digest;
}

/** As `cosign sign --key` does. */
async function pushSignature(
  client: OciClient,
  { digest, sign }: { readonly digest: string; readonly sign: (payload: Uint8Array) => string },
  { host, name }: OciReference,
): Promise<void> {
  const payload = encode({
    critical: {
      identity: { 'docker-reference': `${host}/${name}` },
      image: { 'docker-manifest-digest': digest },
      type: 'cosign container image signature',
    },
    optional: null,
  });
  await putBlob(client, payload);
  await putBlob(client, Buffer.from('{}'));
  const layer = { mediaType: SIMPLE_SIGNING, digest: digestOf(payload), size: payload.length };
  const annotations = { 'dev.cosignproject.cosign/signature': sign(payload) };
  const manifest = encode({ schemaVersion: 2, mediaType: IMAGE, config: EMPTY, layers: [{ ...layer, annotations }] });
  await putManifest(client, manifest, `${digest.replace(':', '-')}.sig`);
}

async function putBlob(client: OciClient, bytes: Uint8Array): Promise<void> {
  const digest = digestOf(bytes);
  const there = await client.ask(`blobs/${digest}`, { method: 'HEAD', most: MANIFEST_BYTES });
  if (there.status === 200) return;
  const begun = await client.ask('blobs/uploads/', { method: 'POST', most: MANIFEST_BYTES });
  client.requireStatus(begun, 202);
  const location = new URL(begun.headers['location'] ?? '', begun.url);
  location.searchParams.set('digest', digest);
  const headers = { 'content-type': 'application/octet-stream' };
  client.requireStatus(
    await client.ask(location.href, { method: 'PUT', headers, body: bytes, most: MANIFEST_BYTES }),
    201,
  );
}

async function putManifest(client: OciClient, manifest: Uint8Array, tag: string): Promise<void> {
  const headers = { 'content-type': IMAGE };
  client.requireStatus(
    await client.ask(`manifests/${tag}`, { method: 'PUT', headers, body: manifest, most: MANIFEST_BYTES }),
    201,
  );
}

function encode(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}
