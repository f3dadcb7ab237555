import { describe, expect, it } from 'vitest';
import { newKey, type SignatureFile, signStatement, statementOf } from '../../src/trust/index.ts';
import { FILES, judge, minisignPair, refusalOf, SIGNED, SOURCE } from './support.ts';

// The attacks that The Update Framework lists, by its names. The mirror is the attacker: it may answer with any package and
// any signature it has ever seen, and has no key. Each is refused, or there is nothing for it to work on.

const acme = minisignPair();
const mallory = newKey();
const trust = { require: 'signature', keys: [{ name: 'acme', kind: 'minisign', key: acme.text }] };
const previous = { signer: 'acme', verified: true, version: '1.2.0' };

type Package = { id: string; version: string; tree: string; inside: Partial<Record<SignatureFile, Uint8Array>> };

/** A package as its publisher made and signed it. */
async function publish(version: string, tree: string, { id = SIGNED.id, secret = acme.secret } = {}): Promise<Package> {
  const { file, bytes } = await signStatement(statementOf({ id, version, tree }), secret);
  return { id, version, tree, inside: { [file]: bytes } };
}
const treeOf = (letter: string): string => `sha256:${letter.repeat(64)}`;
/** What the client, which asked for an id and version and summed what came, makes of it. */
const install = (came: Package, asked: Partial<Package> = {}, rest = {}) =>
  refusalOf(() => judge({ trust, ...came, ...asked, ...rest }));

describe('a mirror that attacks', () => {
  it('with arbitrary software is refused, as it cannot sign [R-TRUST-13]', async () => {
    const forged = await publish('1.3.0', treeOf('e'), { secret: mallory.secret });
    expect(await install(forged)).toBe('E_SIGNATURE signature_missing');
    const real = await publish('1.3.0', treeOf('a'));
    expect(await install(real, { tree: treeOf('e') })).toBe('E_SIGNATURE signature_wrong');
    expect(await install({ ...real, inside: {} })).toBe('E_SIGNATURE signature_missing');
  });

  it('with endless data is refused before any of it is read [R-TRUST-13]', async () => {
    const real = await publish('1.3.0', treeOf('a'));
    for (const file of ['skill.minisig', 'skill.asc', 'skill.sigstore.json', 'skill.oms.sig'] as const) {
      const endless = { inside: { ...real.inside, [file]: Buffer.alloc(5_000_000) } };
      expect(await install(real, endless)).toBe('E_SIGNATURE signature_too_large');
    }
    const beside = Array.from({ length: 100_000 }, () => ({
      kind: 'gpg' as const,
      payload: new Uint8Array(),
      signature: new Uint8Array(),
    }));
    expect(await install(real, {}, { beside })).toBe('E_SIGNATURE signature_too_large');
  });

  it('with extraneous dependencies is refused, as they are in the manifest, which is signed [R-TRUST-13]', async () => {
    const real = await publish('1.3.0', treeOf('a'));
    expect(await install(real, { tree: treeOf('b') })).toBe('E_SIGNATURE signature_wrong');
  });

  it('with fast-forward is refused, as a version is signed [R-TRUST-13]', async () => {
    const real = await publish('1.3.0', treeOf('a'));
    expect(await install(real, { version: '9007199254740991.0.0' })).toBe('E_SIGNATURE signature_wrong');
  });

  it('with an indefinite freeze ends when the key does [R-TRUST-13]', async () => {
    const old = await publish('1.2.0', treeOf('a'));
    const expiring = { ...trust, keys: trust.keys.map((key) => ({ ...key, expires: '2026-12-31' })) };
    const asOf = (now: string) => install(old, {}, { trust: expiring, now: new Date(now) });
    expect(await asOf('2026-12-30T23:59:59Z')).toMatch('not refused');
    expect(await asOf('2026-12-31T00:00:00Z')).toBe('E_SIGNATURE key_expired');
  });

  it('as malicious mirror gets no further by coming under another name [R-TRUST-13]', async () => {
    const real = await publish('1.3.0', treeOf('a'));
    expect(await install({ ...real, inside: {} }, {}, { source: `${SOURCE}/mirror` })).toMatch('signature_missing');
    const rule = { match: 'github:acme/*', require: 'none' };
    const lax = { ...trust, sources: [rule] };
    const source = 'https://mirror.example/?github:acme/aws';
    expect(await install({ ...real, inside: {} }, {}, { trust: lax, source })).toMatch('signature_missing');
  });

  it('with mix-and-match is refused, as id, version and content are one [R-TRUST-13]', async () => {
    const [old, next] = [await publish('1.2.0', treeOf('a')), await publish('1.3.0', treeOf('b'))];
    const azure = await publish('1.3.0', treeOf('c'), { id: 'cloud.azure' });
    for (const [came, signature] of [
      [old, next],
      [next, old],
      [next, azure],
      [azure, next],
    ] as const) {
      expect(await install(came, { inside: signature.inside })).toBe('E_SIGNATURE signature_wrong');
    }
  });

  it('with rollback under the new number is refused, as is one to before signatures [R-TRUST-13]', async () => {
    const old = await publish('1.1.0', treeOf('a'));
    expect(await install(old, { version: '1.3.0' }, { previous })).toBe('E_SIGNATURE signature_wrong');
    const lax = { ...trust, require: 'none' };
    expect(await install({ ...old, inside: {} }, {}, { trust: lax, previous })).toBe('E_DOWNGRADE signature_removed');
  });

  it('with slow retrieval holds nothing up, as deciding waits for nobody [R-TRUST-13]', async () => {
    const real = await publish('1.3.0', treeOf('a'));
    const fetched = globalThis.fetch;
    globalThis.fetch = () => Promise.reject(new Error('the network was touched'));
    try {
      expect(await install(real, {}, { files: FILES })).toMatch('not refused');
    } finally {
      globalThis.fetch = fetched;
    }
  });

  it('with a stolen key is refused once it is revoked, and the threshold before [R-TRUST-13]', async () => {
    const stolen = await publish('1.3.0', treeOf('e'));
    const revoked = { ...trust, keys: trust.keys.map((key) => ({ ...key, revoked: '2026-05-01' })) };
    expect(await install(stolen, {}, { trust: revoked })).toBe('E_SIGNATURE key_revoked');
    const keys = [...trust.keys, { name: 'second', kind: 'minisign', key: minisignPair().text }];
    const two = { keys, sources: [{ match: '*', require: 'signature', threshold: 2 }] };
    expect(await install(stolen, {}, { trust: two })).toBe('E_SIGNATURE threshold_missed');
  });

  it('with the wrong software is refused, as an id is signed [R-TRUST-13]', async () => {
    const azure = await publish('1.3.0', treeOf('a'), { id: 'cloud.azure' });
    expect(await install(azure, { id: SIGNED.id })).toBe('E_SIGNATURE signature_wrong');
    const alike = await publish('1.3.0', treeOf('a'), { id: 'cloud.aws2' });
    expect(await install(alike, { id: SIGNED.id })).toBe('E_SIGNATURE signature_wrong');
  });
});
