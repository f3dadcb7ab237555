import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseTrust } from '../../src/trust/index.ts';
import { judge, refusalOf, sha256 } from './support.ts';
import { envelopWith, ISSUER, type SigstoreWorld, startSigstore, SUBJECT } from './sigstore-world.ts';

const TYPE = 'application/vnd.in-toto+json';
const SIGNED = 'https://sigstore.dev/cosign/sign/v1';
const manifest = Buffer.from('{"schemaVersion":2}');
const source = `oci://host.example/aws@sha256:${sha256(manifest)}`;

const pair = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const key = pair.publicKey.export({ format: 'pem', type: 'spki' }).toString();
const trust = { require: 'signature', keys: [{ name: 'acme', kind: 'cosign', key }] };

/** What cosign states of a manifest. */
const stateOf = (digest: unknown = sha256(manifest), more: object = {}) => ({
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ name: '', digest: { sha256: digest } }],
  predicateType: SIGNED,
  predicate: {},
  ...more,
});
const envelop = (statement: unknown, type = TYPE) =>
  envelopWith(pair.privateKey, Buffer.from(JSON.stringify(statement)), type);
const ask = (signature: Uint8Array, require = 'signature') =>
  judge({ trust: { ...trust, require }, source, beside: [{ kind: 'sigstore', payload: manifest, signature }] });

describe('an envelope of cosign beside a package', () => {
  it('signs the manifest whose sum it names [R-TRUST-1]', async () => {
    expect((await ask(envelop(stateOf()))).signature).toEqual({ kind: 'sigstore', signer: 'acme', verified: true });
  });

  it.each([
    ['another manifest', stateOf(sha256(Buffer.from('other'))), 'signature_wrong'],
    ['a sum in capitals', stateOf(sha256(manifest).toUpperCase()), 'signature_wrong'],
    ['no sum', stateOf(null), 'signature_wrong'],
    ['a list of sums', stateOf([sha256(manifest)]), 'signature_wrong'],
    ['nothing', stateOf('', { subject: [] }), 'signature_wrong'],
    ['two manifests', stateOf('', { subject: [...stateOf().subject, ...stateOf().subject] }), 'signature_wrong'],
    [
      'by an older statement',
      stateOf(sha256(manifest), { _type: 'https://in-toto.io/Statement/v0.1' }),
      'algorithm_unknown',
    ],
    ['by null', null, 'algorithm_unknown'],
  ])('that names %s is refused, whatever is required [R-TRUST-1, R-TRUST-3]', async (_, statement, reason) => {
    for (const require of ['none', 'signature']) {
      expect(await refusalOf(() => ask(envelop(statement), require))).toBe(`E_SIGNATURE ${reason}`);
    }
  });

  it('of another type is refused [R-TRUST-3]', async () => {
    expect(await refusalOf(() => ask(envelop(stateOf(), 'text/plain')))).toBe('E_SIGNATURE algorithm_unknown');
  });

  it.each(['https://slsa.dev/provenance/v1', 'https://spdx.dev/Document', '', 7])(
    'that attests %j is no signature, and is passed over [R-TRUST-4]',
    async (predicateType) => {
      const signature = envelop(stateOf(sha256(manifest), { predicateType }));
      expect(await refusalOf(() => ask(signature))).toBe('E_SIGNATURE signature_missing');
      const answer = await ask(signature, 'none');
      expect(answer.signature).toBeUndefined();
      expect(answer.steps[0]?.says).toBe(
        'The sigstore signature beside the package attests something, and is no signature.',
      );
    },
  );
});

describe('an envelope of cosign with a certificate', () => {
  let world: SigstoreWorld;
  beforeAll(async () => {
    world = await startSigstore();
  });
  afterAll(() => world.close());

  it('signs the manifest whose sum it names, and no other [R-TRUST-10]', async () => {
    const identity = { name: 'release', issuer: ISSUER, subject: SUBJECT };
    const table = { require: 'signature', root: 'root.json', identities: [identity] };
    const policy = parseTrust(table, 'corp.toml', () => world.root);
    const signature = await world.envelop(Buffer.from(JSON.stringify(stateOf())), TYPE);
    const verdict = (payload: Uint8Array) => {
      const pinned = `oci://host.example/aws@sha256:${sha256(payload)}`;
      return judge({ policy, source: pinned, beside: [{ kind: 'sigstore', payload, signature }] });
    };
    expect((await verdict(manifest)).signature).toEqual({ kind: 'sigstore', signer: 'release', verified: true });
    expect(await refusalOf(() => verdict(Buffer.from('other')))).toBe('E_SIGNATURE signature_wrong');
  });
});
