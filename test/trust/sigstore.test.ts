import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { combineTrust, parseTrust, signStatement, statementOf } from '../../src/trust/index.ts';
import { judge, refusalOf, SIGNED, STATEMENT } from './support.ts';
import { ISSUER, type SigstoreWorld, startSigstore, SUBJECT } from './sigstore-world.ts';

let world: SigstoreWorld;
let elsewhere: SigstoreWorld;
let bundle: Uint8Array;
beforeAll(async () => {
  [world, elsewhere] = await Promise.all([startSigstore(), startSigstore()]);
  bundle = await world.sign(STATEMENT);
});
afterAll(() => Promise.all([world.close(), elsewhere.close()]));

type Changed = { issuer?: string; subject?: string; revoked?: string };
const policyOf = (changed: Changed = {}, root: Uint8Array | undefined = world.root) => {
  const identity = { name: 'release', issuer: ISSUER, subject: SUBJECT, ...changed };
  return parseTrust({ require: 'signature', root: 'root.json', identities: [identity] }, 'config.toml', () => root);
};
const verdict = (file: Uint8Array, policy = policyOf()) => judge({ policy, inside: { 'skill.sigstore.json': file } });

/** The bundle as data, changed. */
function edit(change: (json: Json) => void): Uint8Array {
  const json: Json = JSON.parse(new TextDecoder().decode(bundle));
  change(json);
  return Buffer.from(JSON.stringify(json));
}
// oxlint-disable-next-line typescript/no-explicit-any -- a bundle is reached into at every depth
type Json = any;
const certificateOf = (json: Json) => json.verificationMaterial.x509CertificateChain.certificates[0];

describe('a Sigstore bundle', () => {
  it('of a trusted identity is verified, without a network [R-TRUST-10]', async () => {
    const answer = await verdict(bundle);
    expect(answer.signature).toEqual({ kind: 'sigstore', signer: 'release', verified: true });
    expect(answer.steps.map(({ says }) => says).join('\n')).toContain(`"${SUBJECT}" of "${ISSUER}"`);
  });

  it.each([
    ['another issuer', { issuer: 'https://issuer.example/' }, false],
    ['an issuer with stars', { issuer: 'https://*' }, false],
    ['the end of the subject', { subject: '/acme/aws/.github/workflows/release.yml@refs/heads/main' }, false],
    ['the start of the subject', { subject: 'https://github.com/acme/aws' }, false],
    ['an expression', { subject: 'https://github.com/.*' }, false],
    ['other capitals', { subject: SUBJECT.replace('acme', 'Acme') }, false],
    ['a star for a repository', { subject: SUBJECT.replace('aws', '*') }, true],
    ['a star for part of a branch', { subject: SUBJECT.replace('main', 'm*n') }, true],
    ['a star for several parts', { subject: 'https://github.com/acme/*@refs/heads/main' }, false],
    ['stars for each part', { subject: 'https://github.com/*/*/*/*/*@*/*/*' }, true],
  ])('is held against an identity with %s [R-TRUST-10]', async (_, changed, isMeant) => {
    const outcome = await refusalOf(() => verdict(bundle, policyOf(changed)));
    expect(outcome).toMatch(isMeant ? /^not refused.*release/ : /^E_SIGNATURE signature_missing$/);
  });

  it.each([
    ['a branch that ends like the workflow', `https://github.com/acme/evil/.github/workflows/x.yml@a/release.yml@main`],
    ['a second address', 'mallory@evil.example@acme.example'],
  ])('is not let in by %s [R-TRUST-10]', async (_, subject) => {
    const file = await world.sign(STATEMENT, { subject });
    for (const pattern of ['https://github.com/acme/*/release.yml@main', '*@acme.example']) {
      const outcome = await refusalOf(() => verdict(file, policyOf({ subject: pattern })));
      expect(outcome).toBe('E_SIGNATURE signature_missing');
    }
  });

  it.each([
    ['id', { id: 'cloud.azure' }],
    ['version', { version: '1.2.1' }],
    ['content', { tree: `sha256:${'b2'.repeat(32)}` }],
  ])('of another %s is refused, whatever is required [R-TRUST-1, R-TRUST-3]', async (_, moved) => {
    const file = await world.sign(statementOf({ ...SIGNED, ...moved }));
    expect(await refusalOf(() => verdict(file))).toBe('E_SIGNATURE signature_wrong');
    const lax = { layers: policyOf().layers.map((layer) => ({ ...layer, require: 'none' as const })) };
    expect(await refusalOf(() => verdict(file, lax))).toBe('E_SIGNATURE signature_wrong');
  });

  it('of another world is by nobody who is known [R-TRUST-4]', async () => {
    const file = await elsewhere.sign(STATEMENT);
    expect(await refusalOf(() => verdict(file))).toBe('E_SIGNATURE signature_missing');
  });

  it('is by nobody where there is no trust root [R-TRUST-4]', async () => {
    const identity = { name: 'release', issuer: ISSUER, subject: SUBJECT };
    const policy = parseTrust({ identities: [identity] }, 'config.toml');
    expect((await verdict(bundle, policy)).signature).toBeUndefined();
  });

  it.each([
    ['no JSON', () => Buffer.from('{'), 'signature_malformed'],
    ['a list', () => Buffer.from('[]'), 'algorithm_unknown'],
    ['null', () => Buffer.from('null'), 'algorithm_unknown'],
    ['JSON that nests forever', () => Buffer.from('['.repeat(200_000)), 'signature_malformed'],
    ['over its size', () => Buffer.alloc(300_000, 32), 'signature_too_large'],
    [
      'of a later version',
      () => edit((json) => (json.mediaType = json.mediaType.replace(/0\.\d/, '0.9'))),
      'algorithm_unknown',
    ],
    ['without a log entry', () => edit((json) => (json.verificationMaterial.tlogEntries = [])), 'signature_wrong'],
    [
      'with log entries without end',
      () =>
        edit(({ verificationMaterial: of }) => (of.tlogEntries = Array.from({ length: 9 }, () => of.tlogEntries[0]))),
      'signature_malformed',
    ],
    [
      'with its entry twice',
      () => edit(({ verificationMaterial: of }) => of.tlogEntries.push(of.tlogEntries[0])),
      'signature_wrong',
    ],
    [
      'logged at another time',
      () => edit(({ verificationMaterial: of }) => (of.tlogEntries[0].integratedTime = '1700000000')),
      'signature_wrong',
    ],
    [
      'with another log entry',
      () => edit(({ verificationMaterial: of }) => (of.tlogEntries[0].canonicalizedBody = 'e30=')),
      'signature_wrong',
    ],
    [
      'without the promise of its log',
      () => edit(({ verificationMaterial: of }) => delete of.tlogEntries[0].inclusionPromise),
      'signature_wrong',
    ],
    ['without a certificate', () => edit((json) => (certificateOf(json).rawBytes = 'AAAA')), 'signature_malformed'],
    ['without a signature', () => edit((json) => delete json.messageSignature), 'signature_malformed'],
    [
      'with a signature of nothing',
      () => edit((json) => (json.messageSignature.signature = 'MAYCAQACAQA=')),
      'signature_wrong',
    ],
    [
      'of another sum',
      () => edit((json) => (json.messageSignature.messageDigest.algorithm = 'SHA2_512')),
      'algorithm_unknown',
    ],
    [
      'of an unspecified sum',
      () => edit((json) => delete json.messageSignature.messageDigest.algorithm),
      'algorithm_unknown',
    ],
    [
      'with another digest',
      () => edit((json) => (json.messageSignature.messageDigest.digest = 'AAAA')),
      'signature_wrong',
    ],
  ])('that is %s is refused [R-TRUST-3, R-TRUST-12]', async (_, write, reason) => {
    expect(await refusalOf(() => verdict(write()))).toBe(`E_SIGNATURE ${reason}`);
  });

  it('with its certificate taken from another signature is refused [R-TRUST-12]', async () => {
    const other: Json = JSON.parse(new TextDecoder().decode(await world.sign(Buffer.from('other'))));
    const swapped = edit((json) => (certificateOf(json).rawBytes = certificateOf(other).rawBytes));
    expect(await refusalOf(() => verdict(swapped))).toBe('E_SIGNATURE signature_wrong');
  });

  it('with bits flipped is refused, or says the same [R-TRUST-12]', async () => {
    const flip = fc.tuple(fc.nat({ max: bundle.length - 1 }), fc.nat({ max: 7 }));
    await fc.assert(
      fc.asyncProperty(flip, async ([at, bit]) => {
        const flipped = Buffer.from(bundle);
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
        expect(await refusalOf(() => verdict(flipped))).toMatch(/^E_SIGNATURE|^not refused.*"signer":"release"/);
      }),
      { numRuns: 150 },
    );
  });

  it('cut anywhere is refused [R-TRUST-12]', async () => {
    for (let end = 0; end < bundle.length; end += 37) {
      expect(await refusalOf(() => verdict(bundle.subarray(0, end)))).toBe('E_SIGNATURE signature_malformed');
    }
  });

  it('signed before its identity was revoked stays good, and one after does not [R-TRUST-5]', async () => {
    const [before, after] = [-3_600_000, 3_600_000].map((ms) => new Date(Date.now() + ms).toISOString());
    expect((await verdict(bundle, policyOf({ revoked: after ?? '' }))).signature?.signer).toBe('release');
    expect(await refusalOf(() => verdict(bundle, policyOf({ revoked: before ?? '' })))).toBe('E_SIGNATURE key_revoked');
  });

  it('has its time from an authority where the log promises none, and never from itself [R-TRUST-5]', async () => {
    const stamped = await world.stamp(STATEMENT);
    const [before, after] = [-3_600_000, 3_600_000].map((ms) => new Date(Date.now() + ms).toISOString());
    for (const claimed of ['1700000000', '99999999999', 'soon', '1e999', '0']) {
      const json: Json = JSON.parse(new TextDecoder().decode(stamped));
      delete json.verificationMaterial.tlogEntries[0].inclusionPromise;
      json.verificationMaterial.tlogEntries[0].integratedTime = claimed;
      const file = Buffer.from(JSON.stringify(json));
      expect((await verdict(file, policyOf({ revoked: after ?? '' }))).signature?.signer).toBe('release');
      expect(await refusalOf(() => verdict(file, policyOf({ revoked: before ?? '' })))).toBe('E_SIGNATURE key_revoked');
    }
  });

  it('is held against the root of its own layer, so that a user cannot bring one for the company [R-TRUST-8]', async () => {
    const forged = await elsewhere.sign(STATEMENT);
    const corp = policyOf();
    const user = parseTrust({ root: 'root.json' }, 'user.toml', () => elsewhere.root);
    expect(await refusalOf(() => verdict(forged, combineTrust(corp, user)))).toBe('E_SIGNATURE signature_missing');
    // The other way round the user may build upon the root of the company.
    const own = { name: 'mine', issuer: ISSUER, subject: SUBJECT };
    const rule = { match: '*', require: 'signature', signers: ['mine'] };
    const upon = parseTrust({ identities: [own], sources: [rule] }, 'user.toml');
    expect((await verdict(bundle, combineTrust(corp, upon))).signature?.signer).toBe('release');
  });

  it.each([
    ['no JSON', Buffer.from('x')],
    ['an empty one', Buffer.from('{}')],
    [
      'one whose certificate is none',
      Buffer.from('{"certificateAuthorities":[{"certChain":{"certificates":[{"rawBytes":"AAAA"}]}}]}'),
    ],
  ])('under a root that is %s is a mistake of the policy [R-TRUST-9]', async (_, root) => {
    expect(await refusalOf(() => verdict(bundle, policyOf({}, root)))).toBe('E_USAGE trust.root');
  });
});

describe('a Sigstore bundle that a plain key signed', () => {
  const pair = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const key = pair.publicKey.export({ format: 'pem', type: 'spki' }).toString();
  const secret = pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const trust = { require: 'signature', keys: [{ name: 'acme', kind: 'cosign', key }] };
  const rename = async (hint: string, statement = STATEMENT) => {
    const json: Json = JSON.parse(new TextDecoder().decode((await signStatement(statement, secret)).bytes));
    json.verificationMaterial.publicKey.hint = hint;
    return judge({ trust, inside: { 'skill.sigstore.json': Buffer.from(JSON.stringify(json)) } });
  };

  it.each(['', 'acme', '0'.repeat(64)])('is found whatever name %j it has for the key', async (hint) => {
    expect((await rename(hint)).signature?.signer).toBe('acme');
  });

  it('over something else is by nobody, unless it names the key [R-TRUST-3, R-TRUST-4]', async () => {
    const other = statementOf({ ...SIGNED, version: '9.9.9' });
    expect(await refusalOf(() => rename('', other))).toBe('E_SIGNATURE signature_missing');
    const { fingerprintsOf } = await import('../../src/trust/sigstore/verify-bundle.ts');
    const [entry] = parseTrust(trust, 'config.toml').layers[0]?.keys ?? [];
    const names = entry === undefined ? [] : fingerprintsOf(entry);
    expect(names).toHaveLength(3);
    for (const name of names) {
      expect(await refusalOf(() => rename(name, other))).toBe('E_SIGNATURE signature_wrong');
    }
  });
});
