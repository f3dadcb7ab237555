import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SkillError } from '../../host/index.ts';
import { ARCHIVE_CEILINGS } from '../../src/archive/ceilings.ts';
import { packFiles } from '../../src/archive/pack.ts';
import { createDownload } from '../../src/download/create-download.ts';
import type { Download } from '../../src/download/download.ts';
import { addSkills } from '../../src/install/add.ts';
import type { Artifact } from '../../src/oci/artifact.ts';
import { parseChallenge } from '../../src/oci/challenge.ts';
import { filesOf } from '../../src/oci/files-of.ts';
import { parseOciReference } from '../../src/oci/reference.ts';
import { pushSkill } from '../../src/oci/push.ts';
import { ociSource } from '../../src/source/oci.ts';
import type { Fetched } from '../../src/source/source.ts';
import { signCosign } from '../../src/trust/index.ts';
import type { RawFile } from '../../src/tree/raw-file.ts';
import { addOptions, openBench } from '../install/support.ts';
import { guest, manifest, scratch } from '../runtime/folders.ts';
import { type FakeRegistry, fakeRegistry, IMAGE, sha256 } from './fake-registry.ts';

const root = scratch();
let count = 0;
const { signal } = new AbortController();
const file = (path: string, text: string): RawFile => ({ path, bytes: Buffer.from(text), executable: false });
const FILES = [
  file('skill.toml', manifest('team.greet').replace('1.2.3', '1.0.0')),
  file('knowledge/overview.md', '# Greets\n'),
];
const LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip';
const SKILL = 'application/vnd.skillhost.skill.v1';

function way(host: string, env: Readonly<Record<string, string>> = {}) {
  const privateHosts = [host];
  return {
    download: createDownload({ privateHosts, totalMs: 5_000 }),
    signal,
    env: { HOME: root, ...env },
    privateHosts,
  };
}
function fetch(host: string, request: string, env: Readonly<Record<string, string>> = {}): Promise<Fetched> {
  const { download, privateHosts, env: around } = way(host, env);
  return ociSource({ privateHosts, env: around }).fetch(request, { cwd: root, temporary: root, download, signal });
}
const pathsOf = ({ files }: Fetched): readonly string[] => files.map(({ path }) => path).toSorted();

async function push(
  host: string,
  tag: string,
  changes: { version?: string; files?: readonly RawFile[]; sign?: (payload: Uint8Array) => string } = {},
): Promise<string> {
  const { version = '1.0.0', files = FILES, sign } = changes;
  const archive = await packFiles(files);
  const what = { archive, id: 'team.greet', version, description: 'Greets', ...(sign !== undefined && { sign }) };
  return pushSkill(what, parseOciReference(`oci://${host}/team/greet:${tag}`), way(host));
}

/** An artifact of these layers under the tag 1.0.0. */
function artifact(registry: FakeRegistry, layers: readonly object[], changes: object = {}): string {
  const config = { mediaType: 'application/vnd.oci.empty.v1+json', ...registry.blob('{}') };
  return registry.manifest('1.0.0', { schemaVersion: 2, mediaType: IMAGE, config, layers, ...changes });
}

describe('a reference [R-OCI-1]', () => {
  it.each([
    ['oci://ghcr.io/acme/greet', { host: 'ghcr.io', name: 'acme/greet', reference: 'latest', folder: undefined }],
    ['oci://127.0.0.1:5000/greet:1.0', { host: '127.0.0.1:5000', name: 'greet', reference: '1.0', folder: undefined }],
    [
      `oci://a.example.org/x/y_z@sha256:${'a'.repeat(64)}`,
      { host: 'a.example.org', name: 'x/y_z', reference: `sha256:${'a'.repeat(64)}` },
    ],
    [
      `oci://a.example.org/x:1.0@sha256:${'a'.repeat(64)}#sub=b/c`,
      { reference: `sha256:${'a'.repeat(64)}`, folder: 'b/c' },
    ],
    ['oci://a.example.org/x#sub=a&sub=b', { reference: 'latest', folder: 'a/b' }],
  ])('%s is understood', (request, wanted) => {
    expect(parseOciReference(request)).toMatchObject(wanted);
  });

  it.each([
    'oci://ghcr.io',
    'oci://ghcr.io/',
    'oci:///greet',
    'oci://user:password@ghcr.io/acme/greet',
    'oci://ghcr.io/Acme/greet',
    'oci://ghcr.io/acme/../greet',
    'oci://ghcr.io/acme//greet',
    'oci://ghcr.io/acme/greet:',
    'oci://ghcr.io/acme/greet:a b',
    'oci://ghcr.io/acme/greet:-a',
    'oci://ghcr.io/acme/greet@sha256:abc',
    `oci://ghcr.io/acme/greet@md5:${'a'.repeat(64)}`,
    'oci://ghcr.io/acme/greet#sub=../a',
    'oci://ghcr.io/acme/greet#other',
    'oci://ghcr.io:port/acme/greet',
    `oci://ghcr.io/${'a'.repeat(300)}`,
    'oci://-ghcr.io/acme/greet',
  ])('%s is refused', (request) => {
    expect(() => parseOciReference(request)).toThrow(
      expect.objectContaining({ code: 'E_USAGE', hint: expect.any(String) }),
    );
  });

  it('is parsed or refused, whatever it is', () => {
    const parts = [
      'a',
      'b1',
      '.',
      '..',
      '-',
      '_',
      '/',
      ':',
      '@',
      '#sub=',
      'sha256:',
      'f'.repeat(64),
      'A',
      '%2e',
      '?',
      '[::1]',
    ];
    const near = fc
      .array(fc.constantFrom(...parts), { maxLength: 8 })
      .map((some) => `registry.example.org/a${some.join('')}`);
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), near), (text) => {
        try {
          const { host, name, reference } = parseOciReference(`oci://${text}`);
          const url = new URL(`https://${host}/v2/${name}/manifests/${reference}`);
          expect([url.host, url.pathname]).toEqual([host, `/v2/${name}/manifests/${reference}`]);
        } catch (error) {
          if (!(error instanceof SkillError)) throw error;
          expect(error.code).toBe('E_USAGE');
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('an artifact that was pushed [R-OCI-2]', () => {
  it('is pulled as it was, by tag, and by the digest it is pinned to', async () => {
    const { host } = await fakeRegistry();
    const digest = await push(host, '1.0.0');
    const fetched = await fetch(host, `oci://${host}/team/greet:1.0.0`);
    expect(fetched).toMatchObject({
      resolved: `oci://${host}/team/greet@${digest}`,
      wasExpected: false,
      signatures: [],
    });
    expect(pathsOf(fetched)).toEqual(['knowledge/overview.md', 'skill.toml']);
    expect(await fetch(host, fetched.resolved)).toMatchObject({ resolved: fetched.resolved, wasExpected: true });
  });

  it('has the same digest when it is pushed again, and is pushed once', async () => {
    const registry = await fakeRegistry();
    const first = await push(registry.host, '1.0.0');
    registry.asked.length = 0;
    expect(await push(registry.host, '1.0.0')).toBe(first);
    expect(registry.asked.filter((asked) => asked.startsWith('POST'))).toEqual([]);
  });

  it('never changes under a version', async () => {
    const { host } = await fakeRegistry();
    const first = await push(host, '1.0.0');
    const other = [...FILES, file('knowledge/more.md', '# More\n')];
    await expect(push(host, '1.0.0', { files: other })).rejects.toMatchObject({ code: 'E_CONFLICT' });
    expect((await fetch(host, `oci://${host}/team/greet:1.0.0`)).resolved).toContain(first);
    await push(host, 'latest');
    expect(await push(host, 'latest', { files: other })).not.toBe(first);
  });

  it('carries the signature that cosign would make', async () => {
    const { host } = await fakeRegistry();
    const { privateKey } = generateKeyPairSync('ed25519');
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const digest = await push(host, '1.0.0', { sign: (payload) => signCosign(payload, pem) });
    const { signatures } = await fetch(host, `oci://${host}/team/greet:1.0.0`);
    expect(signatures).toHaveLength(1);
    expect(signatures[0]?.kind).toBe('cosign');
    expect(JSON.parse(Buffer.from(signatures[0]?.payload ?? []).toString())).toMatchObject({
      critical: { image: { 'docker-manifest-digest': digest } },
    });
  });

  it('is installed, and its digest kept', async () => {
    const { host } = await fakeRegistry();
    const digest = await push(host, '1.0.0');
    const { download, env, privateHosts } = way(host);
    const options = addOptions();
    const supply = { ...options.supply, sources: [ociSource({ privateHosts, env })], download };
    const [added] = await addSkills(
      [`oci://${host}/team/greet:1.0.0`],
      { ...options, supply },
      openBench(join(root, `h${count++}`)).installation,
    );
    expect(added?.skill).toMatchObject({ id: 'team.greet', source: `oci://${host}/team/greet@${digest}` });
  });
});

describe('artifacts that others publish [R-OCI-3]', () => {
  it('have several layers, or files one by one', async () => {
    const registry = await fakeRegistry();
    const [toml, overview] = FILES;
    const packed = registry.blob(await packFiles(overview === undefined ? [] : [overview]));
    artifact(registry, [
      { mediaType: LAYER, ...packed },
      {
        mediaType: 'text/plain',
        ...registry.blob(toml?.bytes ?? ''),
        annotations: { 'org.opencontainers.image.title': 'skill.toml' },
      },
    ]);
    // One folder that holds everything is left out, as of any archive.
    expect(pathsOf(await fetch(registry.host, `oci://${registry.host}/team/greet:1.0.0`))).toEqual([
      'overview.md',
      'skill.toml',
    ]);
  });

  it.each(['application/wasm', 'application/vnd.wasm.content.layer.v1+wasm'])(
    'are a module (%s), which is run as a skill that asks for nothing',
    async (mediaType) => {
      const registry = await fakeRegistry();
      artifact(registry, [{ mediaType, ...registry.blob(await guest('one')) }], {
        annotations: { 'org.opencontainers.image.description': 'Says one' },
      });
      const { download, env, privateHosts } = way(registry.host);
      const options = addOptions();
      const supply = { ...options.supply, sources: [ociSource({ privateHosts, env })], download };
      const bench = openBench(join(root, `h${count++}`));
      const [added] = await addSkills(
        [`oci://${registry.host}/acme/my_module:1.0.0`],
        { ...options, supply },
        bench.installation,
      );
      expect(added?.skill).toMatchObject({ id: 'acme.my-module', version: '1.0.0', granted: {} });
    },
  );

  it('are one of an index', async () => {
    const registry = await fakeRegistry();
    const digest = artifact(registry, [{ mediaType: LAYER, ...registry.blob(await packFiles(FILES)) }]);
    const entry = { mediaType: IMAGE, digest, size: 10 };
    const index = (manifests: readonly object[]): string => registry.manifest('all', { schemaVersion: 2, manifests });
    index([entry]);
    expect((await fetch(registry.host, `oci://${registry.host}/team/greet:all`)).resolved).toContain(digest);
    index([{ ...entry, platform: { os: 'linux', architecture: 'amd64' } }, entry]);
    expect((await fetch(registry.host, `oci://${registry.host}/team/greet:all`)).resolved).toContain(digest);
    index([
      { ...entry, platform: { os: 'linux', architecture: 'amd64' } },
      { ...entry, platform: { os: 'linux', architecture: 'arm64' } },
    ]);
    await expect(fetch(registry.host, `oci://${registry.host}/team/greet:all`)).rejects.toMatchObject({
      code: 'E_AMBIGUOUS',
      hint: expect.stringContaining('linux/arm64'),
    });
  });

  it('have Sigstore bundles among their referrers, or under the tag that stands in for them', async () => {
    const registry = await fakeRegistry();
    const digest = artifact(registry, [{ mediaType: LAYER, ...registry.blob(await packFiles(FILES)) }]);
    const type = 'application/vnd.dev.sigstore.bundle.v0.3+json';
    const bundle = registry.manifest('bundle', {
      schemaVersion: 2,
      layers: [{ mediaType: type, ...registry.blob('{"bundle":1}') }],
    });
    registry.manifest(digest.replace(':', '-'), {
      schemaVersion: 2,
      manifests: [{ mediaType: IMAGE, digest: bundle, size: 10, artifactType: type }],
    });
    const { signatures } = await fetch(registry.host, `oci://${registry.host}/team/greet:1.0.0`);
    expect(signatures.map(({ kind, signature }) => [kind, Buffer.from(signature).toString()])).toEqual([
      ['sigstore', '{"bundle":1}'],
    ]);
    expect(sha256(signatures[0]?.payload ?? '')).toBe(digest);
  });
});

describe('a registry that lies [R-OCI-4]', () => {
  type Spoil = (registry: FakeRegistry, layer: { digest: string; size: number }) => void;
  const reply = (
    pattern: RegExp,
    status: number,
    body: string | Buffer = '',
    headers: Record<string, string> = {},
  ): Spoil => {
    return (registry) => {
      registry.answer = (request, response) => {
        if (!pattern.test(request.url ?? '')) return false;
        response.writeHead(status, headers).end(body);
        return true;
      };
    };
  };
  const layered =
    (changes: object): Spoil =>
    (registry, layer) =>
      void artifact(registry, [{ mediaType: LAYER, ...layer, ...changes }]);

  it.each<[what: string, spoil: Spoil, code: string]>([
    [
      'a blob of other bytes',
      (registry, { digest }) => registry.blobs.set(digest, Buffer.from('other')),
      'E_INTEGRITY',
    ],
    [
      'a blob that is longer',
      (registry, { digest, size }) => registry.blobs.set(digest, Buffer.alloc(size + 10)),
      'E_PACKAGE',
    ],
    [
      'a blob that is cut',
      (registry, { digest, size }) =>
        registry.blobs.set(digest, registry.blobs.get(digest)?.subarray(0, size - 1) ?? Buffer.alloc(0)),
      'E_INTEGRITY',
    ],
    ['a size that is wrong', layered({ size: 5 }), 'E_PACKAGE'],
    ['a size that is none', layered({ size: -1 }), 'E_PACKAGE'],
    ['a size beyond all', layered({ size: 1e12 }), 'E_PACKAGE'],
    [
      'layers that are too much together',
      (registry, layer) =>
        void artifact(
          registry,
          [1, 2, 3].map(() => ({ mediaType: LAYER, ...layer, size: Math.ceil(ARCHIVE_CEILINGS.bytes / 2) })),
        ),
      'E_PACKAGE',
    ],
    ['a digest of another kind', layered({ digest: `md5:${'a'.repeat(32)}` }), 'E_PACKAGE'],
    ['a digest that is a path', layered({ digest: 'sha256:../../etc/passwd' }), 'E_PACKAGE'],
    [
      'a layer that is no archive',
      (registry) => void artifact(registry, [{ mediaType: LAYER, ...registry.blob('no archive') }]),
      'E_PACKAGE',
    ],
    [
      'a layer packed as nobody reads',
      layered({ mediaType: 'application/vnd.oci.image.layer.v1.tar+zstd' }),
      'E_UNSUPPORTED',
    ],
    ['a layer of its own kind', layered({ mediaType: 'application/x-other' }), 'E_UNSUPPORTED'],
    [
      'layers that undo each other',
      (registry) =>
        void artifact(registry, [
          {
            mediaType: 'a',
            ...registry.blob('x'),
            annotations: { 'org.opencontainers.image.title': 'bin/.wh.skill.toml' },
          },
        ]),
      'E_PACKAGE',
    ],
    [
      'more layers than there are',
      (registry, layer) =>
        void artifact(
          registry,
          Array.from({ length: 300 }, () => ({ mediaType: LAYER, ...layer })),
        ),
      'E_PACKAGE',
    ],
    [
      'a manifest of version 1',
      (registry) => void registry.manifest('1.0.0', { schemaVersion: 1, fsLayers: [] }),
      'E_PACKAGE',
    ],
    ['a manifest without anything', (registry) => void registry.manifest('1.0.0', {}), 'E_PACKAGE'],
    ['a page for a manifest', reply(/manifests/, 200, '<html></html>', { 'content-type': 'text/html' }), 'E_PACKAGE'],
    [
      'a manifest of another digest',
      reply(/manifests/, 200, '{}', { 'docker-content-digest': `sha256:${'a'.repeat(64)}` }),
      'E_INTEGRITY',
    ],
    ['a manifest beyond all', reply(/manifests/, 200, Buffer.alloc(5 * 2 ** 20)), 'E_PACKAGE'],
    [
      'an index of indexes',
      (registry) => {
        const inner = registry.manifest('inner', { schemaVersion: 2, manifests: [] });
        registry.manifest('1.0.0', { schemaVersion: 2, manifests: [{ mediaType: IMAGE, digest: inner, size: 1 }] });
      },
      'E_PACKAGE',
    ],
    ['nothing there', reply(/manifests/, 404), 'E_NOT_FOUND'],
    ['nobody let in', reply(/manifests/, 403), 'E_DENIED'],
    ['a server that fails', reply(/manifests/, 500), 'E_NETWORK'],
    ['no blob', reply(/blobs/, 404), 'E_NOT_FOUND'],
    ['a login of a kind nobody knows', reply(/manifests/, 401, '', { 'www-authenticate': 'Negotiate x' }), 'E_DENIED'],
    ['a login without credentials', reply(/manifests/, 401, '', { 'www-authenticate': 'Basic realm="x"' }), 'E_DENIED'],
    [
      'a token from no address',
      reply(/manifests/, 401, '', { 'www-authenticate': 'Bearer realm="nowhere"' }),
      'E_NETWORK',
    ],
    [
      'a token from a private address',
      reply(/manifests/, 401, '', { 'www-authenticate': 'Bearer realm="https://10.0.0.1/token"' }),
      'E_DENIED',
    ],
    [
      'a token from a file',
      reply(/manifests/, 401, '', { 'www-authenticate': 'Bearer realm="file:///etc/passwd"' }),
      'E_DENIED',
    ],
  ])('%s is refused', async (_, spoil, code) => {
    const registry = await fakeRegistry();
    const layer = registry.blob(await packFiles(FILES));
    artifact(registry, [{ mediaType: LAYER, ...layer }]);
    spoil(registry, layer);
    await expect(fetch(registry.host, `oci://${registry.host}/team/greet:1.0.0`)).rejects.toMatchObject({ code });
  });

  it('that is slow with each of many layers ends in its time', async () => {
    const registry = await fakeRegistry();
    const layers = ['a', 'b', 'c', 'd', 'e', 'f'].map((text) => ({
      mediaType: LAYER,
      ...registry.blob(text.repeat(9)),
    }));
    artifact(registry, layers);
    registry.answer = (request, response) => {
      if (request.url?.includes('/blobs/') !== true) return false;
      // Within what one download may take.
      setTimeout(() => response.end(), 1_000).unref();
      return true;
    };
    const { download, env, privateHosts } = way(registry.host);
    const source = ociSource({ privateHosts, env, timeoutMs: 200 });
    const fetched = source.fetch(`oci://${registry.host}/team/greet:1.0.0`, {
      cwd: root,
      temporary: root,
      download,
      signal,
    });
    await expect(fetched).rejects.toMatchObject({ code: 'E_TIMEOUT', details: { reason: 'total' } });
  });

  it('about the manifest of a digest is found out', async () => {
    const registry = await fakeRegistry();
    await push(registry.host, '1.0.0');
    const other = registry.manifests.get('1.0.0');
    const asked = `sha256:${'b'.repeat(64)}`;
    if (other !== undefined) registry.manifests.set(asked, other);
    await expect(fetch(registry.host, `oci://${registry.host}/team/greet@${asked}`)).rejects.toMatchObject({
      code: 'E_INTEGRITY',
    });
  });

  it('and names another server to push to gets nothing', async () => {
    const registry = await fakeRegistry();
    const thief = await fakeRegistry();
    registry.answer = (request, response) => {
      if (request.method !== 'POST') return false;
      response.writeHead(202, { location: `http://${thief.host}/v2/x/blobs/uploads/1` }).end();
      return true;
    };
    await expect(push(registry.host, '1.0.0')).rejects.toMatchObject({ code: 'E_NETWORK' });
    expect(thief.asked).toEqual([]);
  });
});

describe('logging in [R-OCI-5]', () => {
  const LOGIN = Buffer.from('me:secret').toString('base64');
  function dockerConfig(host: string): Readonly<Record<string, string>> {
    const folder = join(root, `docker${count++}`);
    mkdirSync(folder);
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths: { [host]: { auth: LOGIN } } }));
    return { DOCKER_CONFIG: folder };
  }
  function guarded(registry: FakeRegistry, challenge: string): void {
    registry.answer = (request, response) => {
      const { url = '', headers } = request;
      if (url.startsWith('/token')) {
        response.end(JSON.stringify({ token: 'a-token' }));
        return true;
      }
      if (url === '/v2/' || headers.authorization === 'Bearer a-token' || headers.authorization === `Basic ${LOGIN}`)
        return false;
      response.writeHead(401, { 'www-authenticate': challenge }).end();
      return true;
    };
  }

  it('asks for a token of just this repository, without credentials when there are none', async () => {
    const registry = await fakeRegistry();
    await push(registry.host, '1.0.0');
    guarded(registry, `Bearer realm="http://${registry.host}/token",service="here"`);
    registry.asked.length = 0;
    await fetch(registry.host, `oci://${registry.host}/team/greet:1.0.0`);
    expect(registry.asked.filter((asked) => asked.includes('/token'))).toEqual([
      'GET /token?scope=repository%3Ateam%2Fgreet%3Apull&service=here',
    ]);
    expect(new Set(registry.authorized)).toEqual(new Set(['Bearer a-token']));
  });

  it('uses what docker login wrote down, for that host alone', async () => {
    const registry = await fakeRegistry();
    await push(registry.host, '1.0.0');
    guarded(registry, 'Basic realm="x"');
    await fetch(registry.host, `oci://${registry.host}/team/greet:1.0.0`, dockerConfig(registry.host));
    expect(new Set(registry.authorized)).toEqual(new Set([`Basic ${LOGIN}`]));
    await expect(
      fetch(registry.host, `oci://${registry.host}/team/greet:1.0.0`, dockerConfig('other.example.org')),
    ).rejects.toMatchObject({
      code: 'E_DENIED',
      hint: expect.stringContaining('docker login'),
    });
  });

  it.each(['Basic realm="x"', 'Bearer realm="http://registry.test/token"'])(
    'tells nobody on the way who you are, where there is no HTTPS: %s',
    async (challenge) => {
      const registry = await fakeRegistry();
      await push(registry.host, '1.0.0');
      guarded(registry, challenge);
      const host = 'registry.test';
      const download: Download = async ({ url, ...asked }) => {
        if (url.startsWith('https:')) throw new SkillError('E_NETWORK', 'there is no HTTPS');
        return createDownload({ privateHosts: [registry.host], totalMs: 5_000 })({
          ...asked,
          url: url.replace(`http://${host}`, `http://${registry.host}`),
        });
      };
      const source = ociSource({ privateHosts: [host], env: dockerConfig(host) });
      const fetched = source.fetch(`oci://${host}/team/greet:1.0.0`, { cwd: root, temporary: root, download, signal });
      await fetched.catch((error: SkillError) =>
        expect(error).toMatchObject({ code: 'E_DENIED', hint: expect.stringContaining('no HTTPS') }),
      );
      expect(registry.authorized.filter((one) => one.startsWith('Basic'))).toEqual([]);
      expect(registry.asked.length).toBeGreaterThan(0);
    },
  );

  it('gives credentials to no other server than the registry', async () => {
    const registry = await fakeRegistry();
    const thief = await fakeRegistry();
    await push(registry.host, '1.0.0');
    guarded(registry, `Bearer realm="http://localhost:${thief.host.split(':')[1]}/token"`);
    const { download, env } = way(registry.host, dockerConfig(registry.host));
    const privateHosts = [registry.host, `localhost:${thief.host.split(':')[1]}`];
    const open = createDownload({ privateHosts, totalMs: 5_000 });
    void download;
    const request = `oci://${registry.host}/team/greet:1.0.0`;
    await expect(
      ociSource({ privateHosts, env }).fetch(request, { cwd: root, temporary: root, download: open, signal }),
    ).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
    expect(thief.authorized).toEqual([]);
  });

  it.each([
    ['Bearer realm="https://a/t",service="s",scope="x"', { scheme: 'bearer', realm: 'https://a/t', service: 's' }],
    ['bearer Realm="https://a/t"', { scheme: 'bearer', realm: 'https://a/t', service: undefined }],
    ['Basic realm="x"', { scheme: 'basic', realm: 'x', service: undefined }],
    ['Digest realm="x"', undefined],
    ['', undefined],
    ['Bearer', undefined],
  ])('understands the challenge %j', (header, wanted) => {
    expect(parseChallenge(header)).toEqual(wanted);
  });
});

const REGISTRY = '/usr/bin/docker-registry';
const hasRegistry = existsSync(REGISTRY);

describe('a real registry [only with docker-registry] [R-OCI-2]', () => {
  it.runIf(process.env['CI'] === 'true')('is there [only in CI]', () => {
    expect(hasRegistry).toBe(true);
  });

  it.skipIf(!hasRegistry)('takes what is pushed, gives it back, and others read it', async () => {
    const host = await startRegistry();
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const digest = await push(host, '1.0.0', { sign: (payload) => signCosign(payload, pem) });
    expect(await push(host, '1.0.0')).toBe(digest);
    const fetched = await fetch(host, `oci://${host}/team/greet:1.0.0`);
    expect(fetched).toMatchObject({ resolved: `oci://${host}/team/greet@${digest}`, signatures: [{ kind: 'cosign' }] });
    expect(pathsOf(await fetch(host, fetched.resolved))).toEqual(['knowledge/overview.md', 'skill.toml']);
    await expect(fetch(host, `oci://${host}/team/greet:2.0.0`)).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
    await expect(push(host, '1.0.0', { files: [...FILES, file('a.md', 'a')] })).rejects.toMatchObject({
      code: 'E_CONFLICT',
    });
    if (!existsSync('/usr/bin/skopeo')) return;
    const raw = execFileSync('skopeo', [
      'inspect',
      '--raw',
      '--tls-verify=false',
      `docker://${host}/team/greet:1.0.0`,
    ]).toString();
    expect(JSON.parse(raw)).toMatchObject({ artifactType: SKILL, layers: [{ mediaType: `${SKILL}.tar+gzip` }] });
    expect(sha256(raw)).toBe(digest);
  });
});

/** Debian's registry on a free port, with its files in a folder of this test. */
async function startRegistry(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const host = `127.0.0.1:${port}`;
  const config = join(root, 'registry.yml');
  writeFileSync(
    config,
    `version: 0.1\nlog: { level: error }\nstorage: { filesystem: { rootdirectory: ${join(root, 'registry')} } }\nhttp: { addr: '${host}' }\n`,
  );
  const child = spawn(REGISTRY, ['serve', config], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const download = createDownload({ privateHosts: [host], stallMs: 1_000 });
  for (let tries = 0; tries < 100; tries++) {
    try {
      await download({ url: `http://${host}/v2/`, most: 1_000, signal });
      return host;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error('the registry did not start');
}

describe('layers that are the same one again and again [R-OCI-4]', () => {
  it('are not unpacked beyond what an archive may hold', async () => {
    const line = (i: number): string => `${'a'.repeat(90)}${(i * 2_654_435_761) % 1_000_003}\n`;
    const text = Array.from({ length: 80_000 }, (_, i) => line(i)).join('');
    const archive = await packFiles([{ path: 'a', bytes: Buffer.from(text), executable: false }]);
    const layer = {
      mediaType: `${SKILL}.tar+gzip`,
      digest: `sha256:${'a'.repeat(64)}`,
      size: archive.length,
      annotations: new Map(),
    };
    let fetched = 0;
    const artifactOf = (times: number) => ({
      shown: 'oci://a/b',
      manifest: { layers: Array.from({ length: times }, () => layer) },
    });
    const most = Math.ceil(ARCHIVE_CEILINGS.bytes / text.length);
    const read = filesOf(artifactOf(3 * most) as unknown as Artifact, () => (fetched++, Promise.resolve(archive)));
    await expect(read).rejects.toThrow('unpacks to more than');
    expect(fetched).toBeLessThanOrEqual(most);
  });
});
