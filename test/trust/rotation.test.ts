import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { combineTrust, parseTrust, type SignatureFile, signStatement } from '../../src/trust/index.ts';
import { judge, minisignPair, refusalOf, STATEMENT } from './support.ts';
import { ISSUER, type SigstoreWorld, startSigstore, SUBJECT } from './sigstore-world.ts';

const hand = minisignPair();
const key = { name: 'by-hand', kind: 'minisign', key: hand.text };
const identity = { name: 'by-ci', issuer: ISSUER, subject: SUBJECT };
const previous = (signer: string) => ({ signer, verified: true, version: '1.1.0' });

type Inside = Partial<Record<SignatureFile, Uint8Array>>;
let world: SigstoreWorld;
let byHand: Inside;
let byCi: Inside;
beforeAll(async () => {
  world = await startSigstore();
  byHand = { 'skill.minisig': (await signStatement(STATEMENT, hand.secret)).bytes };
  byCi = { 'skill.sigstore.json': await world.sign(STATEMENT) };
});
afterAll(() => world.close());

const policyOf = (table: object, where = 'config.toml') =>
  parseTrust({ root: 'root.json', ...table }, where, () => world.root);

describe('a publisher who goes from a key to keyless signing', () => {
  const revoked = { ...key, revoked: '2026-05-01' };

  it('is followed when the identity replaces the key [R-TRUST-6]', async () => {
    const policy = policyOf({ keys: [revoked], identities: [{ ...identity, replaces: 'by-hand' }] });
    const verdict = await judge({ policy, inside: byCi, previous: previous('by-hand') });
    expect(verdict.signature).toEqual({ kind: 'sigstore', signer: 'by-ci', verified: true });
  });

  it('is another signer when nothing says so [R-TRUST-6]', async () => {
    const policy = policyOf({ keys: [revoked], identities: [identity] });
    const asked = { policy, inside: byCi, previous: previous('by-hand') };
    expect(await refusalOf(() => judge(asked))).toBe('E_DOWNGRADE signer_changed');
  });

  it('may not go back to the key [R-TRUST-5, R-TRUST-6]', async () => {
    const identities = [{ ...identity, replaces: 'by-hand' }];
    const asked = { inside: byHand, previous: previous('by-ci') };
    const kept = policyOf({ keys: [key], identities });
    expect(await refusalOf(() => judge({ ...asked, policy: kept }))).toBe('E_DOWNGRADE signer_changed');
    const gone = policyOf({ keys: [revoked], identities });
    expect(await refusalOf(() => judge({ ...asked, policy: gone }))).toBe('E_SIGNATURE key_revoked');
  });

  it('may come back to a key that replaces the identity [R-TRUST-6]', async () => {
    const policy = policyOf({ keys: [{ ...key, replaces: 'by-ci' }], identities: [identity] });
    const verdict = await judge({ policy, inside: byHand, previous: previous('by-ci') });
    expect(verdict.signature?.signer).toBe('by-hand');
  });

  it('is two signers while both sign, unless one replaces the other [R-TRUST-7]', async () => {
    const sources = [{ match: '*', require: 'signature', threshold: 2 }];
    const inside = { ...byHand, ...byCi };
    const apart = policyOf({ keys: [key], identities: [identity], sources });
    expect((await judge({ policy: apart, inside })).ok).toBe(true);
    const one = policyOf({ keys: [key], identities: [{ ...identity, replaces: 'by-hand' }], sources });
    expect(await refusalOf(() => judge({ policy: one, inside }))).toBe('E_SIGNATURE threshold_missed');
  });
});

describe('an identity of two policies', () => {
  it('revoked by the company stays so under any name and pattern of the user [R-TRUST-5, R-TRUST-8]', async () => {
    const long = new Date(Date.now() - 3_600_000).toISOString();
    const corp = policyOf({ identities: [{ ...identity, revoked: long }] }, 'corp.toml');
    for (const subject of [SUBJECT, SUBJECT.replace('aws', '*')]) {
      const user = policyOf(
        { require: 'signature', identities: [{ ...identity, name: 'mine', subject }] },
        'user.toml',
      );
      const asked = { policy: combineTrust(corp, user), inside: byCi };
      expect(await refusalOf(() => judge(asked))).toBe('E_SIGNATURE key_revoked');
    }
  });
});

describe('a policy as large as one may be', () => {
  it('finds the one signer among all [R-TRUST-4]', async () => {
    const strangers = Array.from({ length: 254 }, (_, index) => {
      const { publicKey } = generateKeyPairSync('ed25519');
      const text = publicKey.export({ format: 'pem', type: 'spki' }).toString();
      return { name: `stranger-${index}`, kind: 'cosign', key: text };
    });
    const pair = generateKeyPairSync('ed25519');
    const last = {
      name: 'last',
      kind: 'cosign',
      key: pair.publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    };
    const secret = pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const { file, bytes } = await signStatement(STATEMENT, secret);
    const policy = policyOf({ require: 'signature', keys: [...strangers, last, key] });
    expect((await judge({ policy, inside: { [file]: bytes } })).signature?.signer).toBe('last');
    expect(await refusalOf(() => policyOf({ keys: [...strangers, last, key, { ...key, name: 'more' }] }))).toBe(
      'E_USAGE trust.keys',
    );
  });
});
